import { readFileSync } from 'node:fs';

/*
 * In place of the client of DynamoDB in the bundle that is measured warm: it answers in the process and at once, from
 * items that were read from the real table, so that what is measured has neither the SDK nor a connection in it.
 */

type Value = { readonly S?: string };
type Item = Readonly<Record<string, Value>>;
type Keys = { readonly Keys: readonly Item[] };

const items = JSON.parse(readFileSync(process.env.BENCH_ITEMS ?? '', 'utf8')) as readonly Item[];
const byKey = new Map(items.map((item) => [nameOf(item), item]));

function nameOf({ pk, sk }: Item): string {
  return `${pk?.S} ${sk?.S}`;
}

class Command<I> {
  readonly input: I;
  constructor(input: I) {
    this.input = input;
  }
}

export class GetItemCommand extends Command<{ readonly Key: Item }> {
  answer() {
    return { Item: byKey.get(nameOf(this.input.Key)) };
  }
}

export class BatchGetItemCommand extends Command<{ readonly RequestItems: Readonly<Record<string, Keys>> }> {
  answer() {
    const found = Object.entries(this.input.RequestItems).map(([table, { Keys }]) => [
      table,
      Keys.flatMap((key) => byKey.get(nameOf(key)) ?? []),
    ]);
    return { Responses: Object.fromEntries(found) };
  }
}

export class QueryCommand extends Command<{ readonly ExpressionAttributeValues: Item }> {
  answer() {
    const pk = this.input.ExpressionAttributeValues[':pk']?.S;
    return { Items: items.filter((item) => item.pk?.S === pk) };
  }
}

/** A write is taken and forgotten. */
class Write extends Command<object> {
  answer() {
    return {};
  }
}

export class PutItemCommand extends Write {}
export class UpdateItemCommand extends Write {}
export class DeleteItemCommand extends Write {}
export class TransactWriteItemsCommand extends Write {}
export class ConditionalCheckFailedException extends Error {}
export class TransactionCanceledException extends Error {}

export class DynamoDBClient {
  async send(command: { readonly answer: () => object }): Promise<object> {
    return command.answer();
  }
}

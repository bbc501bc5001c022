import { readFileSync } from 'node:fs';

/*
 * In place of the door to DynamoDB in the bundle that is measured warm: it answers in the process and at once, from items
 * that were read from the real table, so that what is measured has neither a signature nor a connection in it.
 */

type Value = { readonly S?: string };
type Item = Readonly<Record<string, Value>>;
type Keys = { readonly Keys: readonly Item[] };
type Input = {
  readonly Key?: Item;
  readonly RequestItems?: Readonly<Record<string, Keys>>;
  readonly ExpressionAttributeValues?: Item;
};

const items = JSON.parse(readFileSync(process.env.BENCH_ITEMS ?? '', 'utf8')) as readonly Item[];
const byKey = new Map(items.map((item) => [nameOf(item), item]));

function nameOf({ pk, sk }: Item): string {
  return `${pk?.S} ${sk?.S}`;
}

/** What is asked for; a write is taken and forgotten. */
export async function dynamoDb(operation: string, input: Input): Promise<object> {
  switch (operation) {
    case 'GetItem':
      return { Item: byKey.get(nameOf(input.Key ?? {})) };
    case 'BatchGetItem':
      return { Responses: found(input.RequestItems ?? {}) };
    case 'Query':
      return { Items: items.filter((item) => item.pk?.S === input.ExpressionAttributeValues?.[':pk']?.S) };
    default:
      return {};
  }
}

function found(asked: Readonly<Record<string, Keys>>): object {
  const tables = Object.entries(asked).map(([table, { Keys }]) => [
    table,
    Keys.flatMap((key) => byKey.get(nameOf(key)) ?? []),
  ]);
  return Object.fromEntries(tables);
}

export const failedCondition = () => undefined;
export const cancellationReasons = () => undefined;

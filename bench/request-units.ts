import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { bytesOf, type Item, readUnits, writeUnits } from './units.ts';
import type { WireCall } from './wire.ts';

/** The units that calls to the table consume. */
export type RequestUnits = { readonly reads: number; readonly writes: number };

type Named = { readonly TableName: string; readonly Key?: Item; readonly Item?: Item };
type Transaction = { readonly TransactItems: readonly Readonly<Record<string, Named>>[] };

/** Sizes the items that calls write, before and after, in the table itself: the wire does not tell. */
export class Sizes {
  readonly #client: DynamoDBClient;
  readonly #before = new Map<string, number[]>();

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  /** To be called before a call goes through. */
  async note(operation: string, request: string): Promise<void> {
    const written = writesOf(operation, request);
    if (written.length > 0) this.#before.set(request, await Promise.all(written.map((one) => this.#size(one))));
  }

  /** The units of a call that has gone through. A failed condition costs what the write would have. */
  async unitsOf({ operation, request, response }: WireCall): Promise<RequestUnits> {
    const written = writesOf(operation, request);
    if (written.length === 0) return { reads: readsOf(operation, request, response), writes: 0 };
    const before = this.#before.get(request) ?? [];
    const after = await Promise.all(written.map((one) => this.#size(one)));
    const isInTransaction = operation === 'TransactWriteItems';
    const units = written.map((_, index) => writeUnits(before[index] ?? 0, after[index] ?? 0, isInTransaction));
    return { reads: 0, writes: units.reduce((sum, one) => sum + one, 0) };
  }

  async #size({ TableName, Key, Item }: Named): Promise<number> {
    const { pk, sk } = (Key ?? Item ?? {}) as { readonly pk: { S: string }; readonly sk: { S: string } };
    const found = await this.#client.send(new GetItemCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));
    return found.Item ? bytesOf(found.Item as unknown as Item) : 0;
  }
}

function writesOf(operation: string, request: string): readonly Named[] {
  if (operation === 'TransactWriteItems') {
    return (JSON.parse(request) as Transaction).TransactItems.flatMap((one) => Object.values(one));
  }
  return /^(Put|Update|Delete)Item$/.test(operation) ? [JSON.parse(request) as Named] : [];
}

/** Each item of a batch is rounded by itself, the items of a query together. All our reads are consistent. */
function readsOf(operation: string, request: string, response: string): number {
  const answer = JSON.parse(response) as {
    readonly Item?: Item;
    readonly Items?: readonly Item[];
    readonly Responses?: Readonly<Record<string, readonly Item[]>>;
  };
  if (operation === 'GetItem') return readUnits(answer.Item ? bytesOf(answer.Item) : 0);
  if (operation === 'Query') return readUnits((answer.Items ?? []).reduce((sum, item) => sum + bytesOf(item), 0));
  if (operation !== 'BatchGetItem') throw new Error(`${operation} has no known cost`);
  const { RequestItems } = JSON.parse(request) as {
    readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
  };
  const asked = Object.values(RequestItems).reduce((sum, { Keys }) => sum + Keys.length, 0);
  const found = Object.values(answer.Responses ?? {}).flat();
  return found.reduce((sum, item) => sum + readUnits(bytesOf(item)), 0) + asked - found.length;
}

import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  cancellationReasons,
  dynamoDb,
  failedCondition,
  type TransactWriteItem,
} from '#core/aws/dynamodb.ts';
import { env } from '#core/env.ts';
import { marshall, unmarshall } from './attributes.ts';
import { pause, reach, unavailable } from './reach.ts';

const TableName = env('TABLE_NAME');
const MOST_BATCHES = 5;

/** Where an item is. */
export type Key = { readonly pk: string; readonly sk: string };

/** A key that says what is found there, and where the same is if it is not. */
export type Lookup<T> = Key & { readonly finds?: T; readonly orElse?: Lookup<T> };

type Found<L> = L extends Lookup<infer T> ? T | undefined : never;
type Item = Readonly<Record<string, unknown>>;
type MarshalledItem = Record<string, AttributeValue>;

/** A change to one item, and the condition on which it is made, so that a lost race shows. */
export type Change = { readonly change: string; readonly condition: string; readonly values: Item };

/** A part of a transaction. What is put must not be there yet. */
export type Write =
  | (Key & { readonly put: Item })
  | (Key & Change)
  | (Key & { readonly remove: true; readonly condition: string; readonly values?: Item })
  | (Key & { readonly require: string; readonly values?: Item });

/** A write that removes nothing. What a change does to what was there, `isAddition` says. */
export type Addition = Exclude<Write, { readonly remove: true }>;

/** What became of a conditional write. A lost race is an outcome: it shows the item that was in the way. */
export type Outcome<T> = { readonly done: true; readonly item: T } | { readonly done: false; readonly item?: T };

/** Finds one item, as of now. */
export async function find<T>(lookup: Lookup<T>, now: number): Promise<T | undefined> {
  const { Item } = await reach(() => dynamoDb('GetItem', { TableName, Key: keyOf(lookup), ConsistentRead: true }));
  const found = living<T>(Item && unmarshall(Item), now);
  return found ?? (lookup.orElse && find(lookup.orElse, now));
}

/** Finds several items in one round trip, as of now, in the order in which they are named. */
export async function findAll<const L extends readonly Lookup<unknown>[]>(
  lookups: L,
  now: number,
): Promise<{ -readonly [I in keyof L]: Found<L[I]> }> {
  const items = (await readAll(lookups.map(keyOf))).map((item) => unmarshall(item));
  const found = lookups.map(({ pk, sk, orElse }) => {
    const item = items.find((candidate) => candidate.pk === pk && candidate.sk === sk);
    return living<unknown>(item, now) ?? (orElse && findAll([orElse], now).then(([elsewhere]) => elsewhere));
  });
  return (await Promise.all(found)) as { -readonly [I in keyof L]: Found<L[I]> };
}

/** A busy table may leave keys of a batch unread; those are asked for again. */
async function readAll(keys: MarshalledItem[], batch = 1): Promise<MarshalledItem[]> {
  const { Responses, UnprocessedKeys } = await reach(() =>
    dynamoDb('BatchGetItem', { RequestItems: { [TableName]: { Keys: keys, ConsistentRead: true } } }),
  );
  const items = Responses?.[TableName] ?? [];
  const unread = UnprocessedKeys?.[TableName]?.Keys ?? [];
  if (unread.length === 0) return items;
  if (batch >= MOST_BATCHES) throw unavailable('BatchGetItem left keys unread');
  await pause(batch);
  return [...items, ...(await readAll(unread, batch + 1))];
}

/** Deletion of expired items lags by days, so an item whose time is over is not there. */
function living<T>(item: Item | undefined, now: number): T | undefined {
  const isOver = typeof item?.ttl === 'number' && item.ttl <= now;
  return isOver ? undefined : (item as T | undefined);
}

type Page = {
  readonly after?: string | undefined;
  /** What the sort keys begin with. */
  readonly prefix?: string;
  readonly most: number;
  readonly backwards?: true;
  /** Leaves out what has expired by then. */
  readonly now?: number;
};

/**
 * A page of the items of a partition in the order of their sort keys, or backwards, and where the next page starts, if
 * there is one. It holds no more than 1 MB.
 */
export async function query<T>(
  pk: string,
  { after, most, prefix, backwards, now = 0 }: Page,
): Promise<{ readonly items: readonly T[]; readonly next: string | undefined }> {
  const { Items = [], LastEvaluatedKey } = await reach(() =>
    dynamoDb('Query', {
      TableName,
      KeyConditionExpression: prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':prefix': prefix }),
      ...(after === undefined ? {} : { ExclusiveStartKey: marshall({ pk, sk: after }) }),
      ...(backwards && { ScanIndexForward: false }),
      Limit: most,
      ConsistentRead: true,
    }),
  );
  const items = Items.flatMap((item) => living<T>(unmarshall(item), now) ?? []);
  return { items, next: LastEvaluatedKey?.sk?.S };
}

/**
 * Adds an item under an id that we have just made. If it is there already, it is this very item: the answer to an
 * earlier try was lost.
 */
export async function add(write: Key & { readonly put: Item }): Promise<void> {
  try {
    await putNew(write);
  } catch (error) {
    if (!failedCondition(error)) throw error;
  }
}

async function putNew({ pk, sk, put }: Key & { readonly put: Item }): Promise<void> {
  await reach(() =>
    dynamoDb('PutItem', { TableName, Item: marshall({ ...put, pk, sk }), ConditionExpression: ABSENT }),
  );
}

/** Removes an item, if it is there. */
export async function remove(key: Key): Promise<void> {
  await reach(() => dynamoDb('DeleteItem', { TableName, Key: keyOf(key) }));
}

/** Changes one item if the condition holds. */
export async function change<T>(lookup: Lookup<T>, { change, condition, values }: Change): Promise<Outcome<T>> {
  try {
    const { Attributes = {} } = await reach(() =>
      dynamoDb('UpdateItem', {
        TableName,
        Key: keyOf(lookup),
        UpdateExpression: change,
        ConditionExpression: condition,
        ExpressionAttributeValues: marshall(values),
        ...attributeNames(change, condition),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { done: true, item: unmarshall(Attributes) as T };
  } catch (error) {
    const failed = failedCondition(error);
    if (!failed) throw error;
    return lost<T>(failed.Item);
  }
}

type Commitment = { readonly done: true } | { readonly done: false; readonly failed: number; readonly item?: Item };

/** Makes all the writes or none. A write whose condition fails is an outcome; the first such one is told. */
export async function commit(writes: readonly Write[]): Promise<Commitment> {
  const [only, ...others] = writes;
  if (only && 'put' in only && others.length === 0) return commitAlone(only);
  // One token for all tries: a try that seemed to fail may have been made, or may still be under way.
  const transaction = { TransactItems: writes.map(toTransactItem), ClientRequestToken: randomUUID() };
  try {
    await reach(() => dynamoDb('TransactWriteItems', transaction));
    return { done: true };
  } catch (error) {
    const reasons = cancellationReasons(error) ?? [];
    const failed = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
    if (failed < 0) throw error;
    return { ...lost<Item>(reasons[failed]?.Item), failed };
  }
}

/** A transaction of one write would cost twice what the write does. */
async function commitAlone(write: Key & { readonly put: Item }): Promise<Commitment> {
  try {
    await putNew(write);
    return { done: true };
  } catch (error) {
    if (!failedCondition(error)) throw error;
    return { done: false, failed: 0 };
  }
}

function lost<T>(item: MarshalledItem | undefined): { readonly done: false; readonly item?: T } {
  return item ? { done: false, item: unmarshall(item) as T } : { done: false };
}

/** A condition that always holds: for a removal that need not find anything. */
export const ALWAYS = 'attribute_exists(pk) OR attribute_not_exists(pk)';

const ABSENT = 'attribute_not_exists(pk)';
const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';

function toTransactItem(write: Write): TransactWriteItem {
  const { pk, sk } = write;
  const Key = keyOf(write);
  if ('put' in write) {
    const Item = marshall({ ...write.put, pk, sk });
    return { Put: { TableName, Item, ConditionExpression: ABSENT, ReturnValuesOnConditionCheckFailure } };
  }
  const values = write.values ? { ExpressionAttributeValues: marshall(write.values) } : {};
  const shared = { TableName, Key, ReturnValuesOnConditionCheckFailure, ...values } as const;
  if ('require' in write) {
    return { ConditionCheck: { ...shared, ConditionExpression: write.require, ...attributeNames(write.require) } };
  }
  if ('remove' in write) {
    return { Delete: { ...shared, ConditionExpression: write.condition, ...attributeNames(write.condition) } };
  }
  const { change: UpdateExpression, condition: ConditionExpression } = write;
  return {
    Update: {
      ...shared,
      UpdateExpression,
      ConditionExpression,
      ...attributeNames(UpdateExpression, ConditionExpression),
    },
  };
}

/** An attribute whose name DynamoDB keeps for itself, such as `ttl`, stands in expressions as `#ttl`. */
function attributeNames(...expressions: readonly string[]): { ExpressionAttributeNames?: Record<string, string> } {
  const names = [...new Set(expressions.join(' ').match(/#\w+/g))];
  return names.length === 0
    ? {}
    : { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) };
}

function keyOf({ pk, sk }: Key): MarshalledItem {
  return marshall({ pk, sk });
}

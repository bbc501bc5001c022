import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as sdkItems from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { marshall, unmarshall } from '#core/store/attributes.ts';
import { Children } from '../../local/children.ts';
import { startDynamoDb } from '../../local/services/dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-differential-'));
const children = new Children(join(folder, 'pids'));
const bytes = fc.uint8Array({ maxLength: 12 });

/** What can be stored, with what an item of the product never has as well: sets, bytes and whole numbers beyond 2^53. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.oneof(fc.integer(), fc.double({ min: -1e15, max: 1e15, noNaN: true }).map(short), fc.maxSafeInteger()),
    fc.boolean(),
    fc.constant(null),
    bytes,
    fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }).map((members) => new Set(members)),
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 3 }).map((members) => new Set(members)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name(), tie('value'), { maxKeys: 3 }),
  ),
}));
const item = fc.dictionary(name(), fc.oneof({ weight: 6, arbitrary: value }, fc.constant(undefined)), { maxKeys: 5 });

function name() {
  // `__proto__` is a name like any other to us, and lost by the SDK.
  return fc.string({ minLength: 1, maxLength: 6 }).filter((text) => text !== '__proto__');
}

/** DynamoDB keeps 38 digits, from 1e-130 on. */
function short(number: number): number {
  return Number(number.toFixed(6));
}

/** The form on the wire of what the SDK takes or gives: bytes in Base64. */
function onWire(given: unknown): unknown {
  if (given instanceof Uint8Array) return Buffer.from(given).toString('base64');
  if (Array.isArray(given)) return given.map(onWire);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, member]) => [key, onWire(member)]));
}

describe('an item', () => {
  test('has the attributes that the SDK gives it, and comes back as the SDK reads it', () => {
    void fc.assert(
      fc.property(item, (given) => {
        const theirs = sdkItems.marshall(given, { removeUndefinedValues: true });
        const ours = marshall(given);
        expect(ours).toEqual(onWire(theirs));
        expect(unmarshall(ours)).toEqual(sdkItems.unmarshall(theirs));
      }),
      { numRuns: 1_000 },
    );
  });

  test.for([
    ['not a number', Number.NaN],
    ['without end', Number.POSITIVE_INFINITY],
    ['not exact', 2 ** 53],
    ['an empty set', new Set()],
    ['a date', new Date(0)],
    ['a symbol', Symbol('s')],
    ['in a set of maps', new Set([{}])],
  ])('is refused by both when a value is %s', ([, given]) => {
    expect(() => marshall({ given })).toThrow();
    expect(() => sdkItems.marshall({ given }, { removeUndefinedValues: true })).toThrow();
  });

  test('may come from JSON with any name', () => {
    const given = JSON.parse('{"document":{"__proto__":{"a":1},"constructor":"c"}}');
    expect(JSON.stringify(unmarshall(marshall(given)))).toBe(JSON.stringify(given));
  });
});

describe('the same thousand requests through both clients', () => {
  let sdk: DynamoDBClient;
  let dynamoDb: (operation: never, input: never) => Promise<object>;

  beforeAll(async () => {
    const endpoint = await startDynamoDb(join(folder, 'data'), children);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint);
    ({ dynamoDb } = await import('#core/aws/dynamodb.ts'));
    sdk = new DynamoDBClient({});
    for (const TableName of ['ours', 'theirs']) {
      const names = ['pk', 'sk'] as const;
      await sdk.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          KeySchema: names.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
        }),
      );
    }
  });
  afterEach(() => vi.useRealTimers());
  afterAll(async () => {
    vi.unstubAllEnvs();
    sdk.destroy();
    await children.end();
    rmSync(folder, { recursive: true });
  });

  const attributes = item.map((given) => sdkItems.marshall(given, { removeUndefinedValues: true }));
  const key = fc.record({
    pk: fc.record({ S: fc.constantFrom('a', 'b', 'é') }),
    // An empty key is refused.
    sk: fc.record({ S: fc.constantFrom('1', '2', '1', '2', '') }),
  });
  const condition = fc.constantFrom('attribute_not_exists(pk)', 'attribute_exists(pk)', 'attribute_exists(', 'n < :n');
  const change = fc.constantFrom('SET n = if_not_exists(n, :n) + :n', 'REMOVE n', 'ADD #ttl :n', 'SET pk = :n');
  const returned = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

  const put = fc
    .tuple(key, attributes, condition)
    .map(([at, more, ConditionExpression]) => ({ Item: { ...more, ...at }, ConditionExpression, ...returned }))
    .map(withValues);
  const update = fc
    .tuple(key, change, condition)
    .map(([Key, UpdateExpression, ConditionExpression]) => ({
      Key,
      UpdateExpression,
      ConditionExpression,
      ...returned,
    }))
    .map(withValues);
  const removal = fc
    .tuple(key, condition)
    .map(([Key, ConditionExpression]) => ({ Key, ConditionExpression, ...returned }))
    .map(withValues);
  const write = fc.oneof(
    put.map((Put) => ({ Put })),
    update.map((Update) => ({ Update })),
    removal.map((Delete) => ({ Delete })),
    removal.map((ConditionCheck) => ({ ConditionCheck })),
  );
  const all = { ReturnValues: 'ALL_NEW' } as const;
  const request = fc.oneof(
    key.map((Key) => ['GetItem', { Key, ConsistentRead: true }] as const),
    put.map((input) => ['PutItem', input] as const),
    update.map((input) => ['UpdateItem', { ...input, ...all }] as const),
    removal.map((input) => ['DeleteItem', input] as const),
    fc.array(key, { maxLength: 3 }).map((Keys) => ['BatchGetItem', { Keys, ConsistentRead: true }] as const),
    fc.array(write, { maxLength: 3 }).map((TransactItems) => ['TransactWriteItems', { TransactItems }] as const),
    fc.record({ Limit: fc.constantFrom(0, 1, 5), ScanIndexForward: fc.boolean() }).map(
      (page) =>
        [
          'Query',
          {
            ...page,
            KeyConditionExpression: 'pk = :n',
            ExpressionAttributeValues: { ':n': { S: 'a' } },
            ConsistentRead: true,
          },
        ] as const,
    ),
  );
  type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

  /** Names and values that the expressions use, as one that is not used is refused. */
  function withValues<T extends { readonly UpdateExpression?: string; readonly ConditionExpression: string }>(
    input: T,
  ) {
    const text = `${input.UpdateExpression} ${input.ConditionExpression}`;
    return {
      ...input,
      ...(text.includes(':n') && { ExpressionAttributeValues: { ':n': { N: '1' } } }),
      ...(text.includes('#ttl') && { ExpressionAttributeNames: { '#ttl': 'ttl' } }),
    };
  }

  /** The input of an operation on a table. */
  function inputOn(TableName: string, [operation, input]: Request): object {
    if (operation === 'BatchGetItem') return { RequestItems: { [TableName]: input } };
    if (operation !== 'TransactWriteItems') return { ...input, TableName };
    const TransactItems = input.TransactItems.map((part) =>
      Object.fromEntries(Object.entries(part).map(([kind, each]) => [kind, { ...each, TableName }])),
    );
    return { TransactItems };
  }

  const commands = {
    BatchGetItem: BatchGetItemCommand,
    DeleteItem: DeleteItemCommand,
    GetItem: GetItemCommand,
    PutItem: PutItemCommand,
    Query: QueryCommand,
    UpdateItem: UpdateItemCommand,
    TransactWriteItems: TransactWriteItemsCommand,
  };

  const askTheirs = (given: Request) => {
    const Command = commands[given[0]] as new (input: object) => GetItemCommand;
    return outcomeOf(sdk.send(new Command(inputOn('theirs', given))));
  };
  const askOurs = (given: Request) => outcomeOf(dynamoDb(given[0] as never, onWire(inputOn('ours', given)) as never));

  /** What came of a call, in the same words for both. */
  async function outcomeOf(call: Promise<object>): Promise<unknown> {
    const outcome = await call.then(
      (answer) => ({ ...answer, $metadata: undefined }),
      (
        error: Error & { members?: Partial<Lost>; $metadata?: { httpStatusCode?: number }; status?: number } & Lost,
      ) => ({
        refused: error.name,
        message: error.message,
        status: error.status ?? error.$metadata?.httpStatusCode,
        item: (error.members ?? error).Item,
        reasons: (error.members ?? error).CancellationReasons,
      }),
    );
    return JSON.parse(JSON.stringify(onWire(outcome)).replaceAll(/\b(ours|theirs)\b/g, 'table'));
  }
  type Lost = { readonly Item?: unknown; readonly CancellationReasons?: unknown };

  test('give the same answers, outcomes and errors, and leave the same items', async () => {
    const outcomes = new Set<string>();
    // No call is out of time here, however busy the machine: one that is sent again meets what it has done itself.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (requests) => {
        for (const given of requests) {
          const [ours, theirs] = await Promise.all([askOurs(given), askTheirs(given)]);
          expect(ours, given[0]).toEqual(theirs);
          outcomes.add(`${given[0]} ${(ours as { readonly refused?: string }).refused ?? 'done'}`);
        }
      }),
      { numRuns: 50, endOnFailure: true },
    );
    expect(await itemsOf('ours')).toEqual(await itemsOf('theirs'));
    expect([...outcomes]).toEqual(expect.arrayContaining(expectedOutcomes));
  });

  /** The requests are worth nothing if they do not come to this. */
  const expectedOutcomes = [
    ...Object.keys(commands).flatMap((operation) => [`${operation} done`, `${operation} ValidationException`]),
    ...['PutItem', 'UpdateItem', 'DeleteItem'].map((operation) => `${operation} ConditionalCheckFailedException`),
    'TransactWriteItems TransactionCanceledException',
  ];

  async function itemsOf(TableName: string): Promise<ReadonlyMap<string, unknown>> {
    const items = new Map<string, unknown>();
    for await (const { Items = [] } of paginateScan({ client: sdk }, { TableName }))
      for (const each of Items) items.set(`${each.pk?.S} ${each.sk?.S}`, onWire(each));
    return items;
  }
});

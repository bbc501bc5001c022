import { setTimeout } from 'node:timers/promises';
import type {
  AttributeValue,
  CreateTableCommandInput,
  CreateTableCommandOutput,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  DescribeTableCommandInput,
  DescribeTableCommandOutput,
  ScanCommandInput,
  ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { exchange } from './http.ts';
import { region } from './names.ts';
import type { TableDefinition } from './stack.ts';

/** DynamoDB deletes expired items late; here it is a day, so that requests with a shifted clock find theirs. */
const sweepDelaySeconds = 24 * 60 * 60;
const mostLooks = 100;

type Operations = {
  readonly CreateTable: [CreateTableCommandInput, CreateTableCommandOutput];
  readonly DeleteItem: [DeleteItemCommandInput, DeleteItemCommandOutput];
  readonly DescribeTable: [DescribeTableCommandInput, DescribeTableCommandOutput];
  readonly Scan: [ScanCommandInput, ScanCommandOutput];
};

/** The local DynamoDB, for what the runner itself does there. The SDK would take a third of the start of a stack to load. */
export class Database {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Calls an operation. Throws a `DatabaseError` when it is refused. */
  async call<Name extends keyof Operations>(operation: Name, input: Operations[Name][0]): Promise<Operations[Name][1]> {
    const { status, text } = await exchange(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        // Neither engine checks the signature, but both want one in its form.
        'x-amz-date': '20120810T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=local/20120810/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=local`,
      },
      body: JSON.stringify(input),
    });
    if (status !== 200) throw new DatabaseError(operation, text);
    return JSON.parse(text) as Operations[Name][1];
  }
}

/** The local DynamoDB refused a call. */
class DatabaseError extends Error {
  readonly isInUse: boolean;

  constructor(operation: string, answer: string) {
    super(`The local DynamoDB refused ${operation}: ${answer}`);
    this.isInUse = answer.includes('ResourceInUseException');
  }
}

/** Creates a table as the template describes it, unless it exists. */
export async function createTable(database: Database, { name, properties }: TableDefinition): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    properties as Partial<CreateTableCommandInput>;
  const indexes = GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  const BillingMode = 'PAY_PER_REQUEST';
  const table = { TableName: name, KeySchema, AttributeDefinitions, LocalSecondaryIndexes, BillingMode } as const;
  try {
    await database.call('CreateTable', { ...table, GlobalSecondaryIndexes: indexes });
  } catch (error) {
    if (!(error instanceof DatabaseError && error.isInUse)) throw error;
  }
  await untilActive(database, name);
}

async function untilActive(database: Database, name: string): Promise<void> {
  for (let look = 1; look <= mostLooks; look++) {
    const { Table } = await database.call('DescribeTable', { TableName: name });
    if (Table?.TableStatus === 'ACTIVE') return;
    await setTimeout(100);
  }
  throw new Error(`The table ${name} does not become active`);
}

/** Deletes the items of a table that have expired, as DynamoDB does by itself. */
export async function sweep(database: Database, table: TableDefinition, now: number): Promise<void> {
  const { name: TableName, properties, ttlAttribute } = table;
  if (!ttlAttribute) return;
  const { KeySchema = [] } = properties as Partial<CreateTableCommandInput>;
  const keys = KeySchema.flatMap(({ AttributeName }) => AttributeName ?? []);
  const scan = {
    TableName,
    FilterExpression: '#ttl < :limit',
    ProjectionExpression: keys.map((_, index) => `#key${index}`).join(),
    ExpressionAttributeNames: Object.fromEntries([
      ['#ttl', ttlAttribute],
      ...keys.map((key, index) => [`#key${index}`, key]),
    ]),
    ExpressionAttributeValues: { ':limit': { N: String(now - sweepDelaySeconds) } },
  };
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await database.call('Scan', { ...scan, ExclusiveStartKey });
    for (const Key of Items) await database.call('DeleteItem', { TableName, Key });
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DynamoDBClient,
  paginateScan,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { region } from './names.ts';
import type { TableDefinition } from './stack.ts';

/** DynamoDB deletes expired items late; here it is a day, so that requests with a shifted clock find theirs. */
const sweepDelaySeconds = 24 * 60 * 60;

/** A client of the local DynamoDB. */
export function tableClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
}

/** Creates a table as the template describes it, unless it exists. */
export async function createTable(client: DynamoDBClient, { name, properties }: TableDefinition): Promise<void> {
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
    await client.send(new CreateTableCommand({ ...table, GlobalSecondaryIndexes: indexes }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: name });
}

/** Deletes the items of a table that have expired, as DynamoDB does by itself. */
export async function sweep(client: DynamoDBClient, table: TableDefinition, now: number): Promise<void> {
  const { name: TableName, properties, ttlAttribute } = table;
  if (!ttlAttribute) return;
  const { KeySchema = [] } = properties as Partial<CreateTableCommandInput>;
  const keys = KeySchema.flatMap(({ AttributeName }) => AttributeName ?? []);
  const pages = paginateScan(
    { client },
    {
      TableName,
      FilterExpression: '#ttl < :limit',
      ProjectionExpression: keys.map((_, index) => `#key${index}`).join(),
      ExpressionAttributeNames: Object.fromEntries([
        ['#ttl', ttlAttribute],
        ...keys.map((key, index) => [`#key${index}`, key]),
      ]),
      ExpressionAttributeValues: { ':limit': { N: String(now - sweepDelaySeconds) } },
    },
  );
  for await (const { Items = [] } of pages)
    for (const Key of Items) await client.send(new DeleteItemCommand({ TableName, Key }));
}

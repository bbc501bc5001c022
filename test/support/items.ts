import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { runningStack } from './running-stacks.ts';

/** An item as plain data. */
export type Item = Readonly<Record<string, unknown>>;

/** A client of the DynamoDB at an address of this machine. */
export function tableClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  // It goes through each answer once more to hide parts of it from a log, though there is no log.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

/** A client of the table's service of a stack that this run has started. */
export function tableOf(issuer: string): DynamoDBClient {
  const endpoint = runningStack(issuer)?.told.endpoints.AWS_ENDPOINT_URL_DYNAMODB;
  if (endpoint === undefined) throw new Error(`This run has started no stack at ${issuer}`);
  const client = clients.get(endpoint) ?? tableClient(endpoint);
  clients.set(endpoint, client);
  return client;
}

const clients = new Map<string, DynamoDBClient>();
const names = new WeakMap<DynamoDBClient, string>();

/** The name of the one table. */
export async function tableName(client: DynamoDBClient): Promise<string> {
  const known = names.get(client);
  if (known) return known;
  const { TableNames: [name = ''] = [] } = await client.send(new ListTablesCommand({}));
  if (name) names.set(client, name);
  return name;
}

/** All items whose partition begins so. */
export async function itemsUnder(client: DynamoDBClient, prefix: string): Promise<readonly Item[]> {
  const found: Item[] = [];
  const scan = {
    TableName: await tableName(client),
    FilterExpression: 'begins_with(pk, :prefix)',
    ExpressionAttributeValues: { ':prefix': { S: prefix } },
  };
  for await (const { Items = [] } of paginateScan({ client }, scan))
    found.push(...Items.map((item) => unmarshall(item)));
  return found;
}

import { createHash, randomUUID } from 'node:crypto';
import { type DynamoDBClient, ListTablesCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Aws, startAws } from './aws.ts';
import { newAddress } from './flow.ts';
import { startStack } from './stack.ts';
import { connectTools, type ToolClient } from './tool-client.ts';

type Item = Readonly<Record<string, unknown>>;

/** A stack whose operator has made tenants. */
export type Tenants = {
  readonly issuer: string;
  readonly aws: Aws;
  /** Makes a tenant without people, and gives its id. */
  readonly newTenant: () => Promise<string>;
  /** Enters somebody new in a tenant, signs them in and connects for them. */
  readonly connectMember: (tenant: string, member?: Member) => Promise<ToolClient & { readonly address: string }>;
  /** All items of a partition. */
  readonly itemsAt: (pk: string) => Promise<readonly Item[]>;
  readonly stop: () => Promise<void>;
};

type Member = { readonly role?: 'member' | 'admin' } & Parameters<typeof connectTools>[1];

/** Starts a stack of its own, in whose table the operator's items can be written. */
export async function startTenants(): Promise<Tenants> {
  const aws = await startAws();
  const stack = await startStack({ env: aws.env });
  const { issuer } = stack;
  const { table } = aws;
  return {
    issuer,
    aws,
    newTenant: async () => {
      const id = `tenant-${randomUUID()}`;
      await put(table, { pk: `TENANT#${id}`, sk: 'POLICY', id, createdAt: 0 });
      return id;
    },
    connectMember: async (tenant, { role = 'member', ...options } = {}) => {
      const address = options.address ?? newAddress();
      const hash = createHash('sha256').update(address).digest('base64url');
      await put(table, { pk: `EMAIL#${hash}`, sk: 'EMAIL', tenant, role });
      return { ...(await connectTools(issuer, { ...options, address })), address };
    },
    itemsAt: (pk) => itemsAt(table, pk),
    stop: async () => {
      await stack.stop();
      await aws.stop();
    },
  };
}

async function nameOf(table: DynamoDBClient): Promise<string> {
  const { TableNames: [name = ''] = [] } = await table.send(new ListTablesCommand({}));
  return name;
}

async function put(table: DynamoDBClient, item: Item): Promise<void> {
  await table.send(new PutItemCommand({ TableName: await nameOf(table), Item: marshall(item) }));
}

async function itemsAt(table: DynamoDBClient, pk: string): Promise<readonly Item[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: await nameOf(table),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': pk }),
    }),
  );
  return Items.map((item) => unmarshall(item));
}

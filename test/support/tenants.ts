import { createHash, randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
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
  /** Enters somebody in a tenant, by default somebody new, signs them in and connects for them. */
  readonly connectMember: (tenant: string, member?: Member) => Promise<ToolClient & { readonly address: string }>;
  /** Enters an address in the list of a tenant's members, and no more. */
  readonly list: (tenant: string, address: string, subject?: string) => Promise<void>;
  /** Makes as many copies of an item, newer than it, whose ids are their own. */
  readonly copy: (pk: string, id: string, times: number) => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Member = Parameters<typeof connectTools>[1] & {
  readonly role?: 'member' | 'admin';
  /** Makes it somebody who has signed in before, as this person. */
  readonly subject?: string;
};

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
    connectMember: async (tenant, { role = 'member', subject, ...options } = {}) => {
      const address = options.address ?? newAddress();
      await put(table, { pk: `EMAIL#${hashOf(address)}`, sk: 'EMAIL', tenant, role, ...(subject && { subject }) });
      if (subject) await put(table, { pk: `USER#${subject}`, sk: 'PROFILE', subject, tenant, role, createdAt: 0 });
      return { ...(await connectTools(issuer, { ...options, address })), address };
    },
    list: (tenant, address, subject) => {
      const member = { address, role: 'member', since: 0, ...(subject && { subject }) };
      return put(table, { pk: `TENANT#${tenant}`, sk: `MEMBER#${hashOf(address)}`, ...member });
    },
    copy: (pk, id, times) => copy(table, pk, id, times),
    stop: async () => {
      await stack.stop();
      await aws.stop();
    },
  };
}

function hashOf(address: string): string {
  return createHash('sha256').update(address).digest('base64url');
}

async function nameOf(table: DynamoDBClient): Promise<string> {
  const { TableNames: [name = ''] = [] } = await table.send(new ListTablesCommand({}));
  return name;
}

async function put(table: DynamoDBClient, item: Item): Promise<void> {
  await table.send(new PutItemCommand({ TableName: await nameOf(table), Item: marshall(item) }));
}

async function copy(table: DynamoDBClient, pk: string, id: string, times: number): Promise<void> {
  const name = await nameOf(table);
  const Key = marshall({ pk, sk: `${pk.split('#')[0]}#${id}` });
  const { Item } = await table.send(new GetItemCommand({ TableName: name, Key }));
  const original = JSON.stringify(Item);
  const copies = Array.from({ length: times }, () => JSON.parse(original.replaceAll(id, ulid())));
  for (let at = 0; at < times; at += 25) {
    const requests = copies.slice(at, at + 25).map((copied) => ({ PutRequest: { Item: copied } }));
    await table.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
  }
}

import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import { type Aws, startAws } from './aws.ts';
import { newAddress } from './flow.ts';
import { tableOf } from './items.ts';
import { addressKey, Operator } from './operator.ts';
import { asAdmin } from './scopes.ts';
import { startStack } from './stack.ts';
import { connectTools, type ToolClient } from './tool-client.ts';

/** What an operator does for tenants at a stack, in its table. */
export type Tenants = {
  readonly issuer: string;
  /** Makes a tenant without people, and gives its id. */
  readonly newTenant: () => Promise<string>;
  /** Enters somebody in a tenant, by default somebody new, signs them in and connects for them. */
  readonly connectMember: (tenant: string, member?: Member) => Promise<ToolClient & { readonly address: string }>;
  /** Enters an address in the list of a tenant's members, and no more. */
  readonly list: (tenant: string, address: string, subject?: string) => Promise<void>;
  /** Makes as many copies of an item, newer than it, whose ids are their own. */
  readonly copy: (pk: string, id: string, times: number) => Promise<void>;
  /** Changes an item as it is kept, whatever may be kept now. */
  readonly change: (pk: string, id: string, to: (item: Kept) => Kept) => Promise<void>;
  /** Puts an item into the table, whatever may be kept now. */
  readonly put: (item: Parameters<Operator['put']>[0]) => Promise<void>;
};

/** A stack with AWS behind a proxy. */
export type TenantsApart = Tenants & { readonly aws: Aws; readonly stop: () => Promise<void> };

type Kept = Readonly<Record<string, unknown>>;

type Member = Parameters<typeof connectTools>[1] & {
  readonly role?: 'member' | 'admin';
  /** Makes it somebody who has signed in before, as this person. */
  readonly subject?: string;
};

/** Starts a stack of its own, to see and spoil what it asks AWS for. */
export async function startTenants(): Promise<TenantsApart> {
  const aws = await startAws();
  const stack = await startStack({ env: aws.env });
  return {
    ...tenantsAt(stack.issuer),
    aws,
    stop: async () => {
      await stack.stop();
      await aws.stop();
    },
  };
}

/** The same at a stack that runs. */
export function tenantsAt(issuer: string): Tenants {
  const table = tableOf(issuer);
  const operator = new Operator(table);
  return {
    issuer,
    newTenant: () => operator.newTenant(),
    connectMember: async (tenant, { role = 'member', subject, ...options } = {}) => {
      const address = options.address ?? newAddress();
      await operator.put({ ...addressKey(address), tenant, role, subject });
      if (subject) await operator.put({ pk: `USER#${subject}`, sk: 'PROFILE', subject, tenant, role, createdAt: 0 });
      const request = { ...(await asAdmin(issuer, role)), ...options.request };
      return { ...(await connectTools(issuer, { ...options, address, request })), address };
    },
    list: (tenant, address, subject) => {
      const sk = addressKey(address).pk.replace('EMAIL#', 'MEMBER#');
      return operator.put({ pk: `TENANT#${tenant}`, sk, address, role: 'member', since: 0, subject });
    },
    copy: (pk, id, times) => copy(table, operator, { pk, id, times }),
    put: (item) => operator.put(item),
    change: async (pk, id, to) => {
      const key = { pk, sk: `${pk.split('#')[0]}#${id}` };
      await operator.put({ ...to((await operator.itemAt(key)) ?? {}), ...key });
    },
  };
}

type Copies = { readonly pk: string; readonly id: string; readonly times: number };

async function copy(table: DynamoDBClient, operator: Operator, { pk, id, times }: Copies): Promise<void> {
  const name = await operator.tableName();
  const original = JSON.stringify(marshall(await operator.itemAt({ pk, sk: `${pk.split('#')[0]}#${id}` })));
  const copies = Array.from({ length: times }, () => JSON.parse(original.replaceAll(id, ulid())));
  for (let at = 0; at < times; at += 25) {
    const requests = copies.slice(at, at + 25).map((copied) => ({ PutRequest: { Item: copied } }));
    await table.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
  }
}

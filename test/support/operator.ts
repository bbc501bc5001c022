import { createHash, createHmac, randomUUID } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Item, itemsUnder, tableName } from './items.ts';

/** What a tenant lets its people use, as the operator says it. */
export type Policy = {
  readonly tools?: readonly string[];
  readonly scopes?: readonly string[];
  readonly calls?: { readonly minute?: number; readonly hour?: number };
};
type Role = 'member' | 'admin';
type Key = { readonly pk: string; readonly sk: string };

/** Says in the table itself what an operator would say by command, and reads there what an operator could. */
export class Operator {
  readonly #table: DynamoDBClient;

  constructor(table: DynamoDBClient) {
    this.#table = table;
  }

  /** Makes a tenant without people, and gives its id. */
  async newTenant(policy: Policy = {}): Promise<string> {
    const id = `tenant-${randomUUID()}`;
    await this.setPolicy(id, policy);
    return id;
  }

  /** Lets a tenant have this policy and nothing of an earlier one. */
  setPolicy(tenant: string, policy: Policy): Promise<void> {
    return this.put({ pk: `TENANT#${tenant}`, sk: 'POLICY', id: tenant, createdAt: 0, ...policy });
  }

  removeTenant(tenant: string): Promise<void> {
    return this.remove({ pk: `TENANT#${tenant}`, sk: 'POLICY' });
  }

  /** Says to which tenant an address belongs, before anybody signed in with it. */
  enterAddress(address: string, tenant: string, role: Role = 'member'): Promise<void> {
    return this.put({ ...addressKey(address), tenant, role });
  }

  /** Says to which tenant the people of a domain belong who come from now on. */
  enterDomain(domain: string, tenant: string): Promise<void> {
    return this.put({ pk: `DOMAIN#${domain}`, sk: 'DOMAIN', tenant });
  }

  setRole(subject: string, role: Role): Promise<void> {
    return this.#set({ pk: `USER#${subject}`, sk: 'PROFILE' }, 'role', role);
  }

  /** Has a person belong to another tenant, as far as what they sign in to. */
  async move(address: string, tenant: string): Promise<void> {
    const { subject } = (await this.itemAt(addressKey(address))) ?? {};
    await this.#set(addressKey(address), 'tenant', tenant);
    await this.#set({ pk: `USER#${String(subject)}`, sk: 'PROFILE' }, 'tenant', tenant);
  }

  async put(item: Key & Item): Promise<void> {
    const Item = marshall(item, { removeUndefinedValues: true });
    await this.#table.send(new PutItemCommand({ TableName: await this.tableName(), Item }));
  }

  async remove(key: Key): Promise<void> {
    await this.#table.send(new DeleteItemCommand({ TableName: await this.tableName(), Key: marshall(key) }));
  }

  async itemAt({ pk, sk }: Key): Promise<Item | undefined> {
    return (await this.itemsAt(pk)).find((item) => item.sk === sk);
  }

  /** All items of a partition. */
  async itemsAt(pk: string): Promise<readonly Item[]> {
    const { Items = [] } = await this.#table.send(
      new QueryCommand({
        TableName: await this.tableName(),
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': pk }),
      }),
    );
    return Items.map((item) => unmarshall(item));
  }

  /** All items whose partition begins so. */
  itemsUnder(prefix: string): Promise<readonly Item[]> {
    return itemsUnder(this.#table, prefix);
  }

  /** An address or a network as the audit has it, once something has been recorded with one. */
  async hidden(kind: 'address' | 'network', value: string): Promise<string> {
    const { key } = (await this.itemAt({ pk: 'SECRET#audit', sk: 'SECRET' })) ?? {};
    return createHmac('sha256', String(key)).update(`${kind} ${value}`).digest('base64url').slice(0, 22);
  }

  /** What is on record of a tenant, in the order of time: `tool_call note allowed`. */
  async trail(tenant: string): Promise<string[]> {
    const items = await this.itemsUnder(`AUDIT#${tenant}#`);
    const inOrder = [...items].sort((one, other) => (String(one.sk) < String(other.sk) ? -1 : 1));
    return inOrder.map(({ event, tool, outcome }) => [event, tool, outcome].filter(Boolean).join(' '));
  }

  async #set(key: Key, attribute: string, value: unknown): Promise<void> {
    await this.#table.send(
      new UpdateItemCommand({
        TableName: await this.tableName(),
        Key: marshall(key),
        UpdateExpression: 'SET #attribute = :value',
        ExpressionAttributeNames: { '#attribute': attribute },
        ExpressionAttributeValues: marshall({ ':value': value }),
      }),
    );
  }

  /** The name of the one table. */
  tableName(): Promise<string> {
    return tableName(this.#table);
  }
}

/** Where an address is. */
export function addressKey(address: string): Key {
  return { pk: `EMAIL#${createHash('sha256').update(address).digest('base64url')}`, sk: 'EMAIL' };
}

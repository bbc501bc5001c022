import { readFileSync } from 'node:fs';
import { type AttributeValue, BatchWriteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Services } from '../support/aws.ts';
import { tableName } from '../support/items.ts';
import type { KeptPasskey } from '../support/software-passkey.ts';

/** What somebody holds who is a client of a server: what the table has hashes of. */
export type Held = {
  readonly member: {
    readonly address: string;
    readonly client_id: string;
    readonly refresh_token: string;
    readonly registration_access_token: string;
    readonly cookies: readonly (readonly [name: string, value: string])[];
    readonly todos: readonly string[];
    readonly document: string;
  };
  readonly confidential: {
    readonly address: string;
    readonly client_id: string;
    readonly client_secret: string;
    readonly refresh_token: string;
  };
  readonly machine: { readonly client_id: string; readonly client_secret: string };
  readonly passkey: { readonly address: string; readonly kept: KeptPasskey };
  readonly reviewer: { readonly address: string; readonly password: string };
  readonly tenant: string;
  readonly trust: string;
  readonly denied: string;
};

/** The whole table as a version left it, and what clients and people held then. */
export type Release = {
  readonly version: string;
  /** In epoch seconds. */
  readonly recordedAt: number;
  readonly issuer: string;
  readonly held: Held;
  readonly items: readonly Item[];
};

type Item = Readonly<Record<string, AttributeValue>>;

/** A release as text: what it is on the first line, then an item on each. Bytes are in base64. */
export function written({ items, ...about }: Release): string {
  const plain = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  return [about, ...items].map((line) => `${JSON.stringify(line, plain)}\n`).join('');
}

/** Reads a release. */
export function readRelease(file: string): Release {
  const [about = '', ...items] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return { ...JSON.parse(about), items: items.map((item) => JSON.parse(item)) };
}

/** Every item of the table. */
export async function itemsIn({ table: client }: Services): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: await tableName(client) }))
    items.push(...Items);
  return items.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Puts the items of a release into the table of another server, as if its issuer had always been this one. */
export async function restore({ table }: Services, { items, issuer, recordedAt }: Release, at: string): Promise<void> {
  const later = Math.floor(Date.now() / 1_000) - recordedAt;
  const moved = JSON.parse(JSON.stringify(items).replaceAll(issuer, at), bytes) as readonly Item[];
  const name = await tableName(table);
  for (let from = 0; from < moved.length; from += 25) {
    const requests = moved.slice(from, from + 25).map((item) => ({ PutRequest: { Item: delayed(item, later) } }));
    await table.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
  }
}

/** Puts bytes in the place of their base64. */
function bytes(name: string, value: unknown): unknown {
  return name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}

/** The engine deletes by the clock of today what the requests, at the time of the recording, still have to find. */
function delayed({ ttl, ...item }: Item, seconds: number): Item {
  return ttl?.N === undefined ? item : { ...item, ttl: { N: String(Number(ttl.N) + seconds) } };
}

function keyOf({ pk, sk }: Item): string {
  return `${pk?.S} ${sk?.S}`;
}

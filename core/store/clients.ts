import type { Client } from '#core/oauth/types.ts';
import { add, type Lookup, type Write } from './table.ts';

const UNUSED_CLIENT_SECONDS = 90 * 86_400;

/** A registered client as it is kept: until its time is over, unless it is used. */
export type StoredClient = Client & { readonly ttl: number };

/** Where a client is. */
export function clientLookup(id: string): Lookup<StoredClient> {
  return { pk: `CLIENT#${id}`, sk: 'CLIENT' };
}

/** Keeps a new client for as long as a registration may stay unused. RFC 7591 §3. */
export async function registerClient(client: Client): Promise<void> {
  await add({ ...clientLookup(client.id), put: { ...client, ttl: client.registeredAt + UNUSED_CLIENT_SECONDS } });
}

/** Lets a client outlive a grant that ends then. Nothing is written when it does already. */
export function outlive(client: StoredClient, grantEndsAt: number): Write[] {
  if (client.ttl > grantEndsAt) return [];
  return [
    {
      ...clientLookup(client.id),
      change: 'SET #ttl = :ttl',
      condition: 'attribute_exists(pk)',
      values: { ':ttl': grantEndsAt + UNUSED_CLIENT_SECONDS },
    },
  ];
}

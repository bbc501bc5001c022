import type { Client } from '#core/oauth/types.ts';
import { ALWAYS, add, change, commit, type Lookup, type Write } from './table.ts';

const UNUSED_CLIENT_SECONDS = 90 * 86_400;
const FETCH_SECONDS = 6;

/** A client as it is kept. */
export type Registration = {
  readonly client: Client;
  /** When it ends. One that the operator made stays for good. */
  readonly ttl?: number;
  /** The hash of its registration access token. RFC 7592 §3. */
  readonly tokenHash?: string;
  /** Until when the metadata document behind its id need not be read again. */
  readonly freshUntil?: number;
  /** When the keys behind its `jwks_uri` were read. */
  readonly keysReadAt?: number;
};

/** Where a client is. */
export function clientLookup(id: string): Lookup<Registration> {
  return { pk: `CLIENT#${id}`, sk: 'CLIENT' };
}

/** True if a client registered itself: it is neither the operator's nor known by a document. */
export function hasRegisteredItself({ ttl, freshUntil }: Registration): boolean {
  return ttl !== undefined && freshUntil === undefined;
}

/** Keeps a new client for as long as a registration may stay unused. RFC 7591 §3. */
export async function registerClient(client: Client, tokenHash: string): Promise<void> {
  const ttl = client.registeredAt + UNUSED_CLIENT_SECONDS;
  await add({ ...clientLookup(client.id), put: { client, tokenHash, ttl } });
}

/** Replaces what a client registered, unless it is gone. RFC 7592 §2.2. */
export function replacedRegistration(client: Client): Write {
  return {
    ...clientLookup(client.id),
    change: 'SET #client = :client',
    condition: 'attribute_exists(pk)',
    values: { ':client': client },
  };
}

/** Removes a registration. Its grants find no client at their next refresh. RFC 7592 §2.3. */
export function removedRegistration(id: string): Write {
  return { ...clientLookup(id), remove: true, condition: ALWAYS };
}

/** Lets a client outlive a grant that may live until then. Nothing is written when it does already. */
export function outlive({ client, ttl }: Registration, latestEnd: number): Write[] {
  if (ttl === undefined || ttl > latestEnd) return [];
  return [
    {
      ...clientLookup(client.id),
      change: 'SET #ttl = :ttl',
      condition: 'attribute_exists(pk)',
      values: { ':ttl': latestEnd + UNUSED_CLIENT_SECONDS },
    },
  ];
}

/** Where the claim of the request that reads a client's document is. */
export function fetchLookup(id: string): Lookup<{ readonly ttl: number }> {
  return { pk: `CLIENT#${id}`, sk: 'FETCH' };
}

/** Claims the reading of a client's document, so that many first requests at once make one fetch. */
export function claimFetch(id: string, now: number): Write {
  return {
    ...fetchLookup(id),
    change: 'SET #ttl = :until',
    condition: 'attribute_not_exists(pk) OR #ttl <= :now',
    values: { ':until': now + FETCH_SECONDS, ':now': now },
  };
}

/** Gives up the claim of this moment, when nothing came of it, so that a document that was mended is read at once. */
export async function releaseFetch(id: string, now: number): Promise<void> {
  await change(fetchLookup(id), {
    change: 'SET #ttl = :now',
    condition: '#ttl = :until',
    values: { ':now': now, ':until': now + FETCH_SECONDS },
  });
}

/**
 * Keeps what a metadata document says until it is to be read again, and as long as the client may be needed. Says whether
 * nothing stands against it.
 */
export async function keepDocument(
  client: Client,
  freshUntil: number,
  known: Registration | undefined,
  unless: readonly Write[],
): Promise<boolean> {
  const ttl = Math.max(known?.ttl ?? 0, freshUntil + UNUSED_CLIENT_SECONDS);
  const outcome = await commit([
    {
      ...clientLookup(client.id),
      change: 'SET #client = :client, freshUntil = :freshUntil, #ttl = :ttl',
      condition: 'attribute_not_exists(pk) OR freshUntil <= :freshUntil',
      values: { ':client': client, ':freshUntil': freshUntil, ':ttl': ttl },
    },
    ...unless,
  ]);
  return outcome.done || outcome.failed === 0;
}

/** Lets what a document said serve no longer: it is gone, or says something else. */
export async function forgetDocument({ client, freshUntil }: Registration): Promise<void> {
  await change(clientLookup(client.id), {
    change: 'SET freshUntil = :over',
    condition: 'freshUntil = :known',
    values: { ':over': 0, ':known': freshUntil },
  });
}

/** Claims the reading of a client's keys, at most once in this many seconds. */
export function claimKeys(id: string, now: number, everySeconds: number): Write {
  return {
    ...clientLookup(id),
    change: 'SET keysReadAt = :now',
    condition: 'attribute_exists(pk) AND (attribute_not_exists(keysReadAt) OR keysReadAt <= :before)',
    values: { ':now': now, ':before': now - everySeconds },
  };
}

/** Gives up that claim, when nothing came of it. */
export async function releaseKeys({ client, keysReadAt = 0 }: Registration, now: number): Promise<void> {
  await change(clientLookup(client.id), {
    change: 'SET keysReadAt = :before',
    condition: 'keysReadAt = :now',
    values: { ':before': keysReadAt, ':now': now },
  });
}

/** Keeps the keys behind a client's `jwks_uri`. */
export async function keepKeys(id: string, jwks: NonNullable<Client['jwks']>): Promise<void> {
  await change(clientLookup(id), {
    change: 'SET #client.jwks = :jwks',
    condition: 'attribute_exists(pk)',
    values: { ':jwks': jwks },
  });
}

import { isClientUrl } from '#core/oauth/client-url.ts';
import { clientLookup, fetchLookup } from './clients.ts';
import { ALWAYS, commit, type Key, type Lookup, type Write } from './table.ts';

/** That a client with a metadata document, or all of a host, may not come back. */
export type Denial = { readonly deniedAt: number };

/** Where it says whether this is denied: the URL of a document, or the host of many. */
function denialLookup(urlOrHost: string): Key & Lookup<Denial> {
  return { pk: `CLIENT#${isClientUrl(urlOrHost) ? urlOrHost : `host:${urlOrHost}`}`, sk: 'DENIED' };
}

/** Where it says so of a client, if it is of the kind that a document brings back. To be found with other items. */
export function denialLookups(clientId: string): readonly (Key & Lookup<Denial>)[] {
  if (!isClientUrl(clientId) || !URL.canParse(clientId)) return [];
  return [denialLookup(clientId), denialLookup(new URL(clientId).host)];
}

/** A client, unless it is denied: then it is as unknown as one that is gone. */
export function unlessDenied<T>(found: T | undefined, denials: readonly (Denial | undefined)[]): T | undefined {
  return denials.some((denial) => denial !== undefined) ? undefined : found;
}

/** Holds only while a client is not denied. */
export function requireNotDenied(clientId: string): Write[] {
  return denialLookups(clientId).map((key) => ({ ...key, require: 'attribute_not_exists(pk)' }));
}

/** Denies a client for as long as nobody allows it again, and forgets what its document said. Says whether that is new. */
export async function deny(urlOrHost: string, now: number, audit: Write): Promise<boolean> {
  const known = isClientUrl(urlOrHost) ? [clientLookup(urlOrHost), fetchLookup(urlOrHost)] : [];
  const forgotten = known.map((key): Write => ({ ...key, remove: true, condition: ALWAYS }));
  const denied: Write = { ...denialLookup(urlOrHost), put: { deniedAt: now } };
  return (await commit([denied, ...forgotten, audit])).done;
}

/** Lets a client come back. Says whether it was denied. */
export async function allow(urlOrHost: string, audit: Write): Promise<boolean> {
  const allowed: Write = { ...denialLookup(urlOrHost), remove: true, condition: 'attribute_exists(pk)' };
  return (await commit([allowed, audit])).done;
}

import { isClientUrl } from '#core/oauth/client-url.ts';
import { clientLookup, fetchLookup } from './clients.ts';
import { ALWAYS, commit, type Key, type Lookup, query, type Write } from './table.ts';

const LIST = 'OPERATOR#DENIED';
const MOST_LISTED = 100;

/** That a client with a metadata document, or all of a host, may not come back. */
export type Denial = { readonly deniedAt: number };

/** A denial in the list: the URL of a document, or a host. */
export type ListedDenial = Denial & { readonly denied: string };

/** Where the denial of a document's URL is, or of the host of many. */
function denialLookup(urlOrHost: string): Key & Lookup<Denial> {
  return { pk: `CLIENT#${isClientUrl(urlOrHost) ? urlOrHost : `host:${urlOrHost}`}`, sk: 'DENIED' };
}

/**
 * Where it says so of a client, if it is of the kind that a document brings back. To be found with other items. A host is
 * denied at all its ports, and with the dot that may end its name.
 */
export function denialLookups(clientId: string): readonly (Key & Lookup<Denial>)[] {
  if (!isClientUrl(clientId) || !URL.canParse(clientId)) return [];
  const { hostname, port } = new URL(clientId);
  const host = hostname.replace(/\.$/, '');
  const withPort = port === '' ? [] : [denialLookup(`${host}:${port}`)];
  return [denialLookup(clientId), denialLookup(host), ...withPort];
}

/** A client, unless it is denied: then it is as unknown as one that is gone. */
export function unlessDenied<T>(found: T | undefined, denials: readonly (Denial | undefined)[]): T | undefined {
  return denials.some((denial) => denial !== undefined) ? undefined : found;
}

/** Holds only while a client is not denied. */
export function requireNotDenied(clientId: string): Write[] {
  return denialLookups(clientId).map((key) => ({ ...key, require: 'attribute_not_exists(pk)' }));
}

/** Denies a client for as long as nobody allows it again, and forgets what its document said. True if that is new. */
export async function deny(urlOrHost: string, now: number, audit: Write): Promise<boolean> {
  const known = isClientUrl(urlOrHost) ? [clientLookup(urlOrHost), fetchLookup(urlOrHost)] : [];
  const forgotten = known.map((key): Write => ({ ...key, remove: true, condition: ALWAYS }));
  const denied: Write = { ...denialLookup(urlOrHost), put: { deniedAt: now } };
  const listed: Write = { pk: LIST, sk: urlOrHost, put: { denied: urlOrHost, deniedAt: now } };
  return (await commit([denied, listed, ...forgotten, audit])).done;
}

/** Lets a client come back. True if it was denied. */
export async function allow(urlOrHost: string, audit: Write): Promise<boolean> {
  const allowed: Write = { ...denialLookup(urlOrHost), remove: true, condition: 'attribute_exists(pk)' };
  const unlisted: Write = { pk: LIST, sk: urlOrHost, remove: true, condition: ALWAYS };
  return (await commit([allowed, unlisted, audit])).done;
}

/** A page of what is denied, in the order of URLs and hosts, and where the next page starts, if there is one. */
export function denials(after: string | undefined) {
  return query<ListedDenial>(LIST, { after, most: MOST_LISTED });
}

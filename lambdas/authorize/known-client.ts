import { setTimeout as wait } from 'node:timers/promises';
import { registrationOf } from '#core/authenticate.ts';
import { fetchJson } from '#core/fetch/fetch-json.ts';
import type { Fetched } from '#core/fetch/read-json.ts';
import { hasFetchableScheme, isTrustedHost } from '#core/fetch/trusted-hosts.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import { networkRates } from '#core/network-rates.ts';
import { parseMetadataDocument } from '#core/oauth/client-metadata.ts';
import { cacheSeconds, isClientUrl, requireClientUrl } from '#core/oauth/client-url.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import type { Client } from '#core/oauth/types.ts';
import {
  claimFetch,
  clientLookup,
  fetchLookup,
  forgetDocument,
  keepDocument,
  type Registration,
  releaseFetch,
} from '#core/store/clients.ts';
import { type Denial, requireNotDenied } from '#core/store/denials.ts';
import { count, countWith } from '#core/store/rates.ts';
import { findAll } from '#core/store/table.ts';
import { registration } from '#generated';

const STALE_SECONDS = 86_400;
/** As long as most hosts take to answer. While somebody waits, a Lambda does. */
const [WAIT_MILLISECONDS, MOST_WAITS] = [250, 6];
const COME_BACK_SECONDS = 2;

/**
 * The client that an authorization request names: one that registered, one of the operator's, or one that a metadata
 * document describes, read when what is known of it is too old. Throws for a page. Client ID Metadata Document §4.
 */
export async function requireClient(id: string, found: Registration | undefined, request: Request): Promise<Client> {
  const known = registrationOf(id) ?? found;
  if (isClientUrl(id) && !registration.metadataDocuments) throw unknown();
  if (known && (known.freshUntil === undefined || known.freshUntil > request.now)) return known.client;
  if (!isClientUrl(id)) throw unknown();
  const url = requireClientUrl(id, hasFetchableScheme);
  if (await mayFetch(id, known, request)) return readDocument(url, known, request.now);
  return isUsable(known, request.now) ? known.client : awaitOther(url, id, request);
}

/**
 * Counts the fetch, and claims it: of many first requests at once, one reads the document for all.
 * Throws when its network has had too many, unless what was read before still serves.
 */
async function mayFetch(id: string, known: Registration | undefined, request: Request): Promise<boolean> {
  const rates = networkRates('metadataFetchesPerIp', request);
  const counted = await countWith(rates, claimFetch(id, request.now), request.now);
  if (counted.waitSeconds !== undefined && !isUsable(known, request.now)) throw tooManyRequests(counted.waitSeconds);
  return counted.done;
}

async function readDocument(url: URL, known: Registration | undefined, now: number): Promise<Client> {
  const fetched = await fetchJson(url, isTrustedHost(url));
  const read = fetched.ok ? described(fetched, url.href, now) : undefined;
  const client = read && withKnownKeys(read, known?.client);
  if (client && fetched.ok) {
    const freshUntil = now + cacheSeconds(fetched.cacheControl);
    if (await keepDocument(client, freshUntil, known, requireNotDenied(client.id))) return client;
    throw denied();
  }
  if (!fetched.ok && fetched.isPassing && isUsable(known, now)) return known.client;
  if (known) await forgetDocument(known);
  await releaseFetch(url.href, now);
  throw fetched.ok ? unreadable(url, 400, 'it is not a client of this URL') : unreadable(url, 502, fetched.reason);
}

function unreadable({ host }: URL, status: number, cause: string): Refusal {
  return new Refusal('invalid_client', 'unreadable', { status, cause, host });
}

/** A document that is not valid is never kept. */
function described(fetched: Extract<Fetched, { ok: true }>, id: string, now: number): Client | undefined {
  try {
    return {
      ...parseMetadataDocument(fetched.value, id, registration.privateSchemes),
      id,
      secretHashes: [],
      registeredAt: now,
    };
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
}

/** The keys behind a `jwks_uri` stay known while the document names the same one. */
function withKnownKeys(client: Client, known: Client | undefined): Client {
  const isSame = client.jwks === undefined && client.jwksUri !== undefined && client.jwksUri === known?.jwksUri;
  return isSame ? { ...client, jwks: known.jwks } : client;
}

/** What was read before serves for another day while its host is out of order, and for no other reason. RFC 5861 §4. */
function isUsable(known: Registration | undefined, now: number): known is Registration {
  return known?.freshUntil !== undefined && known.freshUntil + STALE_SECONDS > now;
}

/** Waits a little for another request that reads the document. That is counted, as waiting keeps a Lambda from others. */
async function awaitOther(url: URL, id: string, request: Request): Promise<Client> {
  const { now } = request;
  const waitSeconds = await count(networkRates('metadataWaitsPerIp', request), now);
  if (waitSeconds !== undefined) throw beingRead(url, waitSeconds);
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    await wait(WAIT_MILLISECONDS);
    const [found, claim] = await findAll([clientLookup(id), fetchLookup(id)], now);
    if (isUsable(found, now)) return found.client;
    if (!claim) throw unreadable(url, 502, 'the request that read it failed');
  }
  throw beingRead(url, COME_BACK_SECONDS);
}

function beingRead({ host }: URL, retryAfterSeconds: number): Refusal {
  return new Refusal('temporarily_unavailable', 'beingRead', { status: 503, retryAfterSeconds, host });
}

/** Throws for a client that the operator denied, by its URL or its host. */
export function requireAllowed(denials: readonly (Denial | undefined)[]): void {
  if (denials.some((denial) => denial !== undefined)) throw denied();
}

function denied(): Refusal {
  return new Refusal('invalid_client', 'denied', { status: 403 });
}

function unknown(): Refusal {
  return new Refusal('invalid_client', 'unknown');
}

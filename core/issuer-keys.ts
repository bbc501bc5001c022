import { fetchJson } from './fetch/fetch-json.ts';
import { hasFetchableScheme, isTrustedHost } from './fetch/trusted-hosts.ts';
import { keySetIn, namesKeyOf } from './oauth/client-assertion.ts';
import type { Trust } from './oauth/trust.ts';
import type { PublicKeys } from './oauth/types.ts';
import { claimIssuerKeys, type IssuerKeys, keepIssuerKeys } from './store/trusts.ts';

const EVERY_SECONDS = 60;
const FRESH_SECONDS = 3_600;
/** What was read before serves for another day while the issuer is out of order. RFC 5861 §4. */
const STALE_SECONDS = 86_400;
const LARGEST_DOCUMENT = 256 * 1024;

/** Keys, or why there are none. */
export type Found = { readonly keys: PublicKeys } | { readonly reason: string };

/**
 * The keys that a trusted issuer signs with, as they are known, or read anew: once an hour, and when an assertion names
 * one that is not known, at most once a minute.
 */
export async function issuerKeys(
  trust: Trust,
  known: IssuerKeys | undefined,
  assertion: string,
  now: number,
): Promise<Found> {
  const { keys, readAt = 0 } = known ?? {};
  const serves = keys !== undefined && readAt + FRESH_SECONDS + STALE_SECONDS > now;
  const isFresh = serves && readAt + FRESH_SECONDS > now && namesKeyOf(assertion, keys);
  const kept: Found = serves ? { keys } : { reason: 'the issuer’s keys could not be read a moment ago' };
  if (isFresh || !(await claimIssuerKeys(trust, now, EVERY_SECONDS))) return kept;
  const found = await readIssuerKeys(trust);
  if ('reason' in found) return serves ? kept : found;
  await keepIssuerKeys(trust, found.keys, now);
  return found;
}

/** Reads the keys of an issuer from where its metadata says, or the operator. RFC 8414 §3, OpenID Connect Discovery §4. */
export async function readIssuerKeys({ issuer, jwksUri }: Pick<Trust, 'issuer' | 'jwksUri'>): Promise<Found> {
  const address = jwksUri === undefined ? await discovered(issuer) : { url: jwksUri };
  if ('reason' in address) return address;
  const document = await read(address.url);
  if ('reason' in document) return document;
  const keys = keySetIn(document.value);
  if (keys && keys.keys.length > 0) return { keys };
  return { reason: `${address.url} is no key set with public keys in it` };
}

async function discovered(issuer: string): Promise<{ readonly url: string } | { readonly reason: string }> {
  const [first, second] = metadataUrls(issuer);
  const found = await read(first);
  const document = 'reason' in found ? await read(second) : found;
  if ('reason' in document) return 'reason' in found ? found : document;
  const { value } = document;
  const said =
    typeof value === 'object' && value !== null ? { issuer: undefined, jwks_uri: undefined, ...value } : undefined;
  if (said?.issuer !== issuer) return { reason: `the metadata of ${issuer} names another issuer` };
  if (typeof said.jwks_uri !== 'string') return { reason: `the metadata of ${issuer} has no jwks_uri` };
  return { url: said.jwks_uri };
}

/** OpenID Connect puts the path of the issuer first, RFC 8414 last. */
function metadataUrls(issuer: string): readonly [string, string] {
  const base = issuer.replace(/\/$/, '');
  const { origin, pathname } = new URL(base);
  const path = pathname === '/' ? '' : pathname;
  return [`${base}/.well-known/openid-configuration`, `${origin}/.well-known/oauth-authorization-server${path}`];
}

async function read(address: string): Promise<{ readonly value: unknown } | { readonly reason: string }> {
  const url = URL.parse(address);
  if (!url || !hasFetchableScheme(url)) return { reason: `${address} is no https address` };
  const fetched = await fetchJson(url, isTrustedHost(url), { mostBytes: LARGEST_DOCUMENT });
  return fetched.ok ? { value: fetched.value } : { reason: `${address} could not be read: ${fetched.reason}` };
}

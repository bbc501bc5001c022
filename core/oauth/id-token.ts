import { createHash } from 'node:crypto';
import { decodeProtectedHeader, errors } from 'jose';
import { isSame } from './digest.ts';
import { isForManyTenants, type Provider } from './provider.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import type { PublicKeys } from './types.ts';
import { verifyWithOneOf } from './verify-with-keys.ts';

/** How far the clocks of two honest servers may be apart. */
const SKEW_SECONDS = 60;
/** A token for a sign-in is made while the person waits. */
const OLDEST_SECONDS = 600;

/** What a token of a provider says. */
type Signed = Readonly<Record<string, unknown>> & { readonly iss: string };

/** What a provider says of a person. */
export type Claims = Signed & { readonly sub: string };

type Expected = {
  readonly provider: Provider;
  readonly metadata: ProviderMetadata;
  readonly keys: PublicKeys;
  readonly nonce: string;
  readonly accessToken: string | undefined;
  readonly now: number;
};

/** What became of checking a token. `unknown-key` is for the caller, who may have old keys. */
export type Verified = { readonly claims: Claims } | { readonly refusal: string };

/** Checks the token that says who signed in. OpenID Connect Core 1.0 §3.1.3.7, §3.1.3.8. */
export async function verifyIdToken(token: string, expected: Expected): Promise<Verified> {
  const signed = await verifySignature(token, expected, ['iss', 'sub', 'aud', 'iat', 'exp']);
  if ('refusal' in signed) return signed;
  const { sub } = signed.claims;
  if (typeof sub !== 'string' || sub.length > 255 || !sub.isWellFormed())
    return { refusal: 'sub is no text of up to 255 characters' };
  const claims = { ...signed.claims, sub };
  const refusal =
    wrongIssuer(claims, expected) ??
    wrongParty(claims, expected.provider) ??
    wrongTime(claims, expected) ??
    wrongNonce(claims, expected.nonce) ??
    wrongAccessToken(claims, token, expected.accessToken) ??
    wrongSignIn(claims, expected.provider, expected.now);
  return refusal === undefined ? { claims } : { refusal };
}

/** What a signature of a provider is checked with. */
export type Signer = Pick<Expected, 'provider' | 'metadata' | 'keys' | 'now'>;

/** Checks the signature and the times of a token that is for us, and has these claims. */
export async function verifySignature(
  token: string,
  { provider, metadata, keys, now }: Signer,
  requiredClaims: string[],
): Promise<{ readonly claims: Signed } | { readonly refusal: string }> {
  const options = {
    algorithms: [...metadata.algorithms],
    audience: provider.clientId,
    requiredClaims,
    currentDate: new Date(now * 1_000),
    clockTolerance: SKEW_SECONDS,
  };
  try {
    const { payload } = await verifyWithOneOf(token, keys, options);
    const { iss } = payload;
    if (typeof iss !== 'string') return { refusal: 'iss is no text' };
    return { claims: { ...payload, iss } };
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return { refusal: 'unknown-key' };
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return { refusal: `the token does not hold: ${error.message}` };
    throw error;
  }
}

/** The issuer of a token, as accounts are known by. Undefined for one that is not the provider's. */
function issuerOf({ iss, tid }: Signed, { provider, metadata }: Pick<Expected, 'provider' | 'metadata'>) {
  if (provider.kind === 'google' && iss === 'accounts.google.com') return provider.issuer;
  const { issuer } = metadata;
  if (!isForManyTenants(provider)) return iss === issuer ? iss : undefined;
  const isTenant = typeof tid === 'string' && /^[\da-f-]{36}$/.test(tid);
  return isTenant && iss === issuer.replace('{tenantid}', tid) ? iss : undefined;
}

/** What is wrong with the issuer of a token, if anything is. */
export function wrongIssuer(claims: Signed, expected: Pick<Expected, 'provider' | 'metadata'>): string | undefined {
  return issuerOf(claims, expected) === undefined ? `iss is ${claims.iss.slice(0, 200)}` : undefined;
}

/** With several audiences the token must say which of them it was made for. */
function wrongParty({ aud, azp }: Claims, { clientId }: Provider): string | undefined {
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined) return 'aud has several values, and there is no azp';
  return azp === undefined || azp === clientId ? undefined : 'azp is another client';
}

/** What is wrong with the time at which a token was made, if anything is. */
export function wrongTime(
  { iat }: Readonly<Record<string, unknown>>,
  { now }: Pick<Expected, 'now'>,
): string | undefined {
  if (typeof iat !== 'number') return 'iat is no number';
  if (iat > now + SKEW_SECONDS) return 'iat is in the future: the clocks differ';
  return iat < now - OLDEST_SECONDS - SKEW_SECONDS ? 'iat is too long ago' : undefined;
}

function wrongNonce({ nonce }: Claims, expected: string): string | undefined {
  if (typeof nonce !== 'string') return 'nonce is missing';
  return isSame(nonce, expected) ? undefined : 'nonce is of another sign-in';
}

const hashes: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/** The left half of the hash that goes with the signature. OpenID Connect Core 1.0 §3.1.3.6. */
function wrongAccessToken({ at_hash }: Claims, token: string, accessToken = ''): string | undefined {
  if (at_hash === undefined) return undefined;
  const { alg = '' } = decodeProtectedHeader(token);
  const hash = createHash(hashes[alg.slice(-3)] ?? 'sha512')
    .update(accessToken)
    .digest();
  const half = hash.subarray(0, hash.length / 2).toString('base64url');
  return isSame(half, String(at_hash)) ? undefined : 'at_hash is of another access token';
}

/** What is asked of a sign-in at a provider: how old it may be, and how it may have been made. */
export type Asked = Pick<Provider, 'maxAgeSeconds' | 'acrValues'>;

/**
 * What was asked of the sign-in at the provider that the provider does not say was done, if anything. One that does not say
 * when somebody signed in there has met no `max_age`. OpenID Connect Core 1.0 §3.1.2.1, RFC 9470 §5.
 */
export function wrongSignIn(
  { auth_time, acr }: Claims,
  { maxAgeSeconds, acrValues }: Asked,
  now: number,
): string | undefined {
  if (maxAgeSeconds !== undefined) {
    if (typeof auth_time !== 'number') return 'auth_time is missing, though max_age was sent';
    if (now - auth_time > maxAgeSeconds + SKEW_SECONDS) return 'auth_time is longer ago than max_age';
  }
  if (acrValues === undefined || (typeof acr === 'string' && acrValues.includes(acr))) return undefined;
  return 'acr is none of those that were asked for';
}

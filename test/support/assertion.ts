import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

type PublicKey = {
  readonly kty: string;
  readonly kid: string;
  readonly n?: string;
  readonly [member: string]: unknown;
};

/** A key that a client signs with, and the half of it that everybody may know. */
export type ClientKey = { readonly alg: string; readonly privateKey: CryptoKey; readonly jwk: PublicKey };

/** A new key, under a name of its own. */
export async function newClientKey(alg = 'ES256', kid: string = randomUUID()): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const { kty = '', ...numbers } = await exportJWK(publicKey);
  return { alg, privateKey, jwk: { ...numbers, kty, kid, alg, use: 'sig' } };
}

/**
 * What an honest client says in an assertion, now or so much later: who it is, to whom, until when, and that it says so
 * once. RFC 7523 §3.
 */
export function honestClaims(clientId: string, audience: string, laterSeconds = 0): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000) + laterSeconds;
  return { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now, exp: now + 60 };
}

/** Signs claims, whatever they are. One that is undefined is left out. */
export function signClaims(
  { alg, privateKey, jwk }: ClientKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid: jwk.kid, ...header }).sign(privateKey);
}

/** The parameters that carry an assertion. RFC 7523 §2.2. */
export function asParameters(assertion: string): Record<string, string> {
  return {
    client_assertion: assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  };
}

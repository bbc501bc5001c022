import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A key that a client proves to hold. */
export type ProofKey = {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  /** With its private half. */
  readonly whole: JWK;
  readonly jkt: string;
};

/** A new key. */
export async function newProofKey(alg = 'ES256'): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { alg, privateKey, jwk, whole: await exportJWK(privateKey), jkt: await calculateJwkThumbprint(jwk) };
}

/** Where a proof is for, and the access token that it comes with. */
type Occasion = { readonly url: string; readonly token?: string };

type Members = Readonly<Record<string, unknown>>;

/** What an honest client says in a proof. RFC 9449 §4.2. */
function honestProof({ url, token }: Occasion): Members {
  const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
  return { jti: randomUUID(), htm: 'POST', htu: url, iat: Math.floor(Date.now() / 1_000), ...ath };
}

/** A proof as an honest client makes it, but for these claims and header members. One that is undefined is left out. */
export function proofOf(key: ProofKey, on: Occasion, claims: Members = {}, header: Members = {}): Promise<string> {
  return new SignJWT({ ...honestProof(on), ...claims })
    .setProtectedHeader({ alg: key.alg, typ: 'dpop+jwt', jwk: key.jwk, ...header })
    .sign(key.privateKey);
}

/** The header that carries one. */
export async function proving(key: ProofKey, on: Occasion): Promise<Record<string, string>> {
  return { dpop: await proofOf(key, on) };
}

/** The headers by which a bound access token is shown to the MCP endpoint. */
export async function showing(issuer: string, key: ProofKey, token: string): Promise<Record<string, string>> {
  return { authorization: `DPoP ${token}`, ...(await proving(key, { url: `${issuer}/mcp`, token })) };
}

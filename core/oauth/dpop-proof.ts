import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWTPayload, jwtVerify } from 'jose';
import { isSame, sha256 } from './digest.ts';
import { proofAlgorithms } from './dpop.ts';

const LONGEST_PROOF = 6_000;
const LONGEST_ID = 300;
/** How far an honest client's clock may be off, either way. */
const WINDOW_SECONDS = 300;
/** What only a private or a symmetric key has. RFC 7518 §6. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Proves that the sender of a request holds the key with this thumbprint. */
type Proof = {
  readonly jkt: string;
  /** What it is remembered by, so that it serves once, and until when it could serve again. */
  readonly id: string;
  readonly expiresAt: number;
};

/** Why a proof is not taken, in words that may stand in a header. */
type ProofRefusal = {
  readonly code: 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly description: string;
};

type Expectation = {
  readonly method: string;
  /** The addresses of the endpoint as this server calls them. The first is what a refusal asks for. */
  readonly urls: readonly [string, ...string[]];
  /** The access token that the proof comes with, if it comes with one. */
  readonly accessToken?: string | undefined;
  /** The nonces of which it must have one, where they are asked for. */
  readonly nonces?: readonly string[] | undefined;
  readonly now: number;
};

/** Checks a proof, but for whether it has been used before. RFC 9449 §4.3. */
export async function verifyProof(sent: string, expected: Expectation): Promise<Proof | ProofRefusal> {
  if (sent.includes(',')) return refused('there must be exactly one DPoP header');
  if (sent.length > LONGEST_PROOF) return refused(`it is longer than ${LONGEST_PROOF} characters`);
  const signed = await verifySignature(sent, expected.now);
  if (typeof signed === 'string') return refused(signed);
  const { claims, jkt } = signed;
  const wrong = wrongRequest(claims, expected) ?? wrongTime(claims, expected) ?? wrongToken(claims, expected);
  if (wrong !== undefined) return refused(wrong);
  const { jti, iat = 0 } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) return refused('jti is missing or too long');
  if (!hasNonce(claims, expected))
    return { code: 'use_dpop_nonce', description: 'The DPoP proof must have the nonce of the header DPoP-Nonce' };
  return { jkt, id: JSON.stringify([jkt, jti]), expiresAt: iat + WINDOW_SECONDS };
}

function refused(why: string): ProofRefusal {
  return { code: 'invalid_dpop_proof', description: `The DPoP proof is not valid: ${why}` };
}

type Signed = { readonly claims: JWTPayload; readonly jkt: string };

async function verifySignature(sent: string, now: number): Promise<Signed | string> {
  try {
    const { payload, protectedHeader } = await jwtVerify(sent, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...proofAlgorithms],
      requiredClaims: ['iat'],
      currentDate: new Date(now * 1_000),
      clockTolerance: WINDOW_SECONDS,
    });
    const { jwk = {} } = protectedHeader;
    if (secretMembers.some((member) => Object.hasOwn(jwk, member))) return 'jwk is more than a public key';
    return { claims: payload, jkt: await calculateJwkThumbprint(jwk) };
  } catch (error) {
    const isUnusable = error instanceof TypeError || error instanceof DOMException; // the key, not the signature
    if (isUnusable || error instanceof errors.JOSEError) return unverified(error);
    throw error;
  }
}

function unverified(error: Error): string {
  if (error instanceof errors.JOSEAlgNotAllowed) return `alg is not one of ${proofAlgorithms.join(', ')}`;
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
    return error.claim === 'typ' ? 'typ is not dpop+jwt' : `${error.claim} is missing or not valid`;
  return 'it is no JWT that the public key in its jwk has signed';
}

function wrongRequest({ htm, htu }: JWTPayload, { method, urls }: Expectation): string | undefined {
  if (htm !== method) return `htm is not ${method}`;
  const named = typeof htu === 'string' ? normalized(htu) : undefined;
  return urls.some((url) => normalized(url) === named) ? undefined : `htu is not ${urls[0]}`;
}

/** What browsers would make an address of, such as one with a space before it, is none. RFC 3986 §4.3. */
const ADDRESS = /^https?:\/\/[!-[\]-~]+$/i;

/** An address without query and fragment, in the one way of writing it. RFC 3986 §6.2.2, §6.2.3. */
function normalized(address: string): string | undefined {
  if (!ADDRESS.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const path = url.pathname.replaceAll(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase();
  });
  return `${url.protocol}//${url.username}:${url.password}@${url.host}${path}`;
}

function wrongTime({ iat = 0 }: JWTPayload, { now }: Expectation): string | undefined {
  if (iat < now - WINDOW_SECONDS) return 'iat is too long ago';
  return iat > now + WINDOW_SECONDS ? 'iat is in the future' : undefined;
}

function wrongToken({ ath }: JWTPayload, { accessToken }: Expectation): string | undefined {
  if (accessToken === undefined) return undefined;
  return ath === sha256(accessToken) ? undefined : 'ath is not the hash of the access token';
}

function hasNonce({ nonce }: JWTPayload, { nonces }: Expectation): boolean {
  if (nonces === undefined) return true;
  return typeof nonce === 'string' && nonces.some((one) => isSame(nonce, one));
}

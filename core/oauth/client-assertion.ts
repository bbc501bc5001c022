import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { issuersKey } from './key-set.ts';
import { typeIn } from './token-type.ts';
import { assertionAlgorithms, type PublicKeys } from './types.ts';

const LONGEST_LIFE_SECONDS = 600;
const LONGEST_ID = 200;
/** One that is made for something else, such as a proof of a key, is no assertion of who the client is. RFC 8725 §3.11. */
const TYPES: readonly unknown[] = ['client-authentication+jwt', 'jwt', ''];

/** What a checked assertion is remembered by, so that it serves once. */
export type Assertion = { readonly id: string; readonly expiresAt: number };

type Expectation = {
  readonly clientId: string;
  /** This server's issuer, and nothing else: an assertion for an endpoint could be meant for another server's. */
  readonly audience: string;
  readonly now: number;
};

/**
 * Checks that a client signed an assertion for this server alone, a short while ago. Undefined when it did not, or when
 * the key is not among these. RFC 7523 §3; draft-ietf-oauth-rfc7523bis §4.
 */
export async function verifyAssertion(
  assertion: string,
  keys: PublicKeys,
  { clientId, audience, now }: Expectation,
): Promise<Assertion | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms: assertionAlgorithms,
      issuer: clientId,
      subject: clientId,
      audience,
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(now * 1000),
      clockTolerance: 30,
    });
    const { jti, aud, exp = 0 } = payload;
    if (!TYPES.includes(typeIn(protectedHeader.typ))) return undefined;
    if (Array.isArray(aud) && aud.length !== 1) return undefined;
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID || !jti.isWellFormed()) return undefined; // jose takes any type
    return exp <= now + LONGEST_LIFE_SECONDS ? { id: jti, expiresAt: exp } : undefined;
  } catch (error) {
    const isUnusable = error instanceof TypeError || error instanceof DOMException; // the key, not the signature
    if (isUnusable || error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** The public keys in a document, but for those that are none. Undefined when it is no key set. RFC 7517 §5. */
export function keySetIn(document: unknown): PublicKeys | undefined {
  const read = z.object({ keys: z.array(z.unknown()) }).safeParse(document);
  if (!read.success) return undefined;
  const keys = read.data.keys.map((key) => issuersKey.safeParse(key));
  return { keys: keys.flatMap(({ success, data }) => (success ? [data] : [])) };
}

/** True if the key that an assertion names is among these: if not, the client may have new ones. RFC 7515 §4.1.4. */
export function namesKeyOf(assertion: string, { keys }: PublicKeys): boolean {
  try {
    const { kid } = decodeProtectedHeader(assertion);
    return kid === undefined ? keys.length > 0 : keys.some((key) => key.kid === kid);
  } catch (error) {
    if (error instanceof TypeError) return true;
    throw error;
  }
}

import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import { sha256 } from './digest.ts';
import { typeIn } from './token-type.ts';
import type { Trust, TrustKind } from './trust.ts';
import { assertionAlgorithms, type PublicKeys } from './types.ts';
import { verifyWithOneOf } from './verify-with-keys.ts';

/** An assertion by which somebody else's issuer says who calls. RFC 7523 §2.1. */
export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const ID_JAG_TYPE = 'oauth-id-jag+jwt';
const LONGEST_ASSERTION = 16_000;
const LONGEST_TEXT = 1_000;
const SKEW_SECONDS = 60;
const longestLifeSeconds: Readonly<Record<TrustKind, number>> = { 'id-jag': 600, workload: 86_400 };

/** What an assertion says before anything of it is checked: only to find who is to check it. */
export type Unchecked = { readonly type: string | undefined; readonly issuer: string; readonly claims: JWTPayload };

/** Reads what an assertion says, without believing it. Undefined when it is no signed JWT. */
export function readUnchecked(assertion: string): Unchecked | undefined {
  if (assertion.length > LONGEST_ASSERTION) return undefined;
  try {
    const claims = decodeJwt(assertion);
    const { typ } = decodeProtectedHeader(assertion);
    const { iss } = claims;
    if (typeof iss !== 'string' || iss.length > LONGEST_TEXT) return undefined;
    return { type: typeIn(typ), issuer: iss, claims };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** True if an assertion says that it is one about a person, for a client. */
export function isIdJag({ type }: Unchecked): boolean {
  return type === ID_JAG_TYPE;
}

/** What an assertion proves: who it is about, and until when. The id by which it is remembered, if it serves once. */
export type Proven = {
  readonly subject: string;
  readonly claims: JWTPayload;
  readonly once: { readonly id: string; readonly expiresAt: number } | undefined;
};

type Expectation = {
  readonly trust: Trust;
  /** What this authorization server may be called: the first is what the refusal asks for. */
  readonly audiences: readonly string[];
  /** The client that showed it, where one did. */
  readonly clientId: string | undefined;
  /** The thumbprint of the key that the request proves to hold, if it does. */
  readonly jkt?: string | undefined;
  readonly now: number;
};

/**
 * Checks an assertion of a trusted issuer. What is wrong with it is for the audit alone.
 * RFC 7523 §3; draft-ietf-oauth-identity-assertion-authz-grant-03 §6.1; SEP-1933.
 */
export async function verifyIdentityAssertion(
  assertion: string,
  keys: PublicKeys,
  expected: Expectation,
): Promise<Proven | { readonly refusal: string }> {
  const signed = await verifySignature(assertion, keys, expected);
  if (typeof signed === 'string') return { refusal: signed };
  const refusal =
    wrongAudience(signed, expected) ??
    wrongTimes(signed, expected) ??
    wrongBinding(signed, expected) ??
    (expected.trust.kind === 'id-jag' ? wrongParties(signed, expected) : undefined);
  if (refusal !== undefined) return { refusal };
  const { sub = '', jti, exp = 0 } = signed;
  if (!isText(sub)) return { refusal: 'sub is missing or too long' };
  const { kind, isReusable } = expected.trust;
  if (kind === 'workload' && isReusable) return { subject: sub, claims: signed, once: undefined };
  if (!isText(jti)) return { refusal: 'jti is missing or too long, and the trust is not reusable' };
  return { subject: sub, claims: signed, once: { id: sha256(jti), expiresAt: exp } };
}

/** One that is not well-formed has the hash of another. */
function isText(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== '' && claim.length <= LONGEST_TEXT && claim.isWellFormed();
}

async function verifySignature(
  assertion: string,
  keys: PublicKeys,
  { trust, now }: Expectation,
): Promise<JWTPayload | string> {
  try {
    const { payload, protectedHeader } = await verifyWithOneOf(assertion, keys, {
      algorithms: assertionAlgorithms,
      issuer: trust.issuer,
      currentDate: new Date(now * 1_000),
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['iss', 'sub', 'aud', 'iat', 'exp'],
    });
    return wrongType(protectedHeader.typ, trust.kind) ?? payload;
  } catch (error) {
    const isUnusable = error instanceof TypeError || error instanceof DOMException; // the key, not the signature
    if (isUnusable || error instanceof errors.JOSEError) return error.message.slice(0, 200);
    throw error;
  }
}

/**
 * An ID-JAG has a type of its own. For a workload's token there is none, so any that says what else a token is for, such
 * as `at+jwt`, is refused. RFC 8725 §3.11.
 */
function wrongType(typ: unknown, kind: TrustKind): string | undefined {
  const type = typeIn(typ);
  if (kind === 'id-jag') return type === ID_JAG_TYPE ? undefined : `typ is not ${ID_JAG_TYPE}`;
  return type === '' || type === 'jwt' ? undefined : 'typ is of a token that is made for something else';
}

/** One audience, this server, letter by letter. RFC 7519 §4.1.3; draft-ietf-oauth-rfc7523bis §4. */
function wrongAudience({ aud }: JWTPayload, { audiences }: Expectation): string | undefined {
  const [one, ...others] = [aud].flat();
  if (others.length > 0) return 'aud names several audiences';
  return typeof one === 'string' && audiences.includes(one) ? undefined : `aud is not ${audiences[0]}`;
}

function wrongTimes({ iat, exp }: JWTPayload, { trust, now }: Expectation): string | undefined {
  if (typeof iat !== 'number' || typeof exp !== 'number') return 'iat or exp is no number';
  if (iat > now + SKEW_SECONDS) return 'iat is in the future';
  const longest = longestLifeSeconds[trust.kind];
  return exp - iat > longest || exp > now + longest + SKEW_SECONDS
    ? `it lives longer than ${longest} seconds`
    : undefined;
}

/** An assertion that is bound to a key counts only with a proof of that key, and of nothing else. RFC 7800 §3, RFC 9449 §6. */
function wrongBinding({ cnf }: JWTPayload, { jkt }: Expectation): string | undefined {
  if (cnf === undefined) return undefined;
  const isProven = jkt !== undefined && JSON.stringify(cnf) === JSON.stringify({ jkt });
  return isProven ? undefined : 'cnf is not the key of a DPoP proof that came with it';
}

/** What an ID-JAG says besides: for which client, in which of our tenants, and what we do not serve. */
function wrongParties(claims: JWTPayload, { trust, clientId }: Expectation): string | undefined {
  if (claims.client_id !== clientId) return 'client_id is not the client that showed it';
  if (claims.aud_tenant !== undefined && claims.aud_tenant !== trust.tenant) return `aud_tenant is not ${trust.tenant}`;
  return claims.authorization_details === undefined ? undefined : 'authorization_details are not served';
}

/** The texts in a claim that is one, or a list of them. Undefined when it is anything else. */
export function textsIn(claim: unknown): readonly string[] | undefined {
  if (claim === undefined) return [];
  const all = [claim].flat();
  return all.every((one) => typeof one === 'string') ? all : undefined;
}

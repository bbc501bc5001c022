import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { type Signer, verifySignature, wrongIssuer, wrongTime } from './id-token.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** What says that a token is for logging out, and what says nothing. Many providers say no more than that it is a JWT. */
const TYPES = ['logout+jwt', 'application/logout+jwt', 'jwt', 'application/jwt'];
const LONGEST = 255;

/** Whom a provider logs out: a person there, one of their sessions there, or both. */
export type LogoutToken = {
  readonly claims: Readonly<Record<string, unknown>> & { readonly iss: string; readonly jti: string };
  readonly sid: string | undefined;
  /** From when on it is too old anyway. */
  readonly expiresAt: number;
};

type Read = LogoutToken | { readonly refusal: string };

/** How long a token is looked at after it was made. */
const OLDEST_SECONDS = 660;

/**
 * What is wrong with a token for logging out that needs no key to be seen: so nobody has keys fetched with what could not
 * hold. Undefined for one that may hold. OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6.
 */
export function wrongAtSight(token: string, clientId: string, now: number): string | undefined {
  const read = decoded(token);
  if (typeof read === 'string') return read;
  const { typ, claims } = read;
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.includes(typ.toLowerCase()))) return 'typ is another';
  if (![claims.aud].flat().includes(clientId)) return 'aud is another client';
  return wrongClaims(claims) ?? wrongTime(claims, { now });
}

/** Checks a token for logging out, with its signature. */
export async function verifyLogoutToken(token: string, expected: Signer): Promise<Read> {
  const atSight = wrongAtSight(token, expected.provider.clientId, expected.now);
  if (atSight !== undefined) return { refusal: atSight };
  const signed = await verifySignature(token, expected, ['iss', 'aud', 'iat', 'jti', 'events']);
  if ('refusal' in signed) return signed;
  const { claims } = signed;
  const refusal = wrongIssuer(claims, expected);
  if (refusal !== undefined) return { refusal };
  const { jti, sid, iat } = claims;
  const expiresAt = Number(iat) + OLDEST_SECONDS;
  return { claims: { ...claims, jti: String(jti) }, sid: typeof sid === 'string' ? sid : undefined, expiresAt };
}

function decoded(token: string): { readonly typ: unknown; readonly claims: JWTPayload } | string {
  try {
    return { typ: decodeProtectedHeader(token).typ, claims: decodeJwt(token) };
  } catch {
    return 'logout_token is no signed JWT';
  }
}

function wrongClaims({ events, nonce, jti, sub, sid }: JWTPayload): string | undefined {
  if (!isRecord(events) || !isRecord(events[EVENT])) return 'events does not say that it is for logging out';
  // Or an ID token could serve as one.
  if (nonce !== undefined) return 'nonce must not be there';
  if (!isShortText(jti)) return 'jti is no text of up to 255 characters';
  if (sub === undefined && sid === undefined) return 'neither sub nor sid is there';
  if (sub !== undefined && !isShortText(sub)) return 'sub is no text of up to 255 characters';
  return sid === undefined || isShortText(sid) ? undefined : 'sid is no text of up to 255 characters';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST && value.isWellFormed();
}

import { isSame, sha256 } from './digest.ts';
import { OAuthError } from './error.ts';

/** The S256 challenge of a request, checked. Throws when it is missing, plain or not a SHA-256 hash. RFC 7636 §4.3. */
export function requireChallenge(challenge: string | undefined, method: string | undefined): string {
  if (!challenge) throw new OAuthError('invalid_request', 'code_challenge is required');
  if (method !== 'S256') throw new OAuthError('invalid_request', 'code_challenge_method must be S256');
  return requireHash('code_challenge', challenge);
}

/** A parameter that is a SHA-256 hash in base64url, checked. RFC 7636 §4.2, RFC 9449 §10. */
export function requireHash(name: string, value: string): string {
  if (/^[\w-]{43}$/.test(value)) return value;
  throw new OAuthError('invalid_request', `${name} must be the base64url of a SHA-256 hash`);
}

/** True if the verifier is the one that the challenge was made from. RFC 7636 §4.6. */
export function isVerifierOf(challenge: string, verifier: string | undefined): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(verifier ?? '') && isSame(sha256(verifier ?? ''), challenge);
}

import { isSame, sha256 } from './digest.ts';
import { OAuthError } from './error.ts';

/** The S256 challenge of a request, checked. Throws when it is missing, plain or not a SHA-256 hash. RFC 7636 §4.3. */
export function requireChallenge(challenge: string | undefined, method: string | undefined): string {
  if (!challenge) throw new OAuthError('invalid_request', 'code_challenge is required');
  if (method !== 'S256') throw new OAuthError('invalid_request', 'code_challenge_method must be S256');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    throw new OAuthError('invalid_request', 'code_challenge must be the base64url of a SHA-256 hash');
  }
  return challenge;
}

/** True if the verifier is the one that the challenge was made from. RFC 7636 §4.6. */
export function isVerifierOf(challenge: string, verifier: string | undefined): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(verifier ?? '') && isSame(sha256(verifier ?? ''), challenge);
}

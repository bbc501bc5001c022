import { OAuthError } from './error.ts';

/** Signatures of proofs: anyone can check them, and nobody but who holds the key can make them. RFC 9449 §4.2. */
export const proofAlgorithms = ['ES256', 'ES384', 'PS256', 'RS256', 'Ed25519', 'EdDSA'] as const;

type Refresh = {
  /** The key of the proof that came with the refresh token, if one did. */
  readonly jkt: string | undefined;
  /** Whether the client has proven who it is, so that nobody else can use its refresh token. */
  readonly isProven: boolean;
};

/**
 * Refuses to refresh what is bound to a key without a proof of one. It must be the same key, unless the client proves who
 * it is in another way. RFC 9449 §5.
 */
export function requireSameKey(bound: string | undefined, { jkt, isProven }: Refresh): void {
  if (bound === undefined || bound === jkt) return;
  if (jkt === undefined)
    throw new OAuthError('invalid_dpop_proof', 'The refresh token is bound to a key: send a DPoP proof');
  if (!isProven)
    throw new OAuthError('invalid_grant', 'The refresh token is not valid', 400, { cause: 'a proof of another key' });
}

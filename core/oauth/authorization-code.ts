import { OAuthError } from './error.ts';
import { isVerifierOf } from './pkce.ts';
import { requireOwnResource } from './resource.ts';
import type { AuthorizationCode } from './types.ts';

/** What a client sends to redeem a code. RFC 6749 §4.1.3, RFC 7636 §4.5. */
type Redemption = {
  readonly clientId: string;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
  readonly resources: readonly string[];
  /** The thumbprint of the key that it proves to hold, if it does. RFC 9449 §10. */
  readonly jkt?: string | undefined;
  readonly now: number;
};

/**
 * Says what a presented code is, once it has proven to be this client's own.
 * `replayed` is a code that is right in every other way but was redeemed before; a wrong one never gets that far,
 * so that nobody but the client can end the grant. Throws `invalid_grant` or `invalid_target`, and costs the code nothing.
 * RFC 6749 §4.1.2, OAuth 2.1 §4.1.3.
 */
export function judgeAuthorizationCode(
  code: AuthorizationCode,
  { clientId, redirectUri, verifier, resources, jkt, now }: Redemption,
): { readonly verdict: 'valid' | 'replayed'; readonly code: AuthorizationCode } {
  if (code.clientId !== clientId) throw notValid('the code of another client');
  if (redirectUri !== undefined && redirectUri !== code.redirectUri) throw notValid('another redirect URI');
  if (!isVerifierOf(code.codeChallenge, verifier)) throw notValid('the verifier is not of the challenge');
  if (code.dpopJkt !== undefined && code.dpopJkt !== jkt) throw notValid('no proof of the key that was named');
  requireOwnResource(resources, code.resource);
  if (code.usedAt !== undefined) return { verdict: 'replayed', code };
  if (code.expiresAt <= now) throw notValid('the code has expired');
  return { verdict: 'valid', code };
}

/** The one refusal of a code: the same words whatever is wrong with it. */
export function notValid(cause: string): OAuthError {
  return new OAuthError('invalid_grant', 'The authorization code is not valid', 400, { cause });
}

import { issuer } from '#core/issuer.ts';
import { signAccessToken } from '#core/keys/sign.ts';
import { accessTokenClaims } from '#core/oauth/access-token.ts';
import type { Grant } from '#core/oauth/types.ts';
import { usedProof } from '#core/proof.ts';
import { lifetimes } from '#generated';
import type { TokenRequest } from './binding.ts';

/** A successful answer of the token endpoint. RFC 6749 §5.1. */
export type Tokens = {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token: string | undefined;
};

/**
 * A new access token of a grant, for all of its scopes or fewer, bound to the key of the request if there is one. RFC 9068 §2,
 * RFC 9449 §5. The proof is taken while the token is signed.
 */
export async function accessTokenOf(
  grant: Grant,
  scopes: readonly string[],
  { key, now }: TokenRequest,
): Promise<Omit<Tokens, 'refresh_token'>> {
  const { subject, tenant, clientId, resource } = grant;
  const lifetimeSeconds = lifetimes.accessTokenSeconds;
  const claims = accessTokenClaims({
    subject,
    tenant,
    grantId: grant.id,
    clientId,
    scopes,
    resource,
    issuer,
    jkt: key?.jkt,
    now,
    lifetimeSeconds,
  });
  const [token, isFirst] = await Promise.all([signAccessToken(claims), key?.take()]);
  if (key && !isFirst) throw usedProof(key);
  return {
    access_token: token,
    token_type: key ? 'DPoP' : 'Bearer',
    expires_in: lifetimeSeconds,
    scope: claims.scope,
  };
}

/** When a grant ends that was used now: after it has lain idle, or for good. */
export function grantEndsAt(createdAt: number, now: number): number {
  return Math.min(now + lifetimes.grantIdleSeconds, createdAt + lifetimes.grantSeconds);
}

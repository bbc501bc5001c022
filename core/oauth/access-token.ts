import type { Principal } from './types.ts';

/** The claims of an access token. `grant_id` is ours: it is how a revoked grant stops its tokens. RFC 9068 §2.2. */
export type AccessTokenClaims = {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly client_id: string;
  readonly scope: string;
  readonly tenant: string;
  readonly grant_id: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
};

type Issue = Principal & {
  readonly grantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly issuer: string;
  readonly id: string;
  readonly now: number;
  readonly lifetimeSeconds: number;
};

/** The claims of a new access token. RFC 9068 §2.2. */
export function accessTokenClaims(issue: Issue): AccessTokenClaims {
  return {
    iss: issue.issuer,
    sub: issue.subject,
    aud: issue.resource,
    client_id: issue.clientId,
    scope: issue.scopes.join(' '),
    tenant: issue.tenant,
    grant_id: issue.grantId,
    jti: issue.id,
    iat: issue.now,
    exp: issue.now + issue.lifetimeSeconds,
  };
}

/** What an access token proves to whoever has checked it. */
export type AccessToken = Principal & {
  readonly grantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly id: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import type { Principal } from './types.ts';

/** The claims of an access token. `grant_id` is ours: it is how a revoked grant stops its tokens. RFC 9068 §2.2. */
const claimsShape = z.object({
  sub: z.string(),
  tenant: z.string(),
  client_id: z.string(),
  scope: z.string(),
  grant_id: z.string(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
});
export type AccessTokenClaims = z.output<typeof claimsShape> & { readonly iss: string; readonly aud: string };

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
  readonly expiresAt: number;
};

type Expectation = { readonly issuer: string; readonly resource: string; readonly now: number };

/** A JWK set. RFC 7517 §5. */
export type PublicKeys = JSONWebKeySet;

/** A check of access tokens against these public keys. It needs no network, and knows nothing of revocation. */
export function accessTokenVerifier(keys: PublicKeys) {
  const keySet = createLocalJWKSet(keys);
  /** The token's content if it is ours, for this resource and not expired, else undefined. RFC 9068 §4. */
  return async (token: string, { issuer, resource, now }: Expectation): Promise<AccessToken | undefined> => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        typ: 'at+jwt',
        algorithms: ['ES256'],
        issuer,
        audience: resource,
        currentDate: new Date(now * 1000),
      });
      const claims = claimsShape.safeParse(payload);
      return claims.success ? content(claims.data) : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };
}

function content(claims: z.output<typeof claimsShape>): AccessToken {
  return {
    subject: claims.sub,
    tenant: claims.tenant,
    grantId: claims.grant_id,
    clientId: claims.client_id,
    scopes: claims.scope.split(' ').filter(Boolean),
    expiresAt: claims.exp,
  };
}

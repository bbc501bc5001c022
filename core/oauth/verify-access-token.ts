import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import type { AccessToken } from './access-token.ts';
import { grantIdOf } from './grant.ts';
import { personalTenant } from './tenant.ts';

const claimsShape = z.object({
  sub: z.string(),
  tenant: z.optional(z.string()),
  client_id: z.string(),
  scope: z.string(),
  cnf: z.optional(z.object({ jkt: z.string() })),
  /** Only in tokens from before `jti` began with the grant. */
  grant_id: z.optional(z.string()),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
});

type Expectation = { readonly issuer: string; readonly resource: string; readonly now: number };

/** A check of access tokens against these public keys. It needs no network, and knows nothing of revocation. */
export function accessTokenVerifier(keys: JSONWebKeySet) {
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

function content(claims: z.output<typeof claimsShape>): AccessToken | undefined {
  const grantId = claims.grant_id ?? grantNamedBy(claims);
  if (!grantId) return undefined;
  return {
    subject: claims.sub,
    tenant: claims.tenant ?? personalTenant(claims.sub),
    grantId,
    clientId: claims.client_id,
    scopes: claims.scope.split(' ').filter(Boolean),
    id: claims.jti,
    jkt: claims.cnf?.jkt,
    issuedAt: claims.iat,
    expiresAt: claims.exp,
  };
}

function grantNamedBy({ sub, jti }: { readonly sub: string; readonly jti: string }): string | undefined {
  const own = /^([^.]+)\.[^.]+$/.exec(jti)?.[1];
  return own && grantIdOf(sub, own);
}

import { newId } from './digest.ts';
import { ownPartOf } from './grant.ts';
import { kindOf, type PrincipalKind } from './principal.ts';
import { personalTenant } from './tenant.ts';
import type { Principal } from './types.ts';

const ID_LENGTH = 11;

/**
 * The claims of an access token, each as short as it can be: some clients have room for 1,280 characters in all.
 * `jti` is the grant's own part of its id and, after a dot, what is the token's own; with `sub` it names the grant, which
 * is how a revoked grant stops its tokens. `tenant` is left out where it is the person's own, `kind` for a person, and `cnf`
 * where the token is bound to no key. RFC 9068 §2.2, RFC 9449 §6.1.
 */
export type AccessTokenClaims = {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly client_id: string;
  readonly scope: string;
  readonly tenant?: string;
  readonly kind?: PrincipalKind;
  readonly cnf?: { readonly jkt: string };
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
  /** The thumbprint of the key that the token is bound to, if it is. */
  readonly jkt?: string | undefined;
  readonly now: number;
  readonly lifetimeSeconds: number;
};

/** The claims of a new access token. RFC 9068 §2.2. */
export function accessTokenClaims(issue: Issue): AccessTokenClaims {
  const isOwnTenant = issue.tenant === personalTenant(issue.subject);
  const kind = kindOf(issue.subject);
  return {
    iss: issue.issuer,
    sub: issue.subject,
    aud: issue.resource,
    client_id: issue.clientId,
    scope: issue.scopes.join(' '),
    ...(isOwnTenant ? {} : { tenant: issue.tenant }),
    ...(kind === 'person' ? {} : { kind }),
    ...(issue.jkt === undefined ? {} : { cnf: { jkt: issue.jkt } }),
    jti: `${ownPartOf(issue.grantId)}.${newId().slice(0, ID_LENGTH)}`,
    iat: issue.now,
    exp: issue.now + issue.lifetimeSeconds,
  };
}

/** What an access token proves once it has been checked. */
export type AccessToken = Principal & {
  readonly grantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly id: string;
  /** The thumbprint of the key that it is bound to, if it is. */
  readonly jkt: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

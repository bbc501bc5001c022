import { issuer, mcpUrl } from '#core/issuer.ts';
import type { AccessToken } from '#core/oauth/access-token.ts';
import { isLive } from '#core/oauth/grant.ts';
import { grantableScopes } from '#core/oauth/permission.ts';
import { kindOf } from '#core/oauth/principal.ts';
import { judgeRefreshToken, type RefreshToken } from '#core/oauth/refresh-token.ts';
import type { Client } from '#core/oauth/types.ts';
import { type GrantContext, holds } from '#core/store/grant-context.ts';
import { policyOf } from '#core/store/tenants.ts';
import { scopes as catalogue, tools } from '#generated';

type Context = GrantContext & { readonly client: Client; readonly now: number };

/** What an access token is good for now, if it is any of the caller's business. RFC 7662 §2.2. */
export function describeAccessToken(token: AccessToken, context: Context): object | undefined {
  const { client, now } = context;
  const mayAsk = client.isResourceServer || token.clientId === client.id;
  if (!mayAsk || !holds(context, now)) return undefined;
  return {
    active: true,
    token_type: token.jkt === undefined ? 'Bearer' : 'DPoP',
    cnf: confirmation(token),
    scope: stillAllowed(token, context).join(' '),
    client_id: token.clientId,
    sub: token.subject,
    tenant: token.tenant,
    kind: kindOf(token.subject),
    iss: issuer,
    aud: mcpUrl,
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.id,
  };
}

/** The key that a token is bound to, if it is. RFC 9449 §6.2. */
function confirmation({ jkt }: Pick<AccessToken, 'jkt'>): object | undefined {
  return jkt === undefined ? undefined : { jkt };
}

/** A policy that has been narrowed since holds for tokens that were issued before, with other resource servers too. */
function stillAllowed({ scopes, tenant }: AccessToken, { person, policy }: Context): readonly string[] {
  const standing = { role: person?.role ?? 'member', policy: policyOf(tenant, policy) } as const;
  const grantable = grantableScopes(tools, standing, catalogue);
  return scopes.filter((scope) => grantable.includes(scope));
}

/** What a refresh token is good for now, to the client that holds it and to nobody else. RFC 7662 §2.2. */
export function describeRefreshToken(token: RefreshToken, { client, grant, person, now }: Context): object | undefined {
  if (!isLive(grant, person, now) || grant.clientId !== client.id) return undefined;
  if (judgeRefreshToken(token, grant.ratchet, now, 0) !== 'current') return undefined;
  const { scopes, subject, tenant, createdAt, expiresAt } = grant;
  const common = { active: true, token_type: 'refresh_token', scope: scopes.join(' '), client_id: client.id };
  return {
    ...common,
    cnf: confirmation({ jkt: grant.jkt }),
    sub: subject,
    tenant,
    iss: issuer,
    iat: createdAt,
    exp: expiresAt,
  };
}

import { issuer, mcpUrl } from '#core/issuer.ts';
import type { AuthorizationRequest } from '#core/oauth/types.ts';
import { paths } from '#core/routes.ts';

/** By its own address, which no client can have: a document is never read from this server. */
const accountUrl = `${issuer}${paths.account}`;

/**
 * The request of a sign-in that leads to a page of the account. It asks for nothing, so nothing could be granted: what it
 * has of a client's request only says where it leads.
 */
export function requestForAccount(path: string): AuthorizationRequest {
  const redirectUri = `${issuer}${path}`;
  return { clientId: accountUrl, redirectUri, state: undefined, scopes: [], resource: mcpUrl, codeChallenge: '' };
}

/** True if a sign-in leads to the account page and not to a client. */
export function isForAccount({ clientId }: Pick<AuthorizationRequest, 'clientId'>): boolean {
  return clientId === accountUrl;
}

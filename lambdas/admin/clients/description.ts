import type { Client } from '#core/oauth/types.ts';
import type { ListedClient } from '#core/store/operator-clients.ts';
import { iso } from '../iso.ts';
import type { Known } from './known-client.ts';
import { hasSecrets } from './operator-client.ts';

/** A client for the operator's eyes, in the words of RFC 7591 where it has them. Its secrets are only counted. */
export function described({ client, origin, ttl }: Known): object {
  return {
    ...summarised(client, origin),
    redirect_uris: client.redirectUris,
    secrets: hasSecrets(client) ? client.secretHashes.length : undefined,
    jwks: client.jwks,
    jwks_uri: client.jwksUri,
    dpop_bound_access_tokens: client.dpopBoundAccessTokens || undefined,
    tenant: client.machine?.tenant,
    scopes: client.machine?.scopes,
    expires_at: ttl === undefined ? undefined : iso(ttl),
  };
}

/** A client in a list. */
export function summarised(client: ListedClient | Client, origin: Known['origin']): object {
  const { id, name, authMethods, isResourceServer = false, registeredAt } = client;
  const isMachine = 'machine' in client && client.machine !== undefined;
  return {
    client_id: id,
    client_name: name,
    token_endpoint_auth_method: authMethods[0],
    is_resource_server: isResourceServer,
    is_machine: isMachine || undefined,
    origin,
    registered_at: origin === 'settings' ? undefined : iso(registeredAt),
  };
}

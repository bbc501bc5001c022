import { issuer } from '#core/issuer.ts';
import type { Client } from '#core/oauth/types.ts';
import { paths } from '#core/routes.ts';

/** What a client is told about its registration, with the secret if that is new. RFC 7591 §3.2.1, RFC 7592 §3. */
export function information(client: Client, registrationToken: string, secret?: string): object {
  return {
    client_id: client.id,
    client_id_issued_at: client.registeredAt,
    client_secret: secret,
    client_secret_expires_at: secret === undefined ? undefined : 0,
    registration_access_token: registrationToken,
    registration_client_uri: `${issuer}${paths.register}/${client.id}`,
    client_name: client.name,
    client_uri: client.uri,
    redirect_uris: client.redirectUris,
    token_endpoint_auth_method: client.authMethods[0],
    jwks: client.jwks,
    jwks_uri: client.jwksUri,
    dpop_bound_access_tokens: client.dpopBoundAccessTokens,
    grant_types: client.grantTypes,
    response_types: ['code'],
  };
}

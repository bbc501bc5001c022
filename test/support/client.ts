import type { Client } from '#core/oauth/types.ts';

/** A public client with one redirect URI, but for what a test changes. */
export function clientWith(changes: Partial<Client> = {}): Client {
  return {
    id: 'client',
    name: undefined,
    uri: undefined,
    redirectUris: ['https://client.example/cb'],
    authMethods: ['none'],
    secretHashes: [],
    jwks: undefined,
    jwksUri: undefined,
    grantTypes: ['authorization_code', 'refresh_token'],
    registeredAt: 0,
    ...changes,
  };
}

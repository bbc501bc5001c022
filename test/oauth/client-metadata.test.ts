import { describe, expect, test } from 'vitest';
import { parseClientMetadata } from '#core/oauth/client-metadata.ts';

const redirect_uris = ['https://client.example/cb'];

describe('client metadata, RFC 7591 §2', () => {
  test('fills in the defaults', () => {
    expect(parseClientMetadata({ redirect_uris })).toEqual({
      redirectUris: redirect_uris,
      authMethod: 'client_secret_basic',
      grantTypes: ['authorization_code', 'refresh_token'],
      name: undefined,
      uri: undefined,
    });
  });

  test('treats null as left out, and passes over members it does not know', () => {
    const metadata = { redirect_uris, client_name: null, client_uri: null, software_id: 'x', jwks: { keys: [] } };
    expect(parseClientMetadata(metadata)).toMatchObject({ name: undefined, uri: undefined });
  });

  test('drops the grants that are not served here', () => {
    const grant_types = ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'];
    expect(parseClientMetadata({ redirect_uris, grant_types }).grantTypes).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
  });

  test('keeps all redirect URIs when one of them can be used', () => {
    const mixed = ['http://remote.example/cb', ...redirect_uris];
    expect(parseClientMetadata({ redirect_uris: mixed }).redirectUris).toEqual(mixed);
  });

  test.for([
    [{}],
    [{ redirect_uris: [] }],
    [{ redirect_uris: 'https://client.example/cb' }],
    [{ redirect_uris: [123] }],
    [{ redirect_uris: ['http://remote.example/cb'] }],
    [{ redirect_uris: ['https://client.example/cb#fragment'] }],
    [{ redirect_uris: Array.from({ length: 100 }, () => redirect_uris[0]) }],
    [{ redirect_uris: [`https://client.example/${'a'.repeat(8_000)}`] }],
  ])('refuses the redirect URIs of %j', ([metadata]) => {
    expect(() => parseClientMetadata(metadata)).toThrow(expect.objectContaining({ code: 'invalid_redirect_uri' }));
  });

  test.for([
    [null],
    ['text'],
    [[]],
    [{ redirect_uris, token_endpoint_auth_method: 'client_secret_jwt' }],
    [{ redirect_uris, token_endpoint_auth_method: 'tls_client_auth' }],
    [{ redirect_uris, grant_types: ['refresh_token'] }],
    [{ redirect_uris, response_types: ['token'] }],
    [{ redirect_uris, logo_uri: 'javascript:alert(1)' }],
    [{ redirect_uris, client_uri: 'data:text/html,hello' }],
    [{ redirect_uris, client_name: 'Clau\u202ede' }],
    [{ redirect_uris, client_name: 'Claude\u0000' }],
    [{ redirect_uris, client_name: 'x'.repeat(201) }],
  ])('refuses %j', ([metadata]) => {
    expect(() => parseClientMetadata(metadata)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

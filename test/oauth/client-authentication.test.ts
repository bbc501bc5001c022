import { describe, expect, test } from 'vitest';
import { authenticateClient, clientCredentials } from '#core/oauth/client-authentication.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { AuthMethod, Client } from '#core/oauth/types.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const nothing = { authorization: undefined, clientId: undefined, clientSecret: undefined };

describe('client credentials, RFC 6749 §2.3.1', () => {
  test.for([
    ['a public client in the form', { clientId: 'a' }, { clientId: 'a', secret: undefined }],
    ['a secret in the form', { clientId: 'a', clientSecret: 's' }, { clientId: 'a', secret: 's' }],
    ['a secret in the header', { authorization: basic('a:s') }, { clientId: 'a', secret: 's' }],
    ['the same client in both', { authorization: basic('a:s'), clientId: 'a' }, { clientId: 'a', secret: 's' }],
    ['a form-encoded header', { authorization: basic('a%3Ab:s%25+t') }, { clientId: 'a:b', secret: 's% t' }],
    ['a secret with a colon', { authorization: basic('a:s:t') }, { clientId: 'a', secret: 's:t' }],
    ['no secret in the header', { authorization: basic('a:') }, { clientId: 'a', secret: undefined }],
  ] as const)('reads %s', ([, sent, credentials]) => {
    expect(clientCredentials({ ...nothing, ...sent })).toEqual(credentials);
  });

  test.for([
    ['no client at all', {}, 'invalid_client'],
    ['another scheme', { authorization: 'Bearer abc' }, 'invalid_client'],
    ['broken base64', { authorization: 'Basic ***' }, 'invalid_client'],
    ['no colon', { authorization: basic('client') }, 'invalid_client'],
    ['no id', { authorization: basic(':secret') }, 'invalid_client'],
    ['broken form encoding', { authorization: basic('%zz:secret') }, 'invalid_client'],
    ['two secrets', { authorization: basic('a:s'), clientSecret: 's' }, 'invalid_request'],
    ['two clients', { authorization: basic('a:s'), clientId: 'b' }, 'invalid_request'],
  ] as const)('refuses %s', ([, sent, code]) => {
    expect(() => clientCredentials({ ...nothing, ...sent })).toThrow(expect.objectContaining({ code }));
  });
});

describe('client authentication, RFC 6749 §3.2.1', () => {
  const client = (authMethod: AuthMethod, secret?: string): Client => ({
    ...{ id: 'a', name: undefined, uri: undefined, redirectUris: [], grantTypes: [], registeredAt: 0, authMethod },
    secretHash: secret === undefined ? undefined : sha256(secret),
  });

  test.for([
    ['a public client without a secret', client('none'), undefined],
    ['a confidential client with its secret', client('client_secret_basic', 's'), 's'],
    ['a confidential client that sends its secret the other way', client('client_secret_post', 's'), 's'],
  ] as const)('lets pass %s', ([, known, secret]) => {
    expect(authenticateClient(known, { clientId: 'a', secret })).toBe(known);
  });

  test.for([
    ['a client that is not known', undefined, undefined],
    ['a public client with a secret', client('none'), 's'],
    ['a confidential client without its secret', client('client_secret_basic', 's'), undefined],
    ['a confidential client with another secret', client('client_secret_basic', 's'), 't'],
    ['a confidential client whose secret is lost', client('client_secret_basic'), 's'],
  ] as const)('refuses %s with 401', ([, known, secret]) => {
    const authenticate = () => authenticateClient(known, { clientId: 'a', secret });
    expect(authenticate).toThrow(expect.objectContaining({ code: 'invalid_client', status: 401 }));
  });
});

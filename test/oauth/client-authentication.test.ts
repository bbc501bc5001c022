import { describe, expect, test } from 'vitest';
import { clientCredentials, isProven } from '#core/oauth/client-authentication.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { AuthMethod } from '#core/oauth/types.ts';
import { clientWith } from '../support/client.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const nothing = {
  authorization: undefined,
  clientId: undefined,
  clientSecret: undefined,
  assertion: undefined,
  assertionType: undefined,
};
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const assertionOf = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;
const assertion = assertionOf('{"sub":"a"}');

describe('client credentials, RFC 6749 §2.3.1', () => {
  test.for([
    ['a public client in the form', { clientId: 'a' }, { clientId: 'a', secret: undefined }],
    ['a secret in the form', { clientId: 'a', clientSecret: 's' }, { clientId: 'a', secret: 's' }],
    ['a secret in the header', { authorization: basic('a:s') }, { clientId: 'a', secret: 's' }],
    [
      'the header of RFC 6749 §2.3.1',
      { authorization: 'Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3' },
      { clientId: 's6BhdRkqt3', secret: '7Fjfp0ZBr1KtDRbnfVdmIw' },
    ],
    ['a scheme in lower case', { authorization: basic('a:s').replace('B', 'b') }, { clientId: 'a', secret: 's' }],
    ['the same client in both', { authorization: basic('a:s'), clientId: 'a' }, { clientId: 'a', secret: 's' }],
    ['a form-encoded header', { authorization: basic('a%3Ab:s%25+t') }, { clientId: 'a:b', secret: 's% t' }],
    ['a secret with a colon', { authorization: basic('a:s:t') }, { clientId: 'a', secret: 's:t' }],
    [
      'an assertion with the client beside it',
      { clientId: 'a', assertion, assertionType },
      { clientId: 'a', assertion },
    ],
    ['an assertion alone', { assertion, assertionType }, { clientId: 'a', assertion }],
    ['no secret in the header', { authorization: basic('a:') }, { clientId: 'a', secret: undefined }],
  ] as const)('reads %s', ([, sent, credentials]) => {
    expect(clientCredentials({ ...nothing, ...sent })).toEqual({
      secret: undefined,
      assertion: undefined,
      ...credentials,
    });
  });

  test.for([
    ['no client at all', {}],
    ['another scheme', { authorization: 'Bearer abc' }],
    ['another scheme that ends alike', { authorization: `X${basic('a:s')}` }],
    ['broken base64', { authorization: 'Basic ***' }],
    ['base64 with more padding than there is', { authorization: 'Basic YTpz===' }],
    ['something after the base64', { authorization: `${basic('a:s')} x` }],
    ['no colon', { authorization: basic('client') }],
    ['no id', { authorization: basic(':secret') }],
    ['no id before two colons', { authorization: basic(':a:s') }],
    ['broken form encoding', { authorization: basic('%zz:secret') }],
    ['an assertion that is none', { assertion: 'a.b.c', assertionType }],
    ['an assertion without claims', { assertion: 'a', assertionType }],
    ['an assertion about nobody', { assertion: assertionOf('{}'), assertionType }],
    ['an assertion about a number', { assertion: assertionOf('{"sub":1}'), assertionType }],
    ['an assertion of null', { assertion: assertionOf('null'), assertionType }],
    ['an assertion of a text', { assertion: assertionOf('"sub"'), assertionType }],
    ['an id longer than any of ours', { clientId: 'a'.repeat(1_001) }],
  ] as const)('refuses %s with 401, RFC 6749 §5.2', ([, sent]) => {
    expect(() => clientCredentials({ ...nothing, ...sent })).toThrow(
      expect.objectContaining({ code: 'invalid_client', status: 401 }),
    );
  });

  test.for([
    ['two secrets', { authorization: basic('a:s'), clientSecret: 's' }],
    ['a secret and an assertion', { clientId: 'a', clientSecret: 's', assertion, assertionType }],
    ['an assertion of another kind', { assertion, assertionType: 'saml2' }],
    ['an assertion of no kind', { clientId: 'a', assertion }],
    ['two clients', { authorization: basic('a:s'), clientId: 'b' }],
  ] as const)('refuses %s as a request that cannot be read', ([, sent]) => {
    expect(() => clientCredentials({ ...nothing, ...sent })).toThrow(
      expect.objectContaining({ code: 'invalid_request', status: 400 }),
    );
  });

  test.for([1, 1_000])('takes an id of %i characters', (length) => {
    expect(clientCredentials({ ...nothing, clientId: 'a'.repeat(length) }).clientId).toHaveLength(length);
  });
});

describe('client authentication, RFC 6749 §2.3.1', () => {
  const client = (authMethods: readonly AuthMethod[], ...secrets: readonly string[]) =>
    clientWith({ id: 'a', authMethods, secretHashes: secrets.map(sha256) });
  const shown = { clientId: 'a', secret: undefined, assertion: undefined };
  const bySecret = ['client_secret_basic', 'client_secret_post'] as const;

  test.for([
    ['a public client that shows nothing', client(['none']), {}],
    ['a confidential client with its secret', client(bySecret, 's'), { secret: 's' }],
    ['a confidential client that only uses the header', client(['client_secret_basic'], 's'), { secret: 's' }],
    ['a confidential client that only uses the form', client(['client_secret_post'], 's'), { secret: 's' }],
    ['a confidential client with either of two secrets', client(bySecret, 'r', 's'), { secret: 's' }],
  ] as const)('takes %s', ([, known, credentials]) => {
    expect(isProven(known, { ...shown, ...credentials })).toBe(true);
  });

  test.for([
    ['a public client with a secret', client(['none']), { secret: 's' }],
    ['a confidential client that shows nothing', client(bySecret, 's'), {}],
    ['a confidential client with another secret', client(bySecret, 's'), { secret: 't' }],
    ['a confidential client without a secret of its own', client(bySecret), { secret: 's' }],
    ['a client of assertions that shows nothing', client(['private_key_jwt']), {}],
    ['a client of assertions with a secret', client(['private_key_jwt'], 's'), { secret: 's' }],
    ['an assertion, whose signature is checked elsewhere', client(['none']), { assertion: 'a.b.c' }],
  ] as const)('refuses %s', ([, known, credentials]) => {
    expect(isProven(known, { ...shown, ...credentials })).toBe(false);
  });
});

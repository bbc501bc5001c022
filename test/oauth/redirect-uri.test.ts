import { describe, expect, test } from 'vitest';
import { isRegistered, isUsableRedirectUri, withParameters } from '#core/oauth/redirect-uri.ts';

describe('redirect URIs that may be used, RFC 9700 §2.6 and RFC 8252 §7', () => {
  test.for([
    'https://client.example/cb',
    'https://client.example/cb?keep=this',
    'HTTPS://CLIENT.EXAMPLE/cb',
    'https://claude.ai/api/mcp/auth_callback',
    'http://localhost/callback',
    'http://localhost:8787/callback',
    'http://127.0.0.1/',
    'http://127.8.9.10:65535/cb',
    'http://[::1]:8000/cb',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'com.example.app:/oauth2redirect',
    'vscode://vscode.github-authentication/did-authenticate',
  ])('takes %s', (uri) => {
    expect(isUsableRedirectUri(uri)).toBe(true);
  });

  test.for([
    'http://client.example/cb',
    'http://localhost.evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://127.0.0.1@evil.example/cb',
    'http://localhost@evil.example/cb',
    'http://0.0.0.0/cb',
    'http://192.168.1.10/cb',
    'http://[::ffff:127.0.0.1]/cb',
    'https://user:password@client.example/cb',
    'https://client.example/cb#fragment',
    'https://client.example/c b',
    'https://client.example\\@evil.example/cb',
    'https://client.example/cb\u202e',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,hello',
    'file:///etc/passwd',
    'blob:https://client.example/1',
    'ftp://client.example/cb',
    'mailto:someone@example.com',
    '/callback',
    'callback',
    '',
    `https://client.example/${'a'.repeat(2_000)}`,
  ])('refuses %s', (uri) => {
    expect(isUsableRedirectUri(uri)).toBe(false);
  });
});

describe('matching with what was registered, OAuth 2.1 §4.1.1 and RFC 8252 §7.3', () => {
  test.for([
    ['https://client.example/cb', 'https://client.example/cb'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:49152/callback'],
    ['http://localhost:3334/oauth/callback', 'http://localhost:51234/oauth/callback'],
    ['http://localhost:3334/oauth/callback', 'http://localhost/oauth/callback'],
    ['http://[::1]/cb', 'http://[::1]:9/cb'],
    ['http://127.0.0.1', 'http://127.0.0.1:80'],
  ])('%s allows %s', ([registered = '', requested = '']) => {
    expect(isRegistered(requested, [registered])).toBe(true);
  });

  test.for([
    ['https://client.example/cb', 'https://client.example/cb/'],
    ['https://client.example/cb', 'https://client.example/cb?x=1'],
    ['https://client.example/cb', 'https://client.example/CB'],
    ['https://client.example/cb', 'https://client.example/x/../cb'],
    ['https://client.example/cb', 'https://client.example/%63b'],
    ['https://client.example/cb', 'https://CLIENT.example/cb'],
    ['https://client.example/cb', 'https://client.example:443/cb'],
    ['http://localhost/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1/callback', 'http://127.0.0.2/callback'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1/evil'],
    ['http://127.0.0.1/callback', 'https://127.0.0.1:1/callback'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1@evil.example/callback'],
    ['http://localhost/callback', 'http://localhost:1/callback?x=1'],
    ['cursor://host/a', 'cursor://host/b'],
  ])('%s does not allow %s', ([registered = '', requested = '']) => {
    expect(isRegistered(requested, [registered])).toBe(false);
  });
});

test('keeps the query that a URI was registered with, and leaves out what has no value', () => {
  const parameters = { code: 'a b', state: undefined, iss: 'https://issuer.example' };
  expect(withParameters('https://client.example/cb?a=1', parameters)).toBe(
    'https://client.example/cb?a=1&code=a+b&iss=https%3A%2F%2Fissuer.example',
  );
});

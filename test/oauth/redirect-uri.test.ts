import { describe, expect, test } from 'vitest';
import { isLoopback, isRegistered, isUsableRedirectUri, withParameters } from '#core/oauth/redirect-uri.ts';

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
    'vscode-insiders://publisher.extension/cb',
    'windsurf://publisher.extension/cb',
    'zed://cb',
    'claude://cb',
    'com.googleusercontent.apps.123-abc:/oauth2redirect',
    'fb1234.client:/cb',
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
    'https://user@client.example/cb',
    'https://:password@client.example/cb',
    'https://client.example/cb#fragment',
    'https://client.example/c b',
    'https://client.example\\@evil.example/cb',
    'https://client.example/cb\u202e',
    'JavaScript:alert(1)',
    'https:client.example/cb',
    'https:/client.example/cb',
    'https:///client.example/cb',
    'HTTPS:client.example',
    'https://',
    'https:///',
    '/callback',
    'callback',
    '',
  ])('refuses %s', (uri) => {
    expect(isUsableRedirectUri(uri)).toBe(false);
  });

  test.for([
    'about:blank',
    'blob:https://client.example/1',
    'chrome://settings',
    'content://client/cb',
    'data:text/html,hello',
    'dns:client.example',
    'file:///etc/passwd',
    'filesystem:https://client.example/cb',
    'ftp://client.example/cb',
    'geo:0,0',
    'intent://client/cb',
    'jar:https://client.example/cb.jar',
    'javascript:alert(1)',
    'ldap://client.example/cb',
    'mailto:someone@example.com',
    'ms-settings:privacy',
    'resource://client/cb',
    'search-ms:query=cb',
    'sftp://client.example/cb',
    'sms:+15550100',
    'smb://client.example/cb',
    'ssh://client.example/cb',
    'tel:+15550100',
    'urn:ietf:wg:oauth:2.0:oob',
    'vbscript:cb',
    'view-source:https://client.example/cb',
    'ws://client.example/cb',
    'wss://client.example/cb',
    'ms-appinstaller:?source=https://client.example/1.msix',
    'ms-word:ofe|u|https://client.example/1.docx',
    'zoommtg://join',
    'steam://run/1',
    'x-apple.systempreferences:com.apple.preference',
    'myapp:/cb',
    'a.:/cb',
  ])('refuses %s, whose scheme no application can own', (uri) => {
    expect(isUsableRedirectUri(uri)).toBe(false);
  });

  test('may have a scheme that the operator named, unless a browser or a system acts on it', () => {
    const named = ['myapp', 'javascript'];
    expect(isUsableRedirectUri('myapp:/cb', named)).toBe(true);
    expect(isUsableRedirectUri('myapp2:/cb', named)).toBe(false);
    expect(isUsableRedirectUri('javascript:alert(1)', named)).toBe(false);
  });

  test('have at most 2,000 characters', () => {
    const longest = 'https://client.example/'.padEnd(2_000, 'a');
    expect(isUsableRedirectUri(longest)).toBe(true);
    expect(isUsableRedirectUri(`${longest}a`)).toBe(false);
  });
});

describe('programs on this device, RFC 8252 §7.3', () => {
  test.for(['http://localhost', 'http://localhost?x=1', 'http://127.255.255.255:65535/cb', 'http://[::1]/'])(
    'listen at %s',
    (uri) => {
      expect(isLoopback(uri)).toBe(true);
    },
  );

  test.for([
    'https://localhost/cb',
    'app:http://localhost/cb',
    'http://localhost.example/cb',
    'http://localhost:/cb',
    'http://localhost:123456/cb',
    'http://127.0.0/cb',
    'http://127.1234.0.1/cb',
    'http://127.0.1234.1/cb',
    'http://127.0.0.1234/cb',
    'http://[::2]/cb',
  ])('do not listen at %s', (uri) => {
    expect(isLoopback(uri)).toBe(false);
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

  test('allows any one of several, and no other', () => {
    const registered = ['https://client.example/one', 'http://localhost/two'];
    expect(isRegistered('https://client.example/one', registered)).toBe(true);
    expect(isRegistered('http://localhost:9/two', registered)).toBe(true);
    expect(isRegistered('https://client.example/two', registered)).toBe(false);
    expect(isRegistered('https://client.example/one', [])).toBe(false);
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
    ['one:http://localhost/cb', 'other:http://localhost/cb'],
  ])('%s does not allow %s', ([registered = '', requested = '']) => {
    expect(isRegistered(requested, [registered])).toBe(false);
  });
});

test('an answer keeps the query that its URI was registered with, and leaves out what has no value', () => {
  const parameters = { code: 'a b', state: undefined, iss: 'https://issuer.example' };
  expect(withParameters('https://client.example/cb', parameters)).toBe(
    'https://client.example/cb?code=a+b&iss=https%3A%2F%2Fissuer.example',
  );
  expect(withParameters('https://client.example/cb?a=1', parameters)).toBe(
    'https://client.example/cb?a=1&code=a+b&iss=https%3A%2F%2Fissuer.example',
  );
  const own = 'https://client.example/cb?code=x&a=%2f+1&state=y&&iss=z&c%6fde=w&error=e&b';
  expect(withParameters(own, parameters)).toBe(
    'https://client.example/cb?a=%2f+1&b&code=a+b&iss=https%3A%2F%2Fissuer.example',
  );
});

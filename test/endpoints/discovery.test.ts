import { describe, expect, inject, test } from 'vitest';
import { internalsIn, send } from '../support/browser.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

const protectedResource = '/.well-known/oauth-protected-resource';
const serverMetadata = '/.well-known/oauth-authorization-server';
const openidConfiguration = '/.well-known/openid-configuration';
const jwks = '/.well-known/jwks.json';
const wellKnown = [
  protectedResource,
  `${protectedResource}/mcp`,
  serverMetadata,
  `${serverMetadata}/mcp`,
  openidConfiguration,
  jwks,
];
const documents = [...wellKnown, '/', '/healthz'];

async function read(path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${issuer}${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
  return (await response.json()) as Record<string, unknown>;
}

describe('protected resource metadata, RFC 9728 §2', () => {
  test('names the MCP endpoint without an added slash, this server alone, and tokens in the header alone (D01)', async () => {
    const metadata = await read(`${protectedResource}/mcp`);
    expect(metadata.resource).toBe(mcpUrl);
    expect(metadata.authorization_servers).toEqual([issuer]);
    expect(metadata.bearer_methods_supported).toEqual(['header']);
    expect(metadata.scopes_supported).not.toContain('offline_access');
  });

  test('names the scopes that everybody can grant, and none that takes a role', async () => {
    const { scopes_supported } = await read(protectedResource);
    const all = (await read('/.well-known/oauth-authorization-server')).scopes_supported;
    expect(scopes_supported).toEqual(expect.arrayContaining(['todos:read', 'todos:write', 'profile:read']));
    expect(scopes_supported).not.toContain('workspace:admin');
    expect(all).toContain('workspace:admin');
  });

  test.for([protectedResource, `${protectedResource}/mcp`])(
    'says the same at %s/, where a client of /mcp/ looks',
    async (path) => {
      expect(await read(`${path}/`)).toEqual(await read(path));
    },
  );

  test('says the same at the root as below it (D02)', async () => {
    const [root, below] = await Promise.all(
      [protectedResource, `${protectedResource}/mcp`].map(async (path) => (await fetch(`${issuer}${path}`)).text()),
    );
    expect(root).toBe(below);
  });
});

describe('authorization server metadata, RFC 8414 §2', () => {
  test('names the endpoints and what they serve, and nothing that is null', async () => {
    const metadata = await read(serverMetadata);
    expect(metadata).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      revocation_endpoint: `${issuer}/revoke`,
      jwks_uri: `${issuer}${jwks}`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
      ],
      authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(metadata.token_endpoint_auth_methods_supported).toEqual(
      expect.arrayContaining(['none', 'client_secret_basic', 'client_secret_post']),
    );
    expect(metadata.scopes_supported).toContain('offline_access');
    expect(Object.values(metadata)).not.toContain(null);
  });

  test('says the same below the path of the MCP endpoint (D05)', async () => {
    expect(await read(`${serverMetadata}/mcp`)).toEqual(await read(serverMetadata));
  });

  test('says the same to clients that ask for an OpenID configuration, with what those require (D04)', async () => {
    const configuration = await read(openidConfiguration);
    expect(configuration).toMatchObject(await read(serverMetadata));
    expect(configuration).toMatchObject({ subject_types_supported: ['public'] });
    expect(configuration.id_token_signing_alg_values_supported).toEqual(expect.arrayContaining(['ES256']));
  });

  test('names only endpoints that are there', async () => {
    const metadata = Object.entries(await read(serverMetadata));
    const endpoints = metadata.flatMap(([name, value]) => (/_endpoint$|^jwks_uri$/.test(name) ? [String(value)] : []));
    expect(endpoints.length).toBeGreaterThanOrEqual(5);
    const statuses = await Promise.all(endpoints.map(async (url) => (await fetch(url)).status));
    expect(statuses).not.toContain(404);
  });

  test.for(['oauth-authorization-server', 'openid-configuration', 'oauth-protected-resource'])(
    'answers /mcp/.well-known/%s, where nothing is served, with a JSON 404 (D05)',
    async (name) => {
      const response = await fetch(`${issuer}/mcp/.well-known/${name}`, { redirect: 'manual' });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: 'not_found' });
    },
  );
});

describe('keys, RFC 7517 §5', () => {
  test('shows public ES256 keys, each with an id of its own, and no private part', async () => {
    const { keys } = (await read(jwks)) as { readonly keys: readonly Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThanOrEqual(1);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
      expect(key.kid).toEqual(expect.any(String));
      expect(key).not.toHaveProperty('d');
    }
  });
});

describe('the issuer comes from the deployment, RFC 8414 §3', () => {
  const spoofed: [string, Record<string, string>][] = [
    ['Host', { host: 'evil.example' }],
    ['X-Forwarded-Host', { 'x-forwarded-host': 'evil.example' }],
    ['X-Forwarded-Proto', { 'x-forwarded-proto': 'gopher' }],
    ['X-Forwarded-Port', { 'x-forwarded-port': '666' }],
    ['Forwarded', { forwarded: 'host=evil.example;proto=gopher' }],
    ['X-Original-Host', { 'x-original-host': 'evil.example' }],
  ];

  test.for(spoofed)('never from %s (D07)', async ([, headers]) => {
    for (const path of [...wellKnown, '/']) {
      const plain = await send(issuer, { path });
      const answer = await send(issuer, { path, headers });
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(plain.text);
    }
    const challenge = (await send(issuer, { path: '/mcp', headers })).headers.get('www-authenticate');
    expect(challenge).toContain(`resource_metadata="${issuer}${protectedResource}/mcp"`);
  });

  test('holds no name of a stage (H02)', async () => {
    expect(new URL(issuer).pathname).toBe('/');
    expect(issuer.endsWith('/')).toBe(false);
  });
});

describe('CORS for clients in a web page', () => {
  const asked = 'mcp-protocol-version,mcp-method,mcp-name,mcp-session-id,authorization,content-type,last-event-id';
  const preflight = (path: string, method: string) =>
    fetch(`${issuer}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:6274',
        'access-control-request-method': method,
        'access-control-request-headers': asked,
      },
    });
  const list = (value: string | null) => (value ?? '').toLowerCase().split(/\s*,\s*/);

  const served: [string, string][] = [
    ...wellKnown.map((path): [string, string] => [path, 'GET']),
    ['/register', 'POST'],
    ['/token', 'POST'],
    ['/revoke', 'POST'],
    ['/mcp', 'POST'],
    ['/mcp/', 'POST'],
  ];
  test.for(served)('lets a page send the headers of clients to %s by %s (D08, M11)', async ([path, method]) => {
    const { status, headers } = await preflight(path, method);
    expect([200, 204]).toContain(status);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(list(headers.get('access-control-allow-methods'))).toContain(method.toLowerCase());
    expect(list(headers.get('access-control-allow-headers'))).toEqual(expect.arrayContaining(asked.split(',')));
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });

  test.for(['/mcp', '/mcp/'])(
    'asks for no token in a preflight of %s, and shows pages its headers (M11)',
    async (path) => {
      const { status, headers } = await preflight(path, 'POST');
      expect(status).toBe(204);
      expect(list(headers.get('access-control-expose-headers'))).toEqual(
        expect.arrayContaining(['www-authenticate', 'mcp-session-id', 'mcp-protocol-version']),
      );
    },
  );

  test.for(wellKnown)('lets a page read %s', async (path) => {
    const { headers } = await fetch(`${issuer}${path}`, { headers: { origin: 'https://app.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  test('lets a page read the challenge of the MCP endpoint', async () => {
    const { headers } = await fetch(mcpUrl, { headers: { origin: 'https://app.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(list(headers.get('access-control-expose-headers'))).toContain('www-authenticate');
  });

  const closed: [string, string][] = [
    '/authorize',
    '/authorize/email',
    '/authorize/code',
    '/authorize/consent',
    '/authorize/sign-out',
  ].flatMap((path) => ['OPTIONS', 'GET', 'HEAD', 'PUT'].map((method): [string, string] => [method, path]));
  test.for(closed)('lets no page read an answer to %s %s, RFC 9700 §2.6', async ([method, path]) => {
    const { headers } = await send(issuer, {
      method,
      path,
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('methods, RFC 9110 §9 and §15.5.6', () => {
  test.for(documents)('answers HEAD %s as GET, without the body (D10)', async (path) => {
    const [head, get] = await Promise.all([send(issuer, { method: 'HEAD', path }), send(issuer, { path })]);
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    for (const name of ['content-type', 'cache-control', 'content-security-policy', 'x-content-type-options']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  const heads: [string, number][] = [
    ['/authorize', 200],
    ['/nothing', 404],
    ['/token', 405],
    ['/mcp', 401],
    ['/mcp/', 401],
  ];
  test.for(heads)('answers HEAD %s with %i and no body (D10)', async ([path, status]) => {
    const answer = await send(issuer, { method: 'HEAD', path });
    expect(answer.status).toBe(status);
    expect(answer.text).toBe('');
  });

  const wrong: [string, string, string][] = [
    ...wellKnown.flatMap((path) =>
      ['POST', 'PUT', 'DELETE'].map((m): [string, string, string] => [m, path, 'GET, HEAD']),
    ),
    ['POST', '/healthz', 'GET, HEAD'],
    ['DELETE', '/', 'GET, HEAD'],
    ['PATCH', '/', 'GET, HEAD'],
    ['GET', '/register', 'POST'],
    ['GET', '/token', 'POST'],
    ['PUT', '/token', 'POST'],
    ['GET', '/revoke', 'POST'],
    ['POST', '/authorize', 'GET, HEAD'],
    ['PATCH', '/authorize', 'GET, HEAD'],
    ['GET', '/authorize/email', 'POST'],
    ['GET', '/authorize/code', 'POST'],
    ['DELETE', '/authorize/consent', 'GET, HEAD, POST'],
    ['PROPFIND', '/healthz', 'GET, HEAD'],
    ['TRACE', '/healthz', 'GET, HEAD'],
  ];
  test.for(wrong)('refuses %s %s with 405 and Allow: %s', async ([method, path, allow]) => {
    const answer = await send(issuer, { method, path });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(JSON.parse(answer.text)).toMatchObject({ error: expect.any(String) });
    expect(internalsIn(answer)).toEqual([]);
  });
});

describe('what every answer is sent with', () => {
  test.for(wellKnown)('lets caches keep %s for at most five minutes, and sets no cookie (D11)', async (path) => {
    const { headers } = await fetch(`${issuer}${path}`);
    const [, seconds = ''] = /^public, max-age=(\d+)$/.exec(headers.get('cache-control') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeLessThanOrEqual(300);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.has('set-cookie')).toBe(false);
  });

  test.for(['/healthz', '/nothing', '/mcp', '/token'])('lets no cache keep the answer to GET %s', async (path) => {
    expect((await fetch(`${issuer}${path}`)).headers.get('cache-control')).toBe('no-store');
  });

  test.for([...documents, '/nothing', '/mcp', '/token'])('keeps browsers on https after GET %s (H03)', async (path) => {
    const answer = await send(issuer, { path });
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(internalsIn({ ...answer, html: '' })).toEqual([]);
  });

  test('says that it is well', async () => {
    expect(await read('/healthz')).toEqual({ status: 'ok' });
  });
});

describe('the MCP endpoint without POST, MCP 2026-07-28 Streamable HTTP', () => {
  const asked: [string, string][] = ['/mcp', '/mcp/'].flatMap((path) =>
    ['GET', 'HEAD', 'DELETE'].map((method): [string, string] => [method, path]),
  );

  test.for(asked)('sends %s %s without a token to sign in, RFC 9728 §5.1 (M25, M26)', async ([method, path]) => {
    const answer = await send(issuer, { method, path });
    expect(answer.status).toBe(401);
    const challenge = answer.headers.get('www-authenticate') ?? '';
    expect(challenge).toMatch(/^Bearer /);
    expect(challenge).toContain(`resource_metadata="${issuer}${protectedResource}/mcp"`);
    expect(challenge).toContain('scope="');
    expect(challenge).not.toContain('error=');
    expect(answer.text === '').toBe(method === 'HEAD');
  });

  test.for(asked)('tells %s %s with a token that only POST is served (M17)', async ([method, path]) => {
    const answer = await send(issuer, { method, path, headers: { authorization: 'Bearer some-token' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    if (method !== 'HEAD')
      expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
  });

  test('takes a token only from the header (M05)', async () => {
    expect((await fetch(`${mcpUrl}?access_token=some-token`)).status).toBe(401);
  });
});

describe('what is not served', () => {
  test('tells a client that posts to the root where the MCP endpoint is', async () => {
    const response = await fetch(issuer, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(mcpUrl);
  });

  test.for([
    '/sse',
    '/messages',
    '/.well-known/foo',
    '/.well-known/oauth-protected-resource/other',
    '/.well-known/openid-configuration/mcp/x',
    '/mcp/sse',
    '/mcp-other',
    '/prod/mcp',
    '/favicon.ico',
    '/authorize/nothing',
    '/authorize/',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/__proto__',
    '/constructor',
  ])('answers %s with a JSON 404 (H03)', async (path) => {
    const answer = await send(issuer, { path });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(JSON.parse(answer.text)).toMatchObject({ error: 'not_found' });
    expect(internalsIn({ ...answer, html: '' })).toEqual([]);
  });
});

describe('input that nobody honest sends', () => {
  const absurd: [string, Parameters<typeof send>[1]][] = [
    ['a header of 20 kB', { headers: { 'x-long': 'x'.repeat(20_000) } }],
    ['a path of 20 kB', { path: `/${'x'.repeat(20_000)}` }],
    ['a broken escape in the path', { path: '/.well-known/%FF' }],
    ['a zero byte in the path', { path: '/%00' }],
    ['a method that is none', { method: 'PROPPATCH', path: '/nothing' }],
    ['a megabyte of body', { method: 'POST', path: '/.well-known/jwks.json', body: 'x'.repeat(1_000_000) }],
    ['11 MB of body', { method: 'POST', path: '/healthz', body: 'x'.repeat(11_000_000) }],
    ['an absurd Accept and Authorization', { path: '/nothing', headers: { accept: ';;;', authorization: 'é\u00ff' } }],
  ];
  test.for(absurd)('is refused, and tells nothing of the inside: %s (H03)', async ([, request]) => {
    const answer = await send(issuer, request);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(internalsIn(answer)).toEqual([]);
  });

  test('changes nothing about a document: a query, a body and odd headers with GET', async () => {
    const plain = await send(issuer, { path: serverMetadata });
    const odd = await send(issuer, {
      path: `${serverMetadata}?issuer=https://evil.example&%FF=%FF`,
      headers: { accept: 'text/html', 'content-type': 'x', cookie: '=;;=;a', 'content-length': '2' },
      body: '{}',
    });
    expect(odd.status).toBe(200);
    expect(odd.text).toBe(plain.text);
  });
});

describe('the page that says how to connect', () => {
  test('names the address for every client, links into those that have links, and loads nothing from elsewhere', async () => {
    const response = await fetch(issuer, { headers: { accept: 'text/html' } });
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const client of ['Claude', 'Claude Code', 'ChatGPT', 'Cursor', 'VS Code'])
      expect(html).toContain(`<h3>${client}</h3>`);
    expect(html).toContain(`claude mcp add --transport http vestibule ${mcpUrl}`);
    expect(html).not.toMatch(/\b(src|srcset)=/);
    expect(html).not.toContain('<link');
  });

  test('carries the address in its deep links', async () => {
    const html = (await (await fetch(issuer)).text()).replaceAll('&amp;', '&');
    const [cursor = ''] = /cursor:\/\/[^"]+/.exec(html) ?? [];
    const configuration = new URL(cursor).searchParams.get('config') ?? '';
    expect(JSON.parse(Buffer.from(configuration, 'base64').toString())).toEqual({ url: mcpUrl });
    const [, code = ''] = /vscode:mcp\/install\?([^"]+)/.exec(html) ?? [];
    expect(JSON.parse(decodeURIComponent(code))).toMatchObject({ type: 'http', url: mcpUrl });
  });

  test('runs only its own script, and is framed by nobody', async () => {
    const { headers } = await fetch(issuer);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });
});

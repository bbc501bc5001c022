import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  importJWK,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { untilFreshMinute } from '../support/clock.ts';
import { connect, isAccepted, postMcp, refresh, type Tokens } from '../support/flow.ts';
import { ask, askModern, callTool, newTodo, outputOf, readAnswer, revision, titles } from '../support/mcp.ts';
import { HOUR, later, tokensIn } from '../support/redemption.ts';
import { initialScopes } from '../support/scopes.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;
const resourceMetadata = `${issuer}/.well-known/oauth-protected-resource/mcp`;
const everyScope = (await initialScopes(issuer)).join(' ');
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** The parameters of a challenge. Throws when it is no bearer challenge. RFC 6750 §3. */
function challengeOf({ headers }: Response): Record<string, string> {
  const challenge = headers.get('www-authenticate') ?? '';
  if (!challenge.startsWith('Bearer ')) throw new Error(`No bearer challenge: "${challenge}"`);
  const parameters = [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]);
  return Object.fromEntries(parameters);
}

/** Posts a list request with these headers alone. */
const postWith = (headers: Record<string, string>, path = '/mcp', body: string = JSON.stringify(list)) =>
  fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body,
  });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let tokens: Tokens;
beforeAll(async () => {
  ({ tokens } = await connect(issuer));
});

describe.concurrent('the challenge, RFC 6750 §3 and RFC 9728 §5.1', () => {
  test.for(['POST', 'GET', 'DELETE', 'HEAD'])(
    'is sent for a %s without a token, and names no error (M01, M25)',
    async (method) => {
      const response = await fetch(mcpUrl, { method });
      expect(response.status).toBe(401);
      expect(challengeOf(response)).toEqual({ resource_metadata: resourceMetadata, scope: everyScope });
      if (method === 'HEAD') expect(await response.text()).toBe('');
      else
        expect((await readAnswer(response)).message).toMatchObject({
          id: null,
          error: { message: expect.any(String) },
        });
    },
  );

  test('is sent under its very own name, and web pages may read it (M01)', async () => {
    const { headers } = await postWith({ origin: 'http://localhost:6274' });
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const exposed = headers.get('access-control-expose-headers')?.toLowerCase() ?? '';
    expect(exposed).toContain('www-authenticate');
    expect(exposed).toContain('mcp-session-id');
    expect(exposed).toContain('mcp-protocol-version');
  });

  test('is sent before the body is looked at (M01)', async () => {
    for (const body of ['', '{', '[]', 'x'.repeat(2_000_000)])
      expect((await postWith({}, '/mcp', body)).status).toBe(401);
  });

  test.for(['Basic dTpw', 'Digest x="y"', 'Negotiate'])(
    'names no error for another scheme: %s (M01)',
    async (authorization) => {
      const response = await postWith({ authorization });
      expect([response.status, challengeOf(response).error]).toEqual([401, undefined]);
    },
  );

  test.for(['Bearer x', 'bearer x', 'Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0..', 'Bearer not one token'])(
    'names invalid_token for "%s" (M02)',
    async (authorization) => {
      const response = await postWith({ authorization });
      expect(response.status).toBe(401);
      expect(challengeOf(response)).toMatchObject({
        error: 'invalid_token',
        resource_metadata: resourceMetadata,
        scope: everyScope,
      });
    },
  );

  test('leads to metadata that exists, at the root of the host (H02)', async () => {
    const resource = (await (await fetch(challengeOf(await postWith({})).resource_metadata ?? '')).json()) as {
      readonly resource: string;
      readonly authorization_servers: readonly string[];
    };
    expect(resource.resource).toBe(mcpUrl);
    expect(resource.authorization_servers).toEqual([issuer]);
    const server = await fetch(`${resource.authorization_servers[0]}/.well-known/oauth-authorization-server`);
    const metadata = (await server.json()) as Record<string, unknown>;
    const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint'));
    for (const [, url] of endpoints) expect(new URL(String(url)).pathname).toMatch(/^\/\w+$/);
    expect(endpoints.length).toBeGreaterThan(2);
  });

  test('is sent where a token is put in the query or in a form, for neither is read (M05)', async () => {
    const { access_token } = tokens;
    const inQuery = await fetch(`${mcpUrl}?access_token=${access_token}`, {
      method: 'POST',
      body: JSON.stringify(list),
    });
    const inForm = await fetch(mcpUrl, { method: 'POST', body: new URLSearchParams({ access_token }) });
    for (const response of [inQuery, inForm]) {
      expect([response.status, challengeOf(response).error]).toEqual([401, undefined]);
    }
  });

  test('is sent for two tokens at once', async () => {
    const { access_token } = tokens;
    const response = await postWith({ authorization: `Bearer ${access_token},Bearer ${access_token}` });
    expect(response.status).toBe(401);
  });
});

describe.concurrent('validating a token, RFC 9068 §4', () => {
  const parts = () => tokens.access_token.split('.') as [string, string, string];
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const flipped = (text: string) => `${text.slice(0, 9)}${text[9] === 'A' ? 'B' : 'A'}${text.slice(10)}`;
  const published = async () => {
    const { keys } = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const [key] = keys;
    if (!key) throw new Error('No key is published');
    return key;
  };

  const isRefused = async (token: string) => {
    const response = await postMcp(issuer, token, list);
    expect([response.status, challengeOf(response).error]).toEqual([401, 'invalid_token']);
  };

  test('takes the token as it was given', async () => {
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
  });

  test('refuses changed claims, a changed header and a changed signature (M02)', async () => {
    const [header, payload, signature] = parts();
    const claims = decodeJwt(tokens.access_token);
    await isRefused([header, encoded({ ...claims, scope: `${everyScope} admin` }), signature].join('.'));
    await isRefused([header, encoded({ ...claims, sub: 'somebody-else' }), signature].join('.'));
    await isRefused(
      [encoded({ ...decodeProtectedHeader(tokens.access_token), extra: 1 }), payload, signature].join('.'),
    );
    await isRefused([header, payload, flipped(signature)].join('.'));
    await isRefused([header, payload, ''].join('.'));
    await isRefused([header, payload, 'A'.repeat(86)].join('.'));
    await isRefused([header, payload].join('.'));
  });

  test.for(['none', 'None', 'NONE', ''])('refuses an unsigned token with alg "%s" (M02)', async (alg) => {
    const header = encoded({ ...decodeProtectedHeader(tokens.access_token), alg });
    await isRefused(`${header}.${parts()[1]}.`);
    await isRefused(`${header}.${parts()[1]}.${parts()[2]}`);
  });

  test('refuses a token signed by HS256 with the public key for a secret (M02)', async () => {
    const key = await published();
    const { kid } = key;
    for (const secret of [JSON.stringify(key), String(key.x), Buffer.from(String(key.x), 'base64url')]) {
      const forged = new SignJWT(decodeJwt(tokens.access_token)).setProtectedHeader({
        alg: 'HS256',
        typ: 'at+jwt',
        kid: kid ?? '',
      });
      await isRefused(await forged.sign(Buffer.from(secret)));
    }
  });

  test('refuses a token signed with another key, whatever it says of that key (M02)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = await exportJWK(publicKey);
    const { kid = '' } = await published();
    for (const header of [{ kid }, { kid: 'other' }, {}, { kid, jwk }, { kid, jku: 'http://localhost:1/jwks.json' }]) {
      const forged = new SignJWT(decodeJwt(tokens.access_token)).setProtectedHeader({
        alg: 'ES256',
        typ: 'at+jwt',
        ...header,
      });
      await isRefused(await forged.sign(privateKey));
    }
  });

  test('takes a token until its last second, and not in the next (M02, H06)', async () => {
    const { exp = 0 } = decodeJwt(tokens.access_token);
    const until = (at: number) => later(at - Math.floor(Date.now() / 1000));
    expect((await postMcp(issuer, tokens.access_token, list, until(exp - 3))).status).toBe(200);
    const response = await postMcp(issuer, tokens.access_token, list, until(exp));
    expect([response.status, challengeOf(response).error]).toEqual([401, 'invalid_token']);
  });

  test.for([-60, 60])('takes a new token on a server whose clock is %s seconds off (H06)', async (seconds) => {
    expect((await postMcp(issuer, tokens.access_token, list, later(seconds))).status).toBe(200);
  });

  test('serves a token for this endpoint at no other path (M04)', async () => {
    for (const path of ['/mcp-other', '/mcp/other', '/MCP', '/mcp//']) {
      const response = await postWith(bearer(tokens.access_token), path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/json');
    }
  });

  test('refuses a refresh token', async () => {
    await isRefused(tokens.refresh_token);
  });
});

describe('tokens that our own key signed, RFC 9068 §4', () => {
  let stack: RunningStack;
  let key: KeyObject;
  let genuine: string;

  /** A token with these claims and headers changed, and a signature that holds. */
  const signed = (claims: JWTPayload, header: object = {}) =>
    new SignJWT({ ...decodeJwt(genuine), ...claims })
      .setProtectedHeader({ ...decodeProtectedHeader(genuine), alg: 'ES256', ...header })
      .sign(key);

  beforeAll(async () => {
    stack = await startStack();
    const keys = join(stack.dataDir, 'kms');
    const [file = ''] = readdirSync(keys);
    key = createPrivateKey(readFileSync(join(keys, file)));
    genuine = (await connect(stack.issuer)).tokens.access_token;
  });
  afterAll(() => stack.stop());

  test('are taken when they are as they should be: the forgeries below can hold', async () => {
    const { jti } = decodeJwt(genuine);
    expect(await isAccepted(stack.issuer, await signed({ jti: `${jti}-again` }))).toBe(true);
  });

  test('are taken in the longer form of before, until they expire', async () => {
    const { sub, jti } = decodeJwt(genuine);
    const grant_id = `${sub}~${jti?.split('.')[0]}`;
    const before = await signed({ grant_id, tenant: `personal-${sub}`, jti: 'an-id-of-its-own' });
    expect(await isAccepted(stack.issuer, before)).toBe(true);
  });

  test.for([
    ['for another resource', { aud: 'https://other.example/mcp' }],
    ['for this server, but not its MCP endpoint', { aud: 'the issuer' }],
    ['for the MCP endpoint with a slash', { aud: 'with a slash' }],
    ['for nobody', { aud: undefined }],
    ['by another issuer', { iss: 'https://other.example' }],
    ['by nobody', { iss: undefined }],
    ['without an end', { exp: undefined }],
    ['that ended', { exp: 1_700_000_000 }],
    ['that has not begun', { nbf: 4_000_000_000 }],
    ['without a subject', { sub: undefined }],
    ['without an id', { jti: undefined }],
    ['whose id names no grant', { jti: 'of-its-own' }],
    ['of a grant that never was', { jti: 'none.token' }],
    ['of a grant that never was, in the longer form', { grant_id: 'nobody~none' }],
    ['of another person', { sub: 'somebody-else' }],
    ['whose scope is no text', { scope: ['todos:read'] }],
    ['whose grant is no text', { grant_id: { $ne: 1 } }],
  ] as const)('are refused when they are %s (M02, M04)', async ([, changed]) => {
    const values = new Map([
      ['the issuer', stack.issuer],
      ['with a slash', `${stack.mcpUrl}/`],
    ]);
    const claims = Object.fromEntries(
      Object.entries(changed).map(([name, value]) => [name, values.get(String(value)) ?? value]),
    );
    const response = await postMcp(stack.issuer, await signed(claims), list);
    expect([response.status, challengeOf(response).error]).toEqual([401, 'invalid_token']);
  });

  test.for(['JWT', 'at+jws', 'id+jwt', undefined])('are refused when their type is %s (M02)', async (typ) => {
    const response = await postMcp(stack.issuer, await signed({}, { typ }), list);
    expect([response.status, challengeOf(response).error]).toEqual([401, 'invalid_token']);
  });

  test('are refused when they name a critical header that nobody knows', async () => {
    const options = { crit: { 'urn:x': true } };
    const unusual = new SignJWT(decodeJwt(genuine)).setProtectedHeader({
      ...decodeProtectedHeader(genuine),
      alg: 'ES256',
      'urn:x': 1,
      crit: ['urn:x'],
    });
    expect((await postMcp(stack.issuer, await unusual.sign(key, options), list)).status).toBe(401);
  });

  test('publish no more than the public half of the key', async () => {
    const { keys } = (await (await fetch(`${stack.issuer}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const own = await exportJWK(await importJWK(keys[0] ?? {}, 'ES256'));
    expect(own).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: key.export({ format: 'jwk' }).x,
      y: key.export({ format: 'jwk' }).y,
    });
  });
});

describe.concurrent('a grant that has ended', () => {
  test('closes the door to its access token on the next call', async () => {
    const { clientId, tokens } = await connect(issuer);
    await newTodo(issuer, tokens.access_token);
    await fetch(`${issuer}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, token: tokens.refresh_token }),
    });
    const response = await postMcp(issuer, tokens.access_token, list);
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toMatchObject({ error: 'invalid_token', resource_metadata: resourceMetadata });
  });
});

describe.concurrent('scopes, RFC 6750 §3.1', () => {
  const narrow = async (scopes: string[]) => (await connect(issuer, { scopes })).tokens.access_token;
  const requests = [
    ['a 2025 revision', (token: string) => postMcp(issuer, token, call())],
    ['revision 2026-07-28', (token: string) => postMcp(issuer, token, modernCall(), modernHeaders)],
  ] as const;
  const params = { name: 'create_todo', arguments: { title: 'x' } };
  const call = () => ({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const modernCall = () => ({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { ...params, _meta } });
  const modernHeaders = { 'mcp-protocol-version': revision, 'mcp-method': 'tools/call', 'mcp-name': 'create_todo' };

  test.for(requests)(
    'a call in %s that lacks a scope gets 403 with all that it needs and has (M07)',
    async ([, send]) => {
      const token = await narrow(['todos:read', 'profile:read']);
      const response = await send(token);
      expect(response.status).toBe(403);
      const { error, scope = '', resource_metadata } = challengeOf(response);
      expect([error, resource_metadata]).toEqual(['insufficient_scope', resourceMetadata]);
      expect(scope.split(' ').sort()).toEqual(['profile:read', 'todos:read', 'todos:write']);
      expect(await titles(issuer, token)).toEqual([]);
    },
  );

  test.for(requests)(
    'the 403 to %s is a JSON-RPC message that mirrors the challenge in _meta (M07)',
    async ([, send]) => {
      const response = await send(await narrow(['todos:read']));
      const challenge = response.headers.get('www-authenticate');
      const { message } = await readAnswer(response);
      expect(message.id).toBe(7);
      const mirrored = {
        _meta: { 'mcp/www_authenticate': expect.toSatisfy((value) => [value].flat().includes(challenge)) },
      };
      expect(message.result ?? message.error?.data).toMatchObject(mirrored);
    },
  );

  test('a tool that lacks only a scope is listed all the same (M07)', async () => {
    const { message } = await ask(issuer, await narrow(['todos:read']), 'tools/list');
    const { tools } = message.result as { readonly tools: { readonly name: string }[] };
    expect(tools.map(({ name }) => name)).toContain('create_todo');
  });

  test('writing implies reading (M08)', async () => {
    const token = await narrow(['todos:write']);
    await newTodo(issuer, token, { title: 'Read me' });
    expect(await titles(issuer, token)).toEqual(['Read me']);
  });

  test('writing does not imply what it has nothing to do with (M08)', async () => {
    const token = await narrow(['todos:write']);
    const whoami = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } };
    expect((await postMcp(issuer, token, whoami)).status).toBe(403);
  });

  test('a narrowed refresh narrows what the token may do', async () => {
    const { clientId, tokens } = await connect(issuer);
    const narrowed = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token, { scope: 'todos:read' }));
    const response = await postMcp(issuer, narrowed.access_token, call());
    expect(response.status).toBe(403);
    expect(challengeOf(response).scope?.split(' ').sort()).toEqual(['todos:read', 'todos:write']);
  });

  test('an unknown tool is no question of scope', async () => {
    const { status, message } = await callTool(issuer, await narrow(['todos:read']), 'no_such_tool');
    expect([status, message.error?.code]).toEqual([200, -32602]);
  });
});

describe.concurrent('web pages, MCP 2026-07-28 Streamable HTTP', () => {
  test.for([
    'https://claude.ai',
    'https://claude.com',
    'https://chatgpt.com',
    'https://vscode.dev',
    'http://localhost:6274',
    'http://127.0.0.1:3000',
    'http://[::1]:5173',
    'the issuer',
  ])('of %s may call (M10)', async (origin) => {
    const response = await postWith({
      ...bearer(tokens.access_token),
      origin: origin === 'the issuer' ? issuer : origin,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test.for([
    'https://evil.example',
    'null',
    '',
    'https://localhost:6274',
    'http://localhost.evil.example',
    'http://localhost:6274.evil.example',
    'http://127.0.0.1.evil.example',
    'https://claude.ai.evil.example',
    'https://evil.example/https://claude.ai',
    'https://claude.ai:8443',
    'http://claude.ai',
    'HTTPS://CLAUDE.AI@evil.example',
  ])('of "%s" may not, with or without a token, and can read that (M10)', async (origin) => {
    for (const headers of [{ origin }, { origin, ...bearer(tokens.access_token) }]) {
      const response = await postWith(headers);
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('content-type')).toBe('application/json');
      expect((await readAnswer(response)).message).toMatchObject({ id: null, error: { message: expect.any(String) } });
    }
  });

  test('may ask first, without a token (M11)', async () => {
    for (const url of [mcpUrl, `${mcpUrl}/`]) {
      const response = await fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://claude.ai',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,mcp-protocol-version,mcp-method,mcp-name',
        },
      });
      expect(response.ok).toBe(true);
      expect(await response.text()).toBe('');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-allow-methods')).toContain('POST');
      const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(/, */);
      for (const name of [
        'authorization',
        'content-type',
        'mcp-protocol-version',
        'mcp-method',
        'mcp-name',
        'mcp-session-id',
        'last-event-id',
      ]) {
        expect(allowed).toContain(name);
      }
    }
  });
});

describe.concurrent('methods, MCP 2026-07-28 Streamable HTTP', () => {
  test.for(['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD'])(
    'a %s with a token gets 405, for there is no stream and no session (M17)',
    async (method) => {
      for (const url of [mcpUrl, `${mcpUrl}/`]) {
        const response = await fetch(url, { method, headers: bearer(tokens.access_token), redirect: 'manual' });
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      }
    },
  );

  test('the address with a slash is the same endpoint, with no redirect between (M26)', async () => {
    const posted = await fetch(`${mcpUrl}/`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        ...bearer(tokens.access_token),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(list),
    });
    expect((await readAnswer(posted)).message.result).toHaveProperty('tools');
    const challenged = await fetch(`${mcpUrl}/`, { method: 'POST', redirect: 'manual' });
    expect([challenged.status, challengeOf(challenged).resource_metadata]).toEqual([401, resourceMetadata]);
  });

  test('nothing is cached, and no session is given', async () => {
    const response = await postMcp(issuer, tokens.access_token, list);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('mcp-session-id')).toBeNull();
  });
});

describe.concurrent('the 2025 revisions', () => {
  const initialize = (protocolVersion: string) =>
    ask(issuer, tokens.access_token, 'initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });

  test.for(['2025-03-26', '2025-06-18', '2025-11-25'])(
    'initialize with %s works, and no session follows (M19)',
    async (version) => {
      const { headers, message } = await initialize(version);
      expect(message.result).toMatchObject({
        protocolVersion: version,
        capabilities: { tools: { listChanged: false } },
      });
      expect(headers.get('mcp-session-id')).toBeNull();
      const next = await ask(issuer, tokens.access_token, 'tools/list', {}, { 'mcp-protocol-version': version });
      expect(next.message.result).toHaveProperty('tools');
    },
  );

  test('initialize with a version that nobody knows is answered with one that is known (M13)', async () => {
    expect((await initialize('1900-01-01')).message.result?.protocolVersion).toBe('2025-11-25');
  });

  test('a request in a version that nobody knows is refused with the known ones (M13)', async () => {
    const { status, message } = await ask(
      issuer,
      tokens.access_token,
      'tools/list',
      {},
      { 'mcp-protocol-version': '1900-01-01' },
    );
    expect(status).toBe(400);
    expect(message.error?.message).toContain('2025-11-25');
  });

  test('a session id or an event id from elsewhere changes nothing (M19)', async () => {
    const headers = { 'mcp-session-id': 'from-elsewhere', 'last-event-id': '7' };
    expect((await ask(issuer, tokens.access_token, 'tools/list', {}, headers)).status).toBe(200);
  });

  test('an unknown method is an error of JSON-RPC (M16)', async () => {
    expect((await ask(issuer, tokens.access_token, 'no/such')).message).toMatchObject({
      id: 1,
      error: { code: -32601 },
    });
  });

  test('ping is answered', async () => {
    expect((await ask(issuer, tokens.access_token, 'ping')).message).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });
});

describe.concurrent('revision 2026-07-28', () => {
  const modern = (method: string, params?: object, options?: Parameters<typeof askModern>[4]) =>
    askModern(issuer, tokens.access_token, method, params, options);
  const whoami = { name: 'whoami', arguments: {} };

  test('says what it can, and that nothing of it changes meanwhile', async () => {
    const { headers, message } = await modern('server/discover');
    expect(headers.get('content-type')).toBe('application/json');
    expect(message.result).toMatchObject({
      supportedVersions: [revision],
      capabilities: { tools: { listChanged: false } },
      resultType: 'complete',
      ttlMs: expect.any(Number),
      cacheScope: 'private',
    });
  });

  test('lists the tools for this person alone', async () => {
    const { message } = await modern('tools/list');
    expect(message.result).toMatchObject({ resultType: 'complete', cacheScope: 'private' });
  });

  test('calls a tool, also one whose name is sent in base64', async () => {
    expect(outputOf(await modern('tools/call', whoami))).toHaveProperty('subject');
    const headers = { 'mcp-name': `=?base64?${btoa('whoami')}?=` };
    expect(outputOf(await modern('tools/call', whoami, { headers }))).toHaveProperty('subject');
  });

  test('refuses a version that nobody knows, and says which it knows (M13)', async () => {
    const { status, message } = await modern('tools/list', {}, { version: '1900-01-01' });
    expect(status).toBe(400);
    expect(message).toMatchObject({
      id: 1,
      error: { code: -32022, data: { supported: [revision], requested: '1900-01-01' } },
    });
  });

  test.for([
    ['another version', { 'mcp-protocol-version': '2025-11-25' }],
    ['another method', { 'mcp-method': 'tools/list' }],
    ['a method in another case', { 'mcp-method': 'Tools/Call' }],
    ['no method', { 'mcp-method': '' }],
    ['another name', { 'mcp-name': 'create_todo' }],
    ['no name', { 'mcp-name': '' }],
    ['a name in broken base64', { 'mcp-name': '=?base64?!!!?=' }],
  ] as const)('refuses a call whose headers say %s (M14)', async ([, headers]) => {
    const { status, message } = await modern('tools/call', whoami, { headers });
    expect([status, message.error?.code, message.id]).toEqual([400, -32020, 1]);
  });

  test.for(['no/such', 'ping', 'initialize', 'logging/setLevel', 'resources/subscribe'])(
    'answers "%s" with 404 (M16)',
    async (method) => {
      const { status, message } = await modern(method);
      expect([status, message.error?.code]).toEqual([404, -32601]);
    },
  );

  test('refuses a request that leaves out what each must carry', async () => {
    const headers = { 'mcp-protocol-version': revision, 'mcp-method': 'tools/list' };
    const { status, message } = await ask(issuer, tokens.access_token, 'tools/list', { _meta: {} }, headers);
    expect([status, message.error?.code]).toEqual([400, -32602]);
  });

  test('has a subscription end at once, so that nobody waits for news', async () => {
    const { status } = await modern('subscriptions/listen', { filter: {} });
    expect(status).toBe(200);
  });
});

describe.concurrent('one message a request, JSON-RPC 2.0', () => {
  const sent = (body: string, headers: Record<string, string> = {}) =>
    fetch(mcpUrl, {
      method: 'POST',
      headers: {
        ...bearer(tokens.access_token),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    });
  const outcome = async (body: string, headers?: Record<string, string>) => {
    const { status, message } = await readAnswer(await sent(body, headers));
    return [status, message.error?.code];
  };

  test('a notification is taken with 202 and no word', async () => {
    const { _meta } = {
      _meta: { 'io.modelcontextprotocol/protocolVersion': revision, 'io.modelcontextprotocol/clientCapabilities': {} },
    };
    const old = { jsonrpc: '2.0', method: 'notifications/initialized' };
    const modern = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta } };
    for (const response of [
      await sent(JSON.stringify(old)),
      await sent(JSON.stringify(modern), { 'mcp-protocol-version': revision, 'mcp-method': modern.method }),
    ]) {
      expect([response.status, await response.text()]).toEqual([202, '']);
    }
  });

  test('a batch is refused, empty or full (M20)', async () => {
    expect(await outcome('[]')).toEqual([400, -32600]);
    expect(await outcome(JSON.stringify([list]))).toEqual([400, -32600]);
    expect(await outcome(JSON.stringify([list, list]), { 'mcp-protocol-version': '2025-03-26' })).toEqual([
      400, -32600,
    ]);
  });

  test.for(['', ' ', '{', '{"jsonrpc":', "{'a':1}", 'undefined', '{"a":1}{"b":2}', '\ufeff{"a":1}'])(
    '%j is no JSON (M22)',
    async (body) => {
      expect(await outcome(body)).toEqual([400, -32700]);
    },
  );

  test.for([
    'null',
    '1',
    '"text"',
    'true',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1}',
    '{"jsonrpc":"2.0","id":1,"method":7}',
    '{"jsonrpc":"2.0","id":1,"method":{"toString":1,"valueOf":1}}',
  ])('%s is no message (M22)', async (body) => {
    expect(await outcome(body)).toEqual([400, -32600]);
  });

  test.for(['tools/call', 'prompts/get', 'resources/read'])(
    'a name that is no text, and cannot be made one, names nothing: %s (M22)',
    async (method) => {
      const nothing = { toString: 1, valueOf: 1 };
      const body = { jsonrpc: '2.0', id: 1, method, params: { name: nothing, uri: nothing } };
      const [, code] = await outcome(JSON.stringify(body));
      expect([-32_601, -32_602]).toContain(code);
    },
  );

  test('an id must not be null (M22)', async () => {
    expect(await outcome(JSON.stringify({ ...list, id: null }))).toEqual([400, -32600]);
  });

  test('what is nested beyond reason is refused (M22)', async () => {
    for (const deep of [
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    ]) {
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":${deep}}}`;
      expect(await outcome(body)).toEqual([400, -32600]);
    }
  });

  test('a body beyond 1 MB is refused with 413 (M22)', async () => {
    const body = JSON.stringify({ ...list, params: { padding: 'x'.repeat(1024 * 1024) } });
    expect((await outcome(body))[0]).toBe(413);
    expect((await sent('x'.repeat(6 * 1024 * 1024))).status).toBe(413);
  });

  test.for(['text/plain', 'application/x-www-form-urlencoded', 'application/json-rpc', 'multipart/form-data', ''])(
    'a body of type "%s" is refused with 415 (M22)',
    async (type) => {
      expect((await outcome(JSON.stringify(list), { 'content-type': type }))[0]).toBe(415);
    },
  );

  test('the content type may say its charset', async () => {
    expect((await sent(JSON.stringify(list), { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
  });

  test('arguments called __proto__ or constructor change nothing (M22)', async () => {
    const create = (extra: string) =>
      sent(
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_todo","arguments":{"title":"p",${extra}}}}`,
      );
    await create('"__proto__":{"done":true,"isAdmin":true}');
    await create('"constructor":{"prototype":{"done":true}}');
    const made = outputOf(await callTool(issuer, tokens.access_token, 'create_todo', { title: 'after' }));
    expect(made.done).toBe(false);
    expect(Object.keys(made)).not.toContain('isAdmin');
  });

  test('the id of an answer is that of its request, text or number', async () => {
    for (const id of ['text', 0, -1, 2 ** 40]) {
      expect((await readAnswer(await sent(JSON.stringify({ ...list, id })))).message.id).toBe(id);
    }
  });
});

describe.concurrent('how often a grant may call', () => {
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

  test('300 times a minute, then 429 in the form of the endpoint until the next (M28)', async () => {
    const { tokens: limited } = await connect(issuer);
    const offset = untilFreshMinute();
    const call = (more = 0) => postMcp(issuer, limited.access_token, ping, later(offset + more));
    const statuses: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      statuses.push(...(await Promise.all(Array.from({ length: 10 }, async () => (await call()).status))));
    }
    expect(statuses).toEqual(Array.from({ length: 300 }, () => 200));
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60).toBe(true);
    expect((await readAnswer(refused)).message).toMatchObject({ id: null, error: { message: expect.any(String) } });
    expect((await call(60)).status).toBe(200);
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
  });

  test('a limited grant that has ended hears of its end, not of the limit', async () => {
    const { clientId, tokens: limited } = await connect(issuer);
    const offset = untilFreshMinute() + HOUR / 2;
    const call = () => postMcp(issuer, limited.access_token, ping, later(offset));
    for (let round = 0; round < 31; round += 1) await Promise.all(Array.from({ length: 10 }, call));
    await fetch(`${issuer}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, token: limited.access_token }),
    });
    expect((await call()).status).toBe(401);
  });
});

describe.concurrent("another person's data", () => {
  test('is as if it were not there (M23)', async () => {
    const [one, other] = await Promise.all([connect(issuer), connect(issuer)]);
    const id = await newTodo(issuer, one.tokens.access_token, { title: 'Mine' });
    const foreign = async (name: string, args: object) =>
      (await callTool(issuer, other.tokens.access_token, name, args)).message.result;
    for (const [name, more] of [
      ['get_todo', {}],
      ['complete_todo', {}],
      ['delete_todo', {}],
      ['update_todo', { title: 'Yours' }],
    ] as const) {
      const missing = await foreign(name, { id: '01M7XFHDDPAHQ5PMB2C7W0QSM0', ...more });
      expect(missing).toMatchObject({ isError: true });
      expect(await foreign(name, { id, ...more })).toEqual(missing);
    }
    expect(await titles(issuer, other.tokens.access_token)).toEqual([]);
    expect(await titles(issuer, one.tokens.access_token)).toEqual(['Mine']);
  });
});

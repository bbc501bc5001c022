/**
 * What has gone wrong between MCP clients and their servers in the field, one direct test for each problem (G1 to G44).
 * Other suites go into depth; here each test is what would have caught that one problem.
 *
 * Some of it lies outside of what can run on one machine, and is held here only as far as it shows: that API Gateway
 * gives a renamed challenge its name back (G11: the mapping in the template), that clients keep metadata for minutes
 * (G32: it never changes and says for how long it may be kept), that a deployment keeps its issuer (G17: it follows from
 * the API alone) and that networks let clients through (G39: nothing in front of the endpoints, and no address preferred).
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { Browser, heading, location, offeredScopes, send } from '../support/browser.ts';
import { type ClientSite, document, down, startClientSite } from '../support/client-site.ts';
import {
  approve,
  authorizedCode,
  authorizePath,
  beginSignIn,
  callback,
  connect,
  isAccepted,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  reachConsent,
  refresh,
  register,
  requestTokens,
  type Tokens,
  tomorrowAt,
} from '../support/flow.ts';
import { callTool, newTodo, readAnswer, titles } from '../support/mcp.ts';
import {
  basic,
  DAY,
  HOUR,
  later,
  MINUTE,
  newRedemption,
  redeem,
  redeemed,
  refusal,
  secretOf,
  tokensIn,
} from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { initialScopes } from '../support/scopes.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { templateOf } from '../support/template.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;
const resourceMetadata = `${issuer}/.well-known/oauth-protected-resource/mcp`;
const everyScope = await initialScopes(issuer);
const slashes = [mcpUrl, `${mcpUrl}/`, issuer, `${issuer}/`];
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

type Connection = Awaited<ReturnType<typeof connect>>;
type Headers = Record<string, string>;

async function read(path: string, from = issuer): Promise<Record<string, unknown>> {
  const response = await fetch(`${from}${path}`, { redirect: 'manual' });
  expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'application/json']);
  return (await response.json()) as Record<string, unknown>;
}

/** Spends a refresh token, so many seconds from now. */
function spend({ clientId }: Connection, token: string, seconds = 0): Promise<Response> {
  const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: token };
  return requestTokens(issuer, parameters, { ...newSourceIp(), ...later(seconds) });
}

async function spent(connection: Connection, token: string, seconds = 0): Promise<Tokens> {
  return tokensIn(await spend(connection, token, seconds));
}

/** The parameters of the challenge that an answer carries. */
function challengeOf({ headers }: Pick<Response, 'headers'>): Record<string, string> {
  const value = headers.get('www-authenticate') ?? '';
  expect(value).toMatch(/^Bearer /);
  return Object.fromEntries([...value.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', text = '']) => [name, text]));
}

/** Posts a registration, and gives the answer whatever it is. */
function tryRegister(metadata: object, headers: Headers = newSourceIp()): Promise<Response> {
  return fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'none', ...metadata }),
  });
}

/** How the first page of an authorization request is answered. */
async function openStatus(clientId: string, request: Record<string, string | undefined> = {}): Promise<number> {
  return (await new Browser(issuer, newSourceIp()).open(authorizePath(clientId, newPkce().challenge, request))).status;
}

/** What is deployed. */
let template: Template;
beforeAll(async () => {
  template = await templateOf();
});

describe.concurrent('refresh', () => {
  test('gives parallel refreshes of one token the same successor (G1)', async () => {
    const connection = await connect(issuer);
    const { refresh_token } = connection.tokens;
    const all = await Promise.all(Array.from({ length: 8 }, () => spent(connection, refresh_token)));
    expect(new Set(all.map((tokens) => tokens.refresh_token)).size).toBe(1);
  });

  test('leaves every participant of a race with tokens that work, the winner too (G2)', async () => {
    const connection = await connect(issuer);
    const { refresh_token } = connection.tokens;
    const responses = await Promise.all(Array.from({ length: 4 }, () => spend(connection, refresh_token)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const tokens of await Promise.all(responses.map(tokensIn))) {
      expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
      expect((await spend(connection, tokens.refresh_token)).status).toBe(200);
    }
  });

  test('starts no second branch when a token comes twice, so the first successor lives on (G3)', async () => {
    const connection = await connect(issuer);
    const first = await spent(connection, connection.tokens.refresh_token);
    const again = await spent(connection, connection.tokens.refresh_token, 10);
    expect(again.refresh_token).toBe(first.refresh_token);
    const next = await spent(connection, first.refresh_token, 20);
    expect((await spent(connection, again.refresh_token, 30)).refresh_token).toBe(next.refresh_token);
    expect((await spend(connection, next.refresh_token, 40)).status).toBe(200);
  });

  test('answers a token that was spent days ago with invalid_grant, and ends all that came of it (G4)', async () => {
    const connection = await connect(issuer);
    const successor = await spent(connection, connection.tokens.refresh_token);
    const newest = await spent(connection, successor.refresh_token, 2 * DAY);
    expect(await refusal(await spend(connection, successor.refresh_token, 6 * DAY))).toBe('400 invalid_grant');
    expect(await refusal(await spend(connection, newest.refresh_token, 6 * DAY))).toBe('400 invalid_grant');
    expect(await isAccepted(issuer, newest.access_token)).toBe(false);
  });

  test('carries many sessions that share one stored token through hour after hour (G5)', async () => {
    const connection = await connect(issuer);
    let stored = connection.tokens;
    expect(stored.expires_in).toBeGreaterThanOrEqual(HOUR);
    for (const hour of [1, 2, 3]) {
      const { refresh_token } = stored;
      const sessions = [0, 10, 20, 50].map((seconds) => spend(connection, refresh_token, hour * HOUR + seconds));
      const all = await Promise.all((await Promise.all(sessions)).map(tokensIn));
      expect(new Set(all.map((tokens) => tokens.refresh_token)).size).toBe(1);
      stored = all[0] ?? stored;
    }
  });

  test('disturbs no call that is under way, whatever session the client believes to be in (G6)', async () => {
    const connection = await connect(issuer);
    const { access_token, refresh_token } = connection.tokens;
    const session = { 'mcp-session-id': randomUUID() };
    const calls = () => Array.from({ length: 4 }, () => callTool(issuer, access_token, 'list_todos', {}, session));
    const [before, renewed, after] = await Promise.all([
      Promise.all(calls()),
      Promise.all([spent(connection, refresh_token), spent(connection, refresh_token)]),
      Promise.all(calls()),
    ]);
    expect([...before, ...after].map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    for (const tokens of renewed)
      expect((await callTool(issuer, tokens.access_token, 'list_todos', {}, session)).status).toBe(200);
  });

  test.for([
    ['invalid_target', { resource: 'https://other.example/mcp' }],
    ['invalid_scope', { scope: 'todo' }],
  ] as const)('costs no token when it is refused with %s (G7)', async ([error, wrong]) => {
    const { clientId, tokens } = await connect(issuer, { scopes: ['todos:read'] });
    expect(await refusal(await refresh(issuer, clientId, tokens.refresh_token, wrong))).toBe(`400 ${error}`);
    expect(await spent({ clientId, tokens }, tokens.refresh_token, 10 * MINUTE)).toMatchObject({ scope: 'todos:read' });
  });

  test('inherits resource and scope where the client names neither (G8)', async () => {
    const request = { resource: mcpUrl, scope: 'todos:read profile:read' };
    const connection = await connect(issuer, { request });
    const { access_token, scope } = await spent(connection, connection.tokens.refresh_token);
    expect(scope).toBe(connection.tokens.scope);
    expect(decodeJwt(access_token)).toMatchObject({ aud: mcpUrl, scope });
  });

  test('leaves the old access token valid until it expires by itself (G9)', async () => {
    const connection = await connect(issuer);
    await spent(connection, connection.tokens.refresh_token);
    const { access_token } = connection.tokens;
    expect((await postMcp(issuer, access_token, list, later(HOUR - 5 * MINUTE))).status).toBe(200);
    expect((await postMcp(issuer, access_token, list, later(HOUR + MINUTE))).status).toBe(401);
  });

  test('always says in a number how long the token lives (G10)', async () => {
    const connection = await connect(issuer);
    const renewed = await spent(connection, connection.tokens.refresh_token);
    for (const { expires_in, access_token } of [connection.tokens, renewed]) {
      const { iat = 0, exp = 0 } = decodeJwt(access_token);
      expect(expires_in).toBe(exp - iat);
    }
  });
});

describe.concurrent('discovery and challenges', () => {
  test('sends the challenge under its own name, and has the gateway give it back (G11)', async () => {
    const { tokens } = await connect(issuer, { scopes: ['todos:read'] });
    const write = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'create_todo', arguments: {} } };
    const refused = [await postMcp(issuer, 'x', list), await postMcp(issuer, tokens.access_token, write)];
    expect(refused.map(({ status }) => status)).toEqual([401, 403]);
    for (const response of refused) {
      expect(challengeOf(response)).toMatchObject({ resource_metadata: resourceMetadata });
    }
    const restored = [{ Destination: 'overwrite:header.WWW-Authenticate', Source: '$response.header.x-challenge' }];
    const mapping = { ResponseParameters: restored };
    template.allResourcesProperties('AWS::ApiGatewayV2::Integration', {
      ResponseParameters: Match.objectLike({ 401: mapping }),
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      ResponseParameters: { 401: mapping, 403: mapping },
    });
  });

  test('has no name of a stage in any address, for all is at the root of the host (G12)', async () => {
    template.allResourcesProperties('AWS::ApiGatewayV2::Stage', { StageName: '$default' });
    const documents = [
      await read('/.well-known/oauth-authorization-server'),
      await read('/.well-known/oauth-protected-resource'),
    ];
    const addresses = documents.flatMap((members) =>
      Object.values(members)
        .flat()
        .filter((value) => /^https?:/.test(String(value))),
    );
    expect(addresses.length).toBeGreaterThanOrEqual(8);
    for (const address of addresses) {
      const { origin, pathname } = new URL(String(address));
      expect(origin).toBe(issuer);
      expect(pathname).toMatch(/^\/(\.well-known\/jwks\.json|authorize|token|register|revoke|introspect|mcp)?$/);
    }
  });

  test.for(['oauth-protected-resource', 'oauth-authorization-server'])(
    'serves %s with the path of the endpoint and without, the same at both (G13)',
    async (name) => {
      expect(await read(`/.well-known/${name}/mcp`)).toEqual(await read(`/.well-known/${name}`));
    },
  );

  test('lets a web page read the challenge, and send the headers of the protocol (G14)', async () => {
    const origin = 'http://localhost:6274';
    const words = (response: Response, name: string) => response.headers.get(name)?.toLowerCase().split(', ') ?? [];
    const refused = await fetch(mcpUrl, { method: 'POST', headers: { origin } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(words(refused, 'access-control-expose-headers')).toContain('www-authenticate');
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'mcp-method' };
    const preflight = await fetch(mcpUrl, { method: 'OPTIONS', headers: { origin, ...asked } });
    expect(preflight.status).toBe(204);
    for (const name of ['authorization', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name'])
      expect(words(preflight, 'access-control-allow-headers')).toContain(name);
  });

  test.for(slashes)('takes %s for its one resource, which it names as people type it (G15)', async (resource) => {
    expect((await read('/.well-known/oauth-protected-resource/mcp')).resource).toBe(mcpUrl);
    const redemption = await newRedemption(issuer, {}, { request: { resource } });
    const { access_token } = await redeemed(issuer, redemption, { resource });
    expect(decodeJwt(access_token).aud).toBe(mcpUrl);
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });

  test('refuses a resource only where it is foreign, and takes none for its own (G16)', async () => {
    const foreign = await beginSignIn(issuer, { request: { resource: 'https://other.example/mcp' } });
    expect(location(foreign.page).searchParams.get('error')).toBe('invalid_target');
    const { tokens } = await connect(issuer, { request: { resource: undefined } });
    expect(decodeJwt(tokens.access_token).aud).toBe(mcpUrl);
  });

  test('keeps its issuer and its resource, for both follow from the API alone (G17)', () => {
    const [api = ''] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));
    const endpoint = { 'Fn::GetAtt': [api, 'ApiEndpoint'] };
    template.hasOutput('McpUrl', { Value: { 'Fn::Join': ['', [endpoint, '/mcp']] } });
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ISSUER: endpoint } } });
    const withOther = Match.objectLike({ ISSUER: Match.not(endpoint) });
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Environment: { Variables: withOther } }, 0);
  });

  test('says the same to whoever asks again, and for how long that may be kept (G32)', async () => {
    for (const path of [
      'oauth-protected-resource/mcp',
      'oauth-authorization-server',
      'openid-configuration',
      'jwks.json',
    ]) {
      const ask = async (headers: Headers) => fetch(`${issuer}/.well-known/${path}`, { headers });
      const answers = await Promise.all([{}, newSourceIp(), later(30 * DAY), { accept: '*/*' }].map(ask));
      expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
      for (const { headers } of answers) expect(headers.get('cache-control')).toBe('public, max-age=300');
    }
  });

  test('answers clients that only look for an OpenID configuration, in JSON (G36)', async () => {
    const configuration = await read('/.well-known/openid-configuration');
    expect(configuration).toMatchObject(await read('/.well-known/oauth-authorization-server'));
    expect(configuration).toMatchObject({ subject_types_supported: ['public'] });
    for (const unserved of ['/mcp/.well-known/openid-configuration', '/.well-known/openid-configuration/mcp']) {
      const response = await fetch(`${issuer}${unserved}`, { redirect: 'manual' });
      expect([200, 404]).toContain(response.status);
      expect(await response.json()).toBeTypeOf('object');
    }
  });

  test('names the metadata of the resource in every 401 of the endpoint (G37)', async () => {
    const { tokens } = await connect(issuer);
    const old = { authorization: `Bearer ${tokens.access_token}`, ...later(2 * HOUR) };
    const asked: [string, Headers][] = [
      ...['GET', 'HEAD', 'POST', 'DELETE'].map((method): [string, Headers] => [method, {}]),
      ['POST', { authorization: 'Bearer x' }],
      ['POST', { authorization: 'Basic dTpw' }],
      ['POST', old],
    ];
    for (const [method, headers] of asked) {
      const answer = await send(issuer, { method, path: '/mcp', headers });
      expect(answer.status).toBe(401);
      expect(challengeOf(answer)).toMatchObject({ resource_metadata: resourceMetadata });
    }
  });

  test('refuses with a status, never with a result that says it failed (G38)', async () => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'create_todo', arguments: {} } };
    const without = await postMcp(issuer, '', call);
    expect(without.status).toBe(401);
    expect((await readAnswer(without)).message).not.toHaveProperty('result');
    const { tokens } = await connect(issuer, { scopes: ['todos:read'] });
    const response = await postMcp(issuer, tokens.access_token, call);
    expect(response.status).toBe(403);
    const { message } = await readAnswer(response);
    const mirrored = [JSON.stringify(message.result ?? message.error?.data)].join();
    expect(mirrored).toContain('mcp/www_authenticate');
    expect(mirrored).toContain('insufficient_scope');
  });

  test('serves hosted clients and programs on a person’s device alike, whatever their address (G39)', async () => {
    for (const type of ['AWS::WAFv2::WebACL', 'AWS::WAFv2::WebACLAssociation']) template.resourceCountIs(type, 0);
    template.resourcePropertiesCountIs('AWS::ApiGatewayV2::Api', { IpAddressType: 'ipv6' }, 0);
    const { clientId, tokens } = await connect(issuer);
    let { refresh_token } = tokens;
    for (const address of ['160.79.104.10', '203.0.113.7', '2001:db8::7']) {
      const headers = { 'x-local-source-ip': address };
      const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token };
      const renewed = await tokensIn(await requestTokens(issuer, parameters, headers));
      expect((await postMcp(issuer, renewed.access_token, list, headers)).status).toBe(200);
      refresh_token = renewed.refresh_token;
    }
  });
});

describe.concurrent('redirects', () => {
  test.for(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])(
    'lets a program at %s listen on any port, but nowhere else (G18)',
    async (host) => {
      const { client_id } = await register(issuer, { redirect_uris: [`http://${host}:3118/callback`] });
      for (const port of ['', ':1', ':33418', ':65535'])
        expect(await openStatus(client_id, { redirect_uri: `http://${host}${port}/callback` })).toBe(200);
      const other = host === 'localhost' ? '127.0.0.1' : 'localhost';
      for (const redirect_uri of [
        `http://${host}:3118/`,
        `http://${host}:3118/callback/`,
        `http://${other}:3118/callback`,
      ])
        expect(await openStatus(client_id, { redirect_uri })).toBe(400);
    },
  );

  test('takes a registration with an odd redirect URI among good ones, and refuses the odd one where it is used (G19)', async () => {
    const good = [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'http://localhost:8787/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
    ];
    const bad = ['http://not-loopback.example/cb', 'javascript:alert(1)'];
    const response = await tryRegister({ client_name: 'Cursor', redirect_uris: [...good, ...bad] });
    expect(response.status).toBe(201);
    const { client_id, redirect_uris } = (await response.json()) as { client_id: string; redirect_uris: string[] };
    expect(redirect_uris).toEqual([...good, ...bad]);
    for (const redirect_uri of good) expect(await openStatus(client_id, { redirect_uri })).toBe(200);
    for (const redirect_uri of bad) expect(await openStatus(client_id, { redirect_uri })).toBe(400);
  });

  test('names the issuer in every answer to a client, and says so beforehand (G40)', async () => {
    expect(await read('/.well-known/oauth-authorization-server')).toMatchObject({
      authorization_response_iss_parameter_supported: true,
    });
    const redirects = [
      'https://chatgpt.com/connector_platform_oauth_redirect',
      'https://chatgpt.com/connector/oauth/dGhlLWlk',
    ];
    const { client_id } = await register(issuer, { redirect_uris: redirects });
    for (const redirect_uri of redirects) {
      const { redirect } = await authorizedCode(issuer, client_id, { request: { redirect_uri } });
      expect(redirect.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
      expect(redirect.searchParams.getAll('iss')).toEqual([issuer]);
      const path = authorizePath(client_id, newPkce().challenge, { redirect_uri, response_type: 'token' });
      expect(location(await new Browser(issuer, newSourceIp()).open(path)).searchParams.getAll('iss')).toEqual([
        issuer,
      ]);
    }
  });

  test('takes a callback that ends in an id of the client’s making (G41)', async () => {
    const id = createHash('sha256').update(mcpUrl).digest().subarray(0, 9).toString('base64url');
    const { client_id } = await register(issuer, { redirect_uris: [`http://127.0.0.1:1455/callback/${id}`] });
    const redirect_uri = `http://127.0.0.1:49152/callback/${id}`;
    const { redirect } = await authorizedCode(issuer, client_id, { request: { redirect_uri } });
    expect(redirect.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
    const other = `http://127.0.0.1:1455/callback/${randomBytes(9).toString('base64url')}`;
    expect(await openStatus(client_id, { redirect_uri: other })).toBe(400);
  });
});

describe.concurrent('registration', () => {
  test('limits a network in words that a client understands, locks out nobody else, and forgets who never came (G24)', async () => {
    const network = { ...newSourceIp(), ...tomorrowAt(5) };
    const first = await Promise.all(Array.from({ length: 60 }, () => tryRegister({}, network)));
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([201]));
    const refused = await tryRegister({}, network);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusal(refused)).toMatch(/^429 \w+$/);
    expect((await tryRegister({}, { ...network, ...newSourceIp() })).status).toBe(201);
    const { client_id } = await register(issuer);
    const page = await new Browser(issuer, later(91 * DAY)).open(authorizePath(client_id, newPkce().challenge));
    expect(page.status).toBe(400);
  });

  test('tells a client that is gone to register again, and its person to add it again (G25)', async () => {
    const response = await tryRegister({});
    const client = (await response.json()) as { client_id: string } & Record<
      'registration_client_uri' | 'registration_access_token',
      string
    >;
    const { code, verifier } = await authorizedCode(issuer, client.client_id);
    const tokens = await redeemed(issuer, { client, code, verifier });
    const authorization = `Bearer ${client.registration_access_token}`;
    const removed = await fetch(client.registration_client_uri, { method: 'DELETE', headers: { authorization } });
    expect(removed.status).toBe(204);
    expect(await refusal(await refresh(issuer, client.client_id, tokens.refresh_token))).toBe('401 invalid_client');
    expect(await refusal(await redeem(issuer, { client, code, verifier }))).toBe('401 invalid_client');
    const page = await new Browser(issuer).open(authorizePath(client.client_id, newPkce().challenge));
    expect(page.status).toBe(400);
    expect(page.html).toMatch(/remove the connection.* add it again/is);
  });

  test('leaves out what there is not: no answer has a null (G28)', async () => {
    const registered = await tryRegister({
      client_uri: null,
      client_name: null,
      logo_uri: null,
      jwks: null,
      scope: null,
    });
    expect(registered.status).toBe(201);
    const { tokens } = await connect(issuer);
    const answers = [
      await registered.json(),
      tokens,
      await read('/.well-known/oauth-authorization-server'),
      await read('/.well-known/oauth-protected-resource'),
    ];
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain(':null');
  });

  test('takes a client that registers twice and comes back with one of the two (G31)', async () => {
    const hosted = { 'x-local-source-ip': '160.79.104.31' };
    const metadata = { client_name: 'Claude', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] };
    const twice = await Promise.all([tryRegister(metadata, hosted), tryRegister(metadata, hosted)]);
    expect(twice.map(({ status }) => status)).toEqual([201, 201]);
    for (const response of twice) {
      const { client_id } = (await response.json()) as { client_id: string };
      expect(await openStatus(client_id, { redirect_uri: metadata.redirect_uris[0] })).toBe(200);
    }
  });
});

describe.concurrent('consent and sign-in', () => {
  test('lets the browser follow the redirect of the form, and a second click gives the same (G26)', async () => {
    const begun = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, begun.browser, begun.page);
    expect(consent.page.headers.get('content-security-policy')).not.toContain('form-action');
    const first = await approve(begun.browser, consent);
    expect((await approve(begun.browser, consent)).href).toBe(first.href);
    const { code, verifier } = { code: first.searchParams.get('code') ?? '', verifier: begun.verifier };
    expect((await redeem(issuer, { client: { client_id: begun.clientId }, code, verifier })).status).toBe(200);
  });

  test('is not used up by a scanner of mail: there is no link, and a GET does nothing (G27)', async () => {
    const { browser, fields } = await beginSignIn(issuer);
    const address = newAddress();
    await browser.post('/authorize/email', { ...fields, email: address });
    const [mail] = await mailsTo(issuer, address);
    const code = mail?.subject.split(' ')[0] ?? '';
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/https?:\/\/|<a\b|href/i);
    const query = new URLSearchParams({ ...fields, code });
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(`${issuer}/authorize/code?${query}`, { method, redirect: 'manual' })).status).toBe(405);
    const elsewhere = await new Browser(issuer, newSourceIp()).post('/authorize/code', { ...fields, code });
    expect([elsewhere.status, offeredScopes(elsewhere)]).toEqual([400, []]);
    expect(offeredScopes(await browser.post('/authorize/code', { ...fields, code }))).toEqual(everyScope.toSorted());
  });

  test('gives a refresh token to clients that never ask for offline_access, which no resource names (G33)', async () => {
    const scopes = async (path: string) => (await read(path)).scopes_supported;
    expect(await scopes('/.well-known/oauth-authorization-server')).toContain('offline_access');
    expect(await scopes('/.well-known/oauth-protected-resource/mcp')).not.toContain('offline_access');
    expect(challengeOf(await fetch(mcpUrl)).scope).not.toContain('offline_access');
    const { tokens } = await connect(issuer, { request: { scope: 'todos:read' } });
    expect(tokens.refresh_token).toMatch(/./);
  });

  test('offers what there is to a client that asks for the whole catalogue, and more (G34)', async () => {
    const catalogue = (await read('/.well-known/oauth-authorization-server')).scopes_supported as string[];
    const { page } = await beginSignIn(issuer, { request: { scope: [...catalogue, 'openid', 'admin'].join(' ') } });
    expect(page.status).toBe(200);
    const { tokens } = await connect(issuer, { request: { scope: [...catalogue, 'openid', 'admin'].join(' ') } });
    expect(tokens.scope.split(' ').sort()).toEqual([...everyScope].sort());
  });

  test.for(['', ' offline_access', 'offline_access', '  '])(
    'offers everything to a client that asks for "%s" (G35)',
    async (scope) => {
      const { browser, page } = await beginSignIn(issuer, { request: { scope, prompt: 'consent' } });
      expect(offeredScopes((await reachConsent(issuer, browser, page)).page)).toEqual(everyScope.toSorted());
    },
  );
});

describe.concurrent('tokens', () => {
  test('are asked for in a form and clients in JSON, and anything else is told so in an error of OAuth (G29)', async () => {
    const redemption = await newRedemption(issuer);
    const post = (path: string, type: string, body: string) =>
      fetch(`${issuer}${path}`, { method: 'POST', headers: { 'content-type': type, ...newSourceIp() }, body });
    const json = JSON.stringify({ redirect_uris: [callback] });
    for (const type of ['application/json', 'text/plain', ';;;', 'a/b; charset', 'form'])
      expect(await refusal(await post('/token', type, json))).toBe('400 invalid_request');
    for (const type of [form['content-type'], 'text/plain', ';;;', 'json'])
      expect(await refusal(await post('/register', type, json))).toBe('400 invalid_client_metadata');
    expect((await post('/register', 'application/json; charset=utf-8', json)).status).toBe(201);
    expect(
      (await redeem(issuer, redemption, {}, { 'content-type': `${form['content-type']}; charset=UTF-8` })).status,
    ).toBe(200);
  });

  test('that were issued open the endpoint, the first and every refreshed one, with their expiry and audience (G30)', async () => {
    const connection = await connect(issuer);
    const renewed = await spent(connection, connection.tokens.refresh_token);
    for (const { access_token } of [connection.tokens, renewed]) {
      expect(decodeJwt(access_token)).toMatchObject({ iss: issuer, aud: mcpUrl, exp: expect.any(Number) });
      await newTodo(issuer, access_token, { title: 'It works' });
    }
    expect(await titles(issuer, renewed.access_token)).toEqual(['It works', 'It works']);
  });

  test('outlive a replay of their code by whoever lacks the verifier, and end with one that is right (G42)', async () => {
    const redemption = await newRedemption(issuer);
    const tokens = await redeemed(issuer, redemption);
    const other = await register(issuer);
    for (const wrong of [{ code_verifier: newPkce().verifier }, { client_id: other.client_id }])
      expect(await refusal(await redeem(issuer, redemption, wrong))).toBe('400 invalid_grant');
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_grant');
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
  });

  test('are told of to no other client and ended by none (G43)', async () => {
    const { tokens } = await connect(issuer);
    const client = await register(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
    const headers = basic(client.client_id, secretOf(client));
    const ask = (path: string, token: string, as: Headers) =>
      fetch(`${issuer}${path}`, { method: 'POST', headers: as, body: new URLSearchParams({ token }) });
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      expect((await ask('/introspect', token, {})).status).toBe(401);
      expect((await ask('/revoke', token, {})).status).toBe(401);
      expect(await (await ask('/introspect', token, headers)).json()).toEqual({ active: false });
      expect((await ask('/revoke', token, headers)).status).toBe(200);
    }
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
  });
});

/** These spoil the server's surroundings, so they have a server to themselves, and take turns. */
describe('when something around the server is not as it should be', () => {
  let site: ClientSite;
  let aws: Aws;
  let stack: RunningStack;
  beforeAll(async () => {
    [site, aws] = await Promise.all([startClientSite(), startAws()]);
    const env = { ...aws.env, TRUSTED_METADATA_HOSTS: site.host };
    stack = await startStackWith({ lifetimes: { repeatWindowSeconds: 3_600 } }, { env });
  });
  afterEach(() => aws.heal());
  afterAll(async () => {
    await stack.stop();
    await Promise.all([aws.stop(), site.stop()]);
  });

  /** A program on a device, as it publishes itself: without a port. */
  const native = {
    client_name: 'Native',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
  };
  const open = (id: string, at = 0) =>
    new Browser(stack.issuer, { ...newSourceIp(), ...later(at) }).open(authorizePath(id, newPkce().challenge));

  test('a client that keeps its old token for most of an hour is served where the settings say so (G4)', async () => {
    const { clientId, tokens } = await connect(stack.issuer);
    const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token };
    const first = await tokensIn(await requestTokens(stack.issuer, parameters));
    const again = await tokensIn(await requestTokens(stack.issuer, parameters, later(HOUR - MINUTE)));
    expect(again.refresh_token).toBe(first.refresh_token);
  });

  test('a published client that signs is taken with its signature, and without where it offers that (G20)', async () => {
    const key = await newClientKey('RS256');
    const id = site.publish({
      redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect', callback],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      jwks_uri: site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [key.jwk] })),
    });
    const client = { client_id: id };
    const assertion = await signClaims(key, honestClaims(id, stack.issuer));
    for (const proof of [{}, asParameters(assertion)]) {
      const { code, verifier } = await authorizedCode(stack.issuer, id);
      const tokens = await redeemed(stack.issuer, { client, code, verifier }, proof);
      expect(await isAccepted(stack.issuer, tokens.access_token)).toBe(true);
    }
  });

  test.for(['http://localhost:49152/callback', 'http://127.0.0.1:3118/callback'])(
    'a published client that names no port is answered at %s (G21)',
    async (redirect_uri) => {
      const { redirect } = await authorizedCode(stack.issuer, site.publish(native), { request: { redirect_uri } });
      expect(redirect.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
    },
  );

  test('the host of a published client may be down: known ones go on, and a new one gets a page (G22)', async () => {
    const id = site.publish(native, 'max-age=60');
    const client = { client_id: id };
    const tokens = await redeemed(stack.issuer, { client, ...(await authorizedCode(stack.issuer, id)) });
    site.serve(new URL(id).pathname, down);
    expect((await open(id, HOUR)).status).toBe(200);
    const visits = site.visits(id);
    const parameters = { grant_type: 'refresh_token', client_id: id, refresh_token: tokens.refresh_token };
    expect((await requestTokens(stack.issuer, parameters, later(5 * DAY))).status).toBe(200);
    expect(site.visits(id)).toBe(visits);
    const page = await open(site.serve(`/${randomUUID()}/client.json`, down));
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(heading(page)).not.toBe('');
  });

  test('a refresh that fails inside says "not now", and the token is as good as before (G44)', async () => {
    const { clientId, tokens } = await connect(stack.issuer);
    for (const operation of ['BatchGetItem', 'Sign', 'UpdateItem']) {
      aws.spoil(operation, 'broken');
      const response = await refresh(stack.issuer, clientId, tokens.refresh_token);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refusal(response)).toBe('503 temporarily_unavailable');
      aws.heal();
    }
    expect((await refresh(stack.issuer, clientId, tokens.refresh_token)).status).toBe(200);
  });

  test('the log says why a token was refused, in the words that its client was told (G30)', async () => {
    const { clientId, tokens } = await connect(stack.issuer);
    await revoke(stack.issuer, clientId, tokens.refresh_token);
    for (const token of ['x', tokens.access_token]) {
      const before = stack.logs().length;
      const { status, message } = await readAnswer(await postMcp(stack.issuer, token, list));
      expect(status).toBe(401);
      await expect.poll(() => stack.logs().slice(before)).toContain(`"reason":"${message.error?.message}"`);
    }
  });
});

test('an operator can hide that published clients are known, and registration goes on (G23)', async () => {
  const metadata = await read('/.well-known/oauth-authorization-server');
  expect(metadata).toMatchObject({ client_id_metadata_document_supported: true });
  expect(metadata).toHaveProperty('registration_endpoint');
  const stack = await startStackWith({ registration: { metadataDocuments: false } });
  try {
    const hidden = await read('/.well-known/oauth-authorization-server', stack.issuer);
    expect(hidden).toMatchObject({ client_id_metadata_document_supported: false });
    const { tokens } = await connect(stack.issuer);
    expect(await isAccepted(stack.issuer, tokens.access_token)).toBe(true);
  } finally {
    await stack.stop();
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminClient, Operator } from '../cli/admin-process.ts';
import { Browser } from '../support/browser.ts';
import {
  authorizedCode,
  authorizePath,
  newPkce,
  newSourceIp,
  postMcp,
  requestTokens,
  type Tokens,
} from '../support/flow.ts';
import { callTool, outputOf } from '../support/mcp.ts';
import { basic, DAY, later, MINUTE, refusal, secretOf, tokensIn } from '../support/redemption.ts';
import { json, type Service, startService } from '../support/service.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

const redirect = 'https://chatgpt.com/connector/oauth/journey';
const extension = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

/** What a server for ChatGPT had: a confidential client, scopes, three tools, compromise handling, allowlists, cleanup. */
describe('a server that one confidential client calls for many people', () => {
  let service: Service;
  let stack: RunningStack;
  let client: AdminClient;
  let header: Record<string, string>;
  beforeAll(async () => {
    service = await startService();
    service.serve(
      '/v1/search',
      json({ results: [{ id: 1, name: 'Oslo', latitude: 59.9, longitude: 10.7, country: 'Norway' }] }),
    );
    service.serve('/v1/forecast', json(forecast));
    service.serve(
      '/w/rest.php/v1/search/page',
      json({ pages: [{ id: 1, key: 'Oslo', title: 'Oslo', excerpt: 'A city' }] }),
    );
    const environment = { WEATHER_URL: service.url, GEOCODING_URL: service.url, SEARCH_URL: service.url };
    const allowedOrigins = ['https://chatgpt.com', extension, 'moz-extension://*'];
    stack = await startStackWith({ allowedOrigins, tools: { environment } });
  });
  afterAll(async () => {
    await stack.stop();
    await service.stop();
  });

  /** A person approves the client. Gives what it needs to redeem the code. */
  async function approved(scope?: string) {
    const { code, verifier } = await authorizedCode(stack.issuer, client.client_id, {
      request: { redirect_uri: redirect, scope },
    });
    return { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirect };
  }

  const connected = async (): Promise<Tokens> => tokensIn(await requestTokens(stack.issuer, await approved(), header));
  const renewed = (token: string, headers: Record<string, string> = {}) =>
    requestTokens(stack.issuer, { grant_type: 'refresh_token', refresh_token: token }, { ...header, ...headers });

  test('its operator adds the client, and is shown its secret once', async () => {
    const operator = new Operator(stack.issuer);
    client = await operator.json('clients', 'add', '--name', 'ChatGPT', '--redirect-uri', redirect);
    header = basic(client.client_id, secretOf(client));
    expect(await operator.json('clients', 'show', client.client_id)).not.toHaveProperty('client_secret');
  });

  test('it is healthy, and describes itself in both ways', async () => {
    expect(await (await fetch(`${stack.issuer}/healthz`)).json()).toEqual({ status: 'ok' });
    for (const document of ['oauth-authorization-server', 'openid-configuration'])
      expect(await (await fetch(`${stack.issuer}/.well-known/${document}`)).json()).toMatchObject({
        issuer: stack.issuer,
        code_challenge_methods_supported: ['S256'],
      });
  });

  test('the client proves itself in the header or in the form, and not without its secret', async () => {
    expect(
      await refusal(await requestTokens(stack.issuer, { ...(await approved()), client_id: client.client_id })),
    ).toBe('401 invalid_client');
    expect(await connected()).toHaveProperty('refresh_token');
    const inForm = { ...(await approved()), client_id: client.client_id, client_secret: secretOf(client) };
    expect(await tokensIn(await requestTokens(stack.issuer, inForm))).toHaveProperty('access_token');
  });

  test('a request without a challenge, or with a plain one, goes back with an error', async () => {
    for (const changes of [{ code_challenge: undefined }, { code_challenge_method: 'plain' }]) {
      const path = authorizePath(client.client_id, newPkce().challenge, { redirect_uri: redirect, ...changes });
      const { status, headers } = await new Browser(stack.issuer, newSourceIp()).open(path);
      expect([status, new URL(headers.get('location') ?? '').searchParams.get('error')]).toEqual([
        302,
        'invalid_request',
      ]);
    }
  });

  test('it has the scopes that it asked for, and no tool beyond them', async () => {
    const { access_token, scope } = await tokensIn(
      await requestTokens(stack.issuer, await approved('everyday:use'), header),
    );
    expect(scope).toBe('everyday:use');
    expect((await callTool(stack.issuer, access_token, 'calculator', { expression: '1 + 1' })).status).toBe(200);
    const refused = await callTool(stack.issuer, access_token, 'list_todos');
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('error="insufficient_scope"'),
    ]);
  });

  test('it calculates, and tells the weather, and searches', async () => {
    const { access_token } = await connected();
    const call = async (name: string, args: object) => outputOf(await callTool(stack.issuer, access_token, name, args));
    expect(await call('calculator', { expression: '(0.1 + 0.2) * 10' })).toMatchObject({ result: '3' });
    expect(await call('get_weather', { place: 'Oslo' })).toMatchObject({ current: { temperature: -3 } });
    expect(await call('search_web', { query: 'Oslo' })).toMatchObject({ results: [{ title: 'Oslo' }] });
  });

  test('each refresh gives another token, and one that turns up again ends the connection', async () => {
    const first = await connected();
    const second = await tokensIn(await renewed(first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await refusal(await renewed(first.refresh_token, later(10 * MINUTE)))).toBe('400 invalid_grant');
    expect(await refusal(await renewed(second.refresh_token))).toBe('400 invalid_grant');
    expect(
      (await postMcp(stack.issuer, second.access_token, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).status,
    ).toBe(401);
  });

  test.for([
    ['https://chatgpt.com', 200],
    [extension, 200],
    ['moz-extension://1f0b6b4e-5f0c-4b0e-9a55-0c1d2e3f4a5b', 200],
    ['https://evil.example', 403],
    ['chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba', 403],
    ['vscode-webview://1f0b6b4e', 403],
    ['moz-extension', 403],
    ['null', 403],
  ] as const)('a page of %s that calls it gets %s, and may ask first and read why', async ([origin, status]) => {
    const { access_token } = await connected();
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const response = await postMcp(stack.issuer, access_token, list, { origin });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, '*']);
    const headers = { origin, 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${stack.issuer}/mcp`, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });

  test.for(['GET', 'DELETE'])('%s has nothing to do at the MCP endpoint', async (method) => {
    const { access_token } = await connected();
    const response = await fetch(`${stack.issuer}/mcp`, {
      method,
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('what has expired is of no use, without any job that cleans up', async () => {
    const waiting = await approved();
    expect(await refusal(await requestTokens(stack.issuer, waiting, { ...header, ...later(6 * MINUTE) }))).toBe(
      '400 invalid_grant',
    );
    const { access_token, refresh_token } = await connected();
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect((await postMcp(stack.issuer, access_token, list, later(61 * MINUTE))).status).toBe(401);
    expect(await refusal(await renewed(refresh_token, later(31 * DAY)))).toBe('400 invalid_grant');
  });
});

const forecast = {
  latitude: 59.9,
  longitude: 10.7,
  timezone: 'Europe/Oslo',
  current: {
    time: '2026-11-21T12:00',
    weather_code: 3,
    temperature_2m: -3,
    apparent_temperature: -7,
    relative_humidity_2m: 80,
    precipitation: 0,
    wind_speed_10m: 9,
  },
  daily: {
    time: ['2026-11-21'],
    weather_code: [3],
    temperature_2m_max: [-1],
    temperature_2m_min: [-6],
    precipitation_sum: [0],
    precipitation_probability_max: [5],
    wind_speed_10m_max: [12],
  },
};

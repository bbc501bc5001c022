import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { untilFreshMinute } from '../support/clock.ts';
import { newSourceIp, postMcp } from '../support/flow.ts';
import { type Answer, ask, askModern, outputOf, readAnswer, resultOf, revision } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { connected, newMember } from '../support/people.ts';
import { HOUR, later, MINUTE } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

const MOST = 6;

beforeAll(async () => {
  aws = await startAws();
  const settings = { tools: { public: true }, limits: { publicCallsPerIp: { minute: MOST } } };
  stack = await startStackWithTools(settings, { env: aws.env });
  issuer = stack.issuer;
  operator = new Operator(aws.table);
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

type Headers = Record<string, string>;

/** Asks in either form without a token, from a network of one's own. */
const eras = [
  [
    'the 2025 revisions',
    (method: string, params: object, headers: Headers) => ask(issuer, undefined, method, params, headers),
  ],
  [
    'revision 2026-07-28',
    (method: string, params: object, headers: Headers) => askModern(issuer, undefined, method, params, { headers }),
  ],
] as const;

const hello = { name: 'say_hello', arguments: { name: 'Ada' } };

/** What is on record of the calls from a network without a token, wherever it is. */
async function recorded(headers: Headers): Promise<string[]> {
  const subject = await operator.hidden('network', String(headers['x-local-source-ip']));
  const items = (await operator.itemsUnder('AUDIT#')).filter((item) => item.subject === subject);
  return items.map(({ tenant, event, tool, outcome }) => [tenant, event, tool, outcome].join(' '));
}

/** Holds an answer to a challenge that names no error, since no token was shown. RFC 6750 §3. */
function expectChallenge({ status, headers, message }: Answer): void {
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toMatch(/^Bearer scope="[^"]*todos:read[^"]*", resource_metadata="[^"]+"$/);
  expect(message.error?.code).toBe(401);
}

describe.for(eras)('without a token where public tools are open, in %s', ([era, ask]) => {
  const isModern = era.endsWith(revision);

  test('a client finds its way around', async () => {
    const network = newSourceIp();
    const clientInfo = { name: 'test', version: '1' };
    const hand = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const greeting = isModern ? await ask('server/discover', {}, network) : await ask('initialize', hand, network);
    expect(resultOf(greeting).capabilities).toHaveProperty('tools');
    for (const [method, list, length] of [
      ['resources/list', 'resources', 1],
      ['resources/templates/list', 'resourceTemplates', 2],
      ['prompts/list', 'prompts', 2],
    ] as const) {
      expect(resultOf(await ask(method, {}, network))[list]).toHaveLength(length);
    }
    expect(await recorded(network)).toEqual([]);
  });

  test('every tool is listed with what it takes to call it, but for those of admins', async () => {
    const tools = resultOf(await ask('tools/list', {}, newSourceIp())).tools as readonly Listed[];
    const schemes = Object.fromEntries(tools.map(({ name, _meta }) => [name, _meta.securitySchemes]));
    const signedIn = (...scopes: string[]) => ({ type: 'oauth2', scopes });
    expect(schemes).toMatchObject({
      say_hello: [{ type: 'noauth' }, signedIn()],
      list_notes: [signedIn('todos:read')],
      note: [signedIn('todos:write')],
      whoami: [signedIn('profile:read')],
    });
    expect(Object.keys(schemes)).toHaveLength(12);
    expect(schemes).not.toHaveProperty('for_admins');
  });

  test('a public tool answers, on the record of nobody’s tenant', async () => {
    const network = newSourceIp();
    expect(outputOf(await ask('tools/call', hello, network))).toEqual({ hello: 'Hello, Ada' });
    expect(await recorded(network)).toEqual(['public tool_call say_hello allowed']);
  });

  test.for<[string, object]>([
    ['tools/call', { name: 'whoami', arguments: {} }],
    ['tools/call', { name: 'note', arguments: { text: 'x' } }],
    ['tools/call', { name: 'for_admins', arguments: {} }],
    ['tools/call', { name: 'no_such_tool', arguments: {} }],
    ['tools/call', { name: ['say_hello'], arguments: {} }],
    ['tools/call', { arguments: {} }],
    ['resources/read', { uri: 'notes://all' }],
    ['resources/read', { uri: 'admin://file', name: 'say_hello' }],
    ['prompts/get', { name: 'about_notes', arguments: { text: 'x' } }],
    ['prompts/get', { name: 'say_hello', arguments: {} }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'about_notes' }, argument: { name: 'text', value: '' } },
    ],
    ['no/such', {}],
    ['tools/call ', hello],
  ])('all else leads to signing in, and is not stored: %s %j', async ([method, params]) => {
    const network = newSourceIp();
    expectChallenge(await ask(method, params, network));
    expect(await recorded(network)).toEqual([]);
  });

  test('wrong arguments are told, and not stored', async () => {
    const network = newSourceIp();
    expect(resultOf(await ask('tools/call', { ...hello, arguments: { name: 7 } }, network)).isError).toBe(true);
    expect(await recorded(network)).toEqual([]);
  });
});

type Listed = { readonly name: string; readonly _meta: { readonly securitySchemes: unknown } };

describe('what is no message, without a token', () => {
  const post = (body: string, headers: Headers) => {
    const contentType = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    return fetch(`${issuer}/mcp`, { method: 'POST', headers: { ...contentType, ...headers }, body });
  };

  test.for(['', '{', '[]', `[${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}]`, 'null', '"x"'])(
    'is refused with 400, and costs no call to the table: %j',
    async (body) => {
      const network = newSourceIp();
      const calls = await aws.callsDuring(async () => {
        expect((await post(body, network)).status).toBe(400);
      });
      expect(calls).toEqual([]);
    },
  );

  test('is not what leads to signing in, which costs no call to the table either', async () => {
    const calls = await aws.callsDuring(async () => {
      expectChallenge(await ask(issuer, undefined, 'tools/call', { name: 'whoami' }, newSourceIp()));
    });
    expect(calls).toEqual([]);
  });

  test('a notification is taken with 202, and takes nothing back', async () => {
    const network = newSourceIp();
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await post(JSON.stringify(cancelled), network)).status).toBe(202);
    expect(await operator.itemsUnder('CANCELLATION#')).toEqual([]);
  });
});

describe('how often a network may call without a token', () => {
  const call = (headers: Headers) => ask(issuer, undefined, 'tools/call', hello, headers);
  const from = (ip: string, seconds: number) => ({ 'x-local-source-ip': ip, ...later(seconds) });

  test('is limited, with 429 and Retry-After in the form of the endpoint, until the minute is over', async () => {
    const at = untilFreshMinute();
    const network = newSourceIp();
    for (let calls = 0; calls < MOST; calls += 1) expect((await call({ ...network, ...later(at) })).status).toBe(200);
    const refused = await call({ ...network, ...later(at) });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.message).toEqual({ jsonrpc: '2.0', id: null, error: { code: 429, message: expect.any(String) } });
    expect(await recorded(network)).toHaveLength(MOST);
    expect((await call({ ...newSourceIp(), ...later(at) })).status).toBe(200);
    expectChallenge(await ask(issuer, undefined, 'tools/call', { name: 'whoami' }, { ...network, ...later(at) }));
    const { token } = await connected(issuer);
    expect((await ask(issuer, token, 'tools/call', hello, { ...network, ...later(at) })).status).toBe(200);
    expect((await call({ ...network, ...later(at + MINUTE) })).status).toBe(200);
  });

  test('is the same for all addresses of an IPv6 network, and more for clients that call for many', async () => {
    const at = untilFreshMinute();
    const statuses = async (ip: (call: number) => string) =>
      Promise.all(Array.from({ length: MOST + 2 }, async (_, number) => (await call(from(ip(number), at))).status));
    const of6 = await statuses((number) => `2001:db8:77:${process.pid % 9_999}::${number + 1}`);
    expect(of6.filter((status) => status === 429)).toHaveLength(2);
    const ofHosted = await statuses(() => `160.79.105.${process.pid % 250}`);
    expect(ofHosted.filter((status) => status === 429)).toEqual([]);
  });
});

describe('with a token where public tools are open', () => {
  test('a public tool needs no scope, and is on the record of the person’s own tenant', async () => {
    const network = newSourceIp();
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant, { scopes: ['profile:read'] });
    expect(outputOf(await askModern(issuer, token, 'tools/call', hello, { headers: network }))).toHaveProperty('hello');
    expect((await operator.trail(tenant)).at(-1)).toBe('tool_call say_hello allowed');
    expect(await recorded(network)).toEqual([]);
  });

  test('a policy that leaves a public tool out holds for whoever shows who they are', async () => {
    const { token } = await newMember(issuer, operator, await operator.newTenant({ tools: ['whoami'] }));
    expect((await ask(issuer, token, 'tools/call', hello)).message.error?.code).toBe(-32_602);
  });

  test('one that is of no use is refused, and makes nobody anonymous', async () => {
    const ended = await connected(issuer);
    await revoke(issuer, ended.clientId, ended.tokens.refresh_token);
    const expired = await connected(issuer);
    const cases: [string, Headers][] = [
      ['x', {}],
      ['a.b.c', {}],
      [`${expired.token.slice(0, -9)}AAAAAAAAA`, {}],
      [expired.tokens.refresh_token, {}],
      [ended.token, {}],
      [expired.token, later(2 * HOUR)],
    ];
    for (const [token, headers] of cases) {
      const response = await postMcp(
        issuer,
        token,
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: hello },
        headers,
      );
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect((await readAnswer(response)).status).toBe(401);
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilFreshMinute } from '../support/clock.ts';
import { type CountingSite, startCountingSite } from '../support/counting-site.ts';
import { tableOf } from '../support/items.ts';
import { type Answer, ask, askModern, callTool, outputOf, resultOf } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { connected, type Member, newMember } from '../support/people.ts';
import { HOUR, later, MINUTE } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let site: CountingSite;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  site = await startCountingSite();
  const limits = { callsPerGrant: { minute: 5 } };
  const lifetimes = { accessTokenSeconds: 5 * HOUR };
  stack = await startStackWithTools({ limits, lifetimes });
  issuer = stack.issuer;
  operator = new Operator(tableOf(issuer));
});
afterAll(async () => {
  await stack?.stop();
  site?.stop();
});

type At = { readonly at: number };

/** Asks for nothing, so many seconds from now. */
function call({ token }: Member, { at }: At): Promise<Answer> {
  return ask(issuer, token, 'ping', {}, later(at));
}

async function statuses(member: Member, times: number, at: At): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: times }, () => call(member, at)));
  return answers.map(({ status }) => status).sort();
}

/** Holds an answer to "too often" in the form of the MCP endpoint, and gives the seconds that it says to wait. */
function waitOf({ status, headers, message }: Answer): number {
  expect(status).toBe(429);
  expect(headers.get('content-type')).toBe('application/json');
  expect(message).toEqual({ jsonrpc: '2.0', id: null, error: { code: 429, message: expect.any(String) } });
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  return Number(headers.get('retry-after'));
}

/** Somebody whose tenant may make no more calls at this time. */
async function exhausted(): Promise<{ readonly member: Member } & At> {
  const tenant = await operator.newTenant({ calls: { minute: 1 } });
  const member = await newMember(issuer, operator, tenant);
  const at = untilFreshMinute();
  expect((await call(member, { at })).status).toBe(200);
  return { member, at };
}

describe('how often a tenant may call', () => {
  test('is counted over its people and their clients, until the minute is over', async () => {
    const tenant = await operator.newTenant({ calls: { minute: 6 } });
    const one = await newMember(issuer, operator, tenant);
    const other = await newMember(issuer, operator, tenant);
    const elsewhere = await connected(issuer, { address: one.address });
    const at = untilFreshMinute();
    for (const member of [one, other, elsewhere]) expect(await statuses(member, 2, { at })).toEqual([200, 200]);
    for (const member of [one, other, elsewhere]) {
      expect(waitOf(await call(member, { at }))).toBeLessThanOrEqual(MINUTE);
    }
    expect(await statuses(one, 1, { at: at + MINUTE })).toEqual([200]);
  });

  test('is counted by the hour too', async () => {
    const member = await newMember(issuer, operator, await operator.newTenant({ calls: { minute: 3, hour: 4 } }));
    const at = HOUR - (Math.floor(Date.now() / 1_000) % HOUR) + HOUR;
    expect(await statuses(member, 4, { at })).toEqual([200, 200, 200, 429]);
    expect(await statuses(member, 2, { at: at + MINUTE })).toEqual([200, 429]);
    const wait = waitOf(await call(member, { at: at + 2 * MINUTE }));
    expect([wait > MINUTE, wait <= HOUR]).toEqual([true, true]);
    expect(await statuses(member, 1, { at: at + HOUR })).toEqual([200]);
  });

  test('has room for its limit and not one more, however many come at the same instant', async () => {
    const tenant = await operator.newTenant({ calls: { minute: 5 } });
    const [one, other] = [await newMember(issuer, operator, tenant), await newMember(issuer, operator, tenant)];
    const at = untilFreshMinute();
    const all = (await Promise.all([statuses(one, 5, { at }), statuses(other, 5, { at })])).flat();
    expect(all.filter((status) => status === 200).length).toBe(5);
    expect(all.filter((status) => status === 429).length).toBe(5);
  });

  test('is nothing to other tenants, and nothing to people without one', async () => {
    const { at } = await exhausted();
    const others = [await newMember(issuer, operator, await operator.newTenant()), await connected(issuer)];
    others.push(await newMember(issuer, operator, await operator.newTenant({ calls: { minute: 5 } })));
    for (const other of others) expect(await statuses(other, 2, { at })).toEqual([200, 200]);
  });

  test('follows a change of the policy from the very next call', async () => {
    const { member, at } = await exhausted();
    expect((await call(member, { at })).status).toBe(429);
    await operator.setPolicy(member.tenant, { calls: { minute: 2 } });
    expect((await call(member, { at })).status).toBe(200);
    expect((await call(member, { at })).status).toBe(429);
    await operator.setPolicy(member.tenant, {});
    expect((await call(member, { at })).status).toBe(200);
  });

  test('is counted only of calls that were admitted', async () => {
    const tenant = await operator.newTenant({ calls: { minute: 7 } });
    const [one, other] = [await newMember(issuer, operator, tenant), await newMember(issuer, operator, tenant)];
    const ended = await newMember(issuer, operator, tenant);
    await revoke(issuer, ended.clientId, ended.tokens.refresh_token);
    const at = untilFreshMinute();
    expect(await statuses(ended, 4, { at })).toEqual([401, 401, 401, 401]);
    expect(await statuses({ ...one, token: `${one.token.slice(0, -9)}AAAAAAAAA` }, 4, { at })).toEqual([
      401, 401, 401, 401,
    ]);
    expect(await statuses(one, 9, { at })).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429]);
    expect(await statuses(other, 3, { at })).toEqual([200, 200, 429]);
  });

  test('is counted in several places where a tenant is large', async () => {
    const tenant = await operator.newTenant({ calls: { minute: 16_000 } });
    const at = untilFreshMinute();
    for (let people = 0; people < 4; people += 1) await statuses(await newMember(issuer, operator, tenant), 5, { at });
    const counters = await operator.itemsUnder(`RATE#call-tenant#${tenant}#`);
    const counts = counters.map((item) => Object.entries(item).find(([name]) => name.startsWith('minute'))?.[1]);
    expect(counts.length).toBeGreaterThan(1);
    expect(counts.reduce<number>((sum, count) => sum + Number(count), 0)).toBe(20);
  });
});

describe('what a tenant asks for beyond its limit', () => {
  const before = ['code_mailed', 'sign_in', 'grant'];

  test.for<[string, string, object]>([
    ['what a tool writes', 'tools/call', { name: 'note', arguments: { text: 'x' } }],
    [
      'what a tool writes in several transactions',
      'tools/call',
      { name: 'note_many', arguments: { text: 'x', times: 200 } },
    ],
    ['what a tool reads', 'tools/call', { name: 'whoami', arguments: {} }],
    ['what a tool refuses', 'tools/call', { name: 'note_if_agreed', arguments: { text: 'what cannot be noted' } }],
    ['an unknown tool', 'tools/call', { name: 'no_such_tool', arguments: {} }],
    ['a forbidden tool', 'tools/call', { name: 'for_admins', arguments: {} }],
    ['wrong arguments', 'tools/call', { name: 'note', arguments: { text: 1 } }],
    ['a resource', 'resources/read', { uri: 'notes://all' }],
    ['a prompt', 'prompts/get', { name: 'about_notes', arguments: { text: 'x' } }],
    ['a list', 'tools/list', {}],
  ])('is neither done, nor told, nor recorded: %s', async ([, method, params]) => {
    const { member, at } = await exhausted();
    for (const refused of [
      await ask(issuer, member.token, method, params, later(at)),
      await askModern(issuer, member.token, method, params, { headers: later(at) }),
    ]) {
      waitOf(refused);
      expect(JSON.stringify(refused.message)).not.toContain(member.subject);
    }
    expect(await operator.itemsAt(`NOTE#${member.tenant}#${member.subject}`)).toEqual([]);
    expect(await operator.trail(member.tenant)).toEqual(before);
  });

  test('is not begun where it reaches beyond the server', async () => {
    const { member, at } = await exhausted();
    const url = site.newUrl();
    waitOf(await callTool(issuer, member.token, 'reach_out', { url }, later(at)));
    expect(site.visits(url)).toBe(0);
    expect(await operator.trail(member.tenant)).toEqual(before);
  });

  test('is not asked of the person', async () => {
    const { member, at } = await exhausted();
    const questions = (await operator.itemsUnder('CONFIRMATION#')).length;
    const params = { name: 'note_if_agreed', arguments: { text: 'x' } };
    const options = { headers: later(at), capabilities: { elicitation: {} } };
    waitOf(await askModern(issuer, member.token, 'tools/call', params, options));
    expect((await operator.itemsUnder('CONFIRMATION#')).length).toBe(questions);
    expect(await operator.trail(member.tenant)).toEqual(before);
  });

  test.for(['accept', 'decline'])('leaves an answer of the person as good as it was: %s', async (action) => {
    const tenant = await operator.newTenant({ calls: { minute: 1 } });
    const member = await newMember(issuer, operator, tenant);
    const at = untilFreshMinute();
    const call = (more: object, seconds: number) => {
      const params = { name: 'note_if_agreed', arguments: { text: 'x' }, ...more };
      const options = { headers: later(seconds), capabilities: { elicitation: {} } };
      return askModern(issuer, member.token, 'tools/call', params, options);
    };
    const { requestState } = resultOf(await call({}, at));
    const yes = { confirm: { action: 'accept' } };
    const answered = { requestState, inputResponses: { confirm: { action } } };
    waitOf(await call(answered, at));
    expect(await operator.trail(tenant)).toEqual([...before, 'tool_call note_if_agreed asked']);
    expect(outputOf(await call({ requestState, inputResponses: yes }, at + MINUTE))).toEqual({ noted: 1 });
  });
});

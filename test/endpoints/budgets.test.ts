import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedAccount, press } from '../support/account-page.ts';
import { type Aws, inSequence, startAws } from '../support/aws.ts';
import { Browser, hiddenFields, offeredScopes } from '../support/browser.ts';
import {
  authorizePath,
  connect,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  reachConsent,
  refresh,
  register,
  type Tokens,
} from '../support/flow.ts';
import { callTool, newTodo } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { add, newWindow, passkeysPath, signedInByCode } from '../support/passkey-flow.ts';
import { newMember } from '../support/people.ts';
import { newRedemption, redeem } from '../support/redemption.ts';
import { optionsIn, SoftwarePasskey } from '../support/software-passkey.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let clientId: string;
let tokens: Tokens;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStack({ env: aws.env });
  issuer = stack.issuer;
  ({ clientId, tokens } = await connect(issuer, { byPages: true }));
});
afterAll(async () => {
  await stack.stop();
  await aws.stop();
});

type Asked = { readonly total: number; readonly inSequence: number; readonly line: string };

/** What the table was asked for during some work, as one line that a failure shows. */
async function asked(work: () => Promise<unknown>): Promise<Asked> {
  const calls = await aws.callsDuring(work);
  return {
    total: calls.length,
    inSequence: inSequence(calls),
    line: calls.map(({ operation }) => operation).join(' '),
  };
}

/**
 * The shortest row of calls that wait for one another. A busy machine may begin a call late that waits for none, so one
 * time is enough to show that they need not wait.
 */
async function shortest(most: number, count: () => Promise<Asked>): Promise<Asked> {
  let found = await count();
  for (let more = 0; more < 4 && found.inSequence > most; more += 1) found = await count();
  return found;
}

/** Runs some work and holds it to a number of calls to the table. */
async function expectAtMost(budget: number, work: () => Promise<{ readonly status: number }>): Promise<void> {
  let status = 0;
  const { total, line } = await asked(async () => {
    status = (await work()).status;
  });
  expect(status, 'the request itself').toBeLessThan(400);
  expect(total, line).toBeLessThanOrEqual(budget);
}

describe('calls to the table', () => {
  test.for([
    '/',
    '/healthz',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/mcp',
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
    '/.well-known/jwks.json',
  ])('discovery makes none: %s', async (path) => {
    await expectAtMost(0, () => fetch(`${issuer}${path}`));
  });

  test('neither do a request without a token, one with a token that we did not sign, and a form without sense', async () => {
    const { line } = await asked(async () => {
      await fetch(`${issuer}/mcp`);
      await fetch(`${issuer}/mcp`, { method: 'POST' });
      await postMcp(issuer, `${tokens.access_token.slice(0, -9)}AAAAAAAAA`, {});
      await fetch(`${issuer}/token`, { method: 'POST' });
      await fetch(`${issuer}/revoke`, { method: 'POST' });
      await fetch(`${issuer}/register`, { method: 'POST' });
    });
    expect(line).toBe('');
  });

  test('registration makes at most 3, 2 of them one after the other', async () => {
    const { total, inSequence, line } = await shortest(2, () => asked(() => register(issuer)));
    expect(total, line).toBeLessThanOrEqual(3);
    expect(inSequence, line).toBeLessThanOrEqual(2);
  });

  test('a sign-in makes at most 2, 3, 4 and 3, page by page, and the next in the same browser begins with 4', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const address = newAddress();
    let fields: Record<string, string> = {};
    let scopes: string[] = [];
    await expectAtMost(2, async () => {
      const page = await browser.open(authorizePath(clientId, newPkce().challenge));
      fields = hiddenFields(page);
      return page;
    });
    await expectAtMost(3, () => browser.post('/authorize/email', { ...fields, email: address }));
    const code = await mailedCode(issuer, address);
    await expectAtMost(4, async () => {
      const page = await browser.post('/authorize/code', { ...fields, code });
      scopes = offeredScopes(page);
      return page;
    });
    const form = new URLSearchParams({ ...fields, decision: 'approve' });
    for (const scope of scopes) form.append('scope', scope);
    await expectAtMost(3, () => browser.post('/authorize/consent', form));
    const again = authorizePath(clientId, newPkce().challenge);
    await expectAtMost(4, () => browser.open(again));
  });

  test('a sign-in by passkey makes at most 3, and 2 for the page that follows; adding one makes 8, and looking at them 4', async () => {
    const { browser: first } = await signedInByCode(issuer);
    const passkey = new SoftwarePasskey(issuer);
    await expectAtMost(4, () => first.open(passkeysPath));
    const page = await first.open(passkeysPath);
    await expectAtMost(8, () => add(first, page, passkey));
    const { browser, page: window, fields } = await newWindow(issuer);
    const form = { ...fields, passkey: passkey.answer(optionsIn(window)) };
    await expectAtMost(3, () => browser.post('/authorize/passkey', form));
    await expectAtMost(2, () => browser.post('/authorize/consent', form));
  });

  test('the account page makes at most 8, its other pages 3 to 5, and its forms 4 or 5', async () => {
    const account = await connectedAccount(issuer);
    const { browser } = account;
    await expectAtMost(2, () => browser.open('/account/sign-in'));
    await expectAtMost(8, () => browser.open('/account'));
    await expectAtMost(5, () => browser.open('/account/activity'));
    for (const path of ['/account/data', '/account/delete']) await expectAtMost(3, () => browser.open(path));
    await expectAtMost(4, () => press(account, '/account/language', { more: { language: 'en' } }));
    await expectAtMost(5, () => press(account, '/account/disconnect'));
    await expectAtMost(6, () => press(account, '/account/sign-out-everywhere'));
  });

  test('a download of what is kept of a person makes at most 16, and deleting the account 5', async () => {
    const { browser } = await connectedAccount(issuer);
    const data = await browser.open('/account/data');
    await expectAtMost(16, () => press({ browser, page: data }, '/account/data'));
    const deletion = { browser, page: await browser.open('/account/delete') };
    await expectAtMost(5, () => press(deletion, '/account/delete', { more: { confirm: 'yes' } }));
  });

  test('windows that were open before a sign-in go on with at most 3 from the address, and 4 from the code', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const address = newAddress();
    const open = () => browser.open(authorizePath(clientId, newPkce().challenge));
    const [first, second, third] = [await open(), await open(), await open()];
    await browser.post('/authorize/email', { ...hiddenFields(third), email: address });
    await reachConsent(issuer, browser, first, address);
    await expectAtMost(3, () => browser.post('/authorize/email', { ...hiddenFields(second), email: address }));
    await expectAtMost(4, () => browser.post('/authorize/code', { ...hiddenFields(third), code: 'AAAA-AAAA' }));
  });

  test('a form that is sent twice makes no more than it did the first time', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const address = newAddress();
    const fields = hiddenFields(await browser.open(authorizePath(clientId, newPkce().challenge)));
    await browser.post('/authorize/email', { ...fields, email: address });
    await expectAtMost(3, () => browser.post('/authorize/email', { ...fields, email: address }));
    const code = await mailedCode(issuer, address);
    await browser.post('/authorize/code', { ...fields, code });
    await expectAtMost(4, () => browser.post('/authorize/code', { ...fields, code }));
  });

  test('a code exchange makes at most 3', async () => {
    const redemption = await newRedemption(issuer);
    await expectAtMost(3, () => redeem(issuer, redemption));
  });

  test('a refresh makes at most 2', async () => {
    await expectAtMost(2, () => refresh(issuer, clientId, tokens.refresh_token));
  });

  test('a revocation makes at most 3', async () => {
    const { clientId: client_id, tokens: ending } = await connect(issuer);
    const body = new URLSearchParams({ client_id, token: ending.refresh_token });
    await expectAtMost(3, () => fetch(`${issuer}/revoke`, { method: 'POST', body }));
  });

  const tools = [
    ['create_todo', { title: 'x' }],
    ['list_todos', {}],
    ['get_todo', { id: 'of one' }],
    ['update_todo', { id: 'of one', title: 'y' }],
    ['complete_todo', { id: 'of one' }],
    ['delete_todo', { id: 'of one' }],
    ['save_document', { title: 'x', text: 'y' }],
    ['list_documents', {}],
    ['whoami', {}],
  ] as const;

  /** A number of calls to the table, and how many of them may wait for one another. */
  type Budget = { readonly total: number; readonly inSequence: number };

  /** Calls a tool, and holds it to a budget. */
  async function expectCallWithin(budget: Budget, token: string, name: string, input: object): Promise<void> {
    const { total, inSequence, line } = await shortest(budget.inSequence, async () => {
      const id = await newTodo(issuer, token);
      const args = 'id' in input ? { ...input, id } : input;
      return asked(async () => {
        const { message } = await callTool(issuer, token, name, args);
        expect(message.result?.isError).toBeUndefined();
      });
    });
    expect(total, line).toBeLessThanOrEqual(budget.total);
    expect(inSequence, line).toBeLessThanOrEqual(budget.inSequence);
  }

  test.for(tools)('a call of %s makes at most 4, of which at most 2 wait for one another', async ([name, input]) => {
    await expectCallWithin({ total: 4, inSequence: 2 }, tokens.access_token, name, input);
  });

  test('a search makes at most 5, of which at most 2 wait for one another', async () => {
    await expectCallWithin({ total: 5, inSequence: 2 }, tokens.access_token, 'search_documents', { query: 'x' });
  });

  test.for(tools)(
    'a call of %s makes at most 5 where the tenant has a rate, of which at most 3 wait for one another',
    async ([name, input]) => {
      const operator = new Operator(aws.table);
      const tenant = await operator.newTenant({ calls: { minute: 10_000, hour: 100_000 } });
      const { token } = await newMember(issuer, operator, tenant);
      await expectCallWithin({ total: 5, inSequence: 3 }, token, name, input);
    },
  );

  test('an ended grant gets nothing of a tool that ran early, and its next calls run none', async () => {
    const { clientId: client_id, tokens: ending } = await connect(issuer);
    await newTodo(issuer, ending.access_token);
    const body = new URLSearchParams({ client_id, token: ending.refresh_token });
    await fetch(`${issuer}/revoke`, { method: 'POST', body });
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_todos' } };
    const refused = async () => {
      const response = await postMcp(issuer, ending.access_token, call);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain('todos');
    };
    await refused();
    expect((await asked(refused)).line).not.toContain('Query');
  });

  test('a list without filters reads what it shows, and whether there is more', async () => {
    const { token } = await connect(issuer).then(({ tokens }) => ({ token: tokens.access_token }));
    for (let count = 0; count < 6; count += 1) await newTodo(issuer, token);
    const calls = await aws.callsDuring(async () => {
      const { message } = await callTool(issuer, token, 'list_todos', { limit: 3 });
      expect(message.result?.structuredContent).toMatchObject({ nextCursor: expect.any(String) });
    });
    const queries = calls.filter(({ operation }) => operation === 'Query').map(({ body }) => JSON.parse(body));
    expect(queries.map(({ Limit }) => Limit)).toEqual([4]);
  });
});

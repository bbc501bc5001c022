import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, dump, type Fault, startAws } from '../support/aws.ts';
import { Browser, heading, hiddenFields } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  callback,
  connect,
  isAccepted,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  reachConsent,
  refresh,
  register,
  requestTokens,
} from '../support/flow.ts';
import { callTool, newTodo, outputOf, readAnswer, titles } from '../support/mcp.ts';
import { newRedemption, redeem, redeemed, refusal, tokensIn } from '../support/redemption.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStack({ env: aws.env });
  issuer = stack.issuer;
});
afterEach(() => aws.heal());
afterAll(async () => {
  await stack.stop();
  await aws.stop();
});

/** Every way in which the table can be of no use. */
const failures = ['throttled', 'broken', 'dropped'] as const;

/** Holds an answer to the form of "not now": nothing happened, and it may be tried again. */
async function expectNotNow(response: Response): Promise<void> {
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refusal(response)).toBe('503 temporarily_unavailable');
}

const spoilEach = (operations: readonly string[], fault: Fault) => {
  for (const operation of operations) aws.spoil(operation, fault);
};

describe('a refresh while the table is out of order (F15)', () => {
  const cases = failures.flatMap((fault) => [
    ['BatchGetItem', fault],
    ['UpdateItem', fault],
  ]) as [string, Fault][];

  test.for([...cases, ['BatchGetItem', 'unread'] as [string, Fault]])(
    'is 503 when %s is %s, and the token is as good as before',
    async ([operation, fault]) => {
      const { clientId, tokens } = await connect(issuer);
      aws.spoil(operation, fault);
      await expectNotNow(await refresh(issuer, clientId, tokens.refresh_token));
      aws.heal();
      const second = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
      expect(await isAccepted(issuer, second.access_token)).toBe(true);
    },
  );

  test('is 503 when the table says nothing at all, and the token is as good as before', async () => {
    const { clientId, tokens } = await connect(issuer);
    aws.spoil('BatchGetItem', 'silent');
    const response = await refresh(issuer, clientId, tokens.refresh_token);
    aws.heal();
    await expectNotNow(response);
    expect((await refresh(issuer, clientId, tokens.refresh_token)).status).toBe(200);
  });

  test.for(['broken', 'dropped'] as const)(
    'is 503 when the signing key is %s, and the token is as good as before',
    async (fault) => {
      const { clientId, tokens } = await connect(issuer);
      aws.spoil('Sign', fault);
      await expectNotNow(await refresh(issuer, clientId, tokens.refresh_token));
      aws.heal();
      expect((await refresh(issuer, clientId, tokens.refresh_token)).status).toBe(200);
    },
  );

  test.for(['throttled', 'broken', 'dropped'] as const)('works when a call is %s once', async (fault) => {
    const { clientId, tokens } = await connect(issuer);
    spoilOnce(['BatchGetItem', 'UpdateItem', 'Sign'], fault === 'throttled' ? 'broken' : fault);
    expect((await refresh(issuer, clientId, tokens.refresh_token)).status).toBe(200);
  });

  test('gives the one successor when the answer to its write is lost', async () => {
    const { clientId, tokens } = await connect(issuer);
    aws.spoil('UpdateItem', 'answer lost', 1);
    const second = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    const again = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    expect(again.refresh_token).toBe(second.refresh_token);
    expect((await refresh(issuer, clientId, second.refresh_token)).status).toBe(200);
  });

  test('ends nothing when a theft cannot be recorded, and ends it at the next try', async () => {
    const { clientId, tokens } = await connect(issuer);
    const second = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    const stolen = () =>
      requestTokens(
        issuer,
        { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token },
        { 'x-local-clock-offset': '3600' },
      );
    aws.spoil('TransactWriteItems', 'throttled');
    await expectNotNow(await stolen());
    aws.heal();
    expect(await isAccepted(issuer, second.access_token)).toBe(true);
    expect(await refusal(await stolen())).toBe('400 invalid_grant');
    expect(await isAccepted(issuer, second.access_token)).toBe(false);
  });
});

const spoilOnce = (operations: readonly string[], fault: Fault) => {
  for (const operation of operations) aws.spoil(operation, fault, 1);
};

describe('a code exchange while the table is out of order', () => {
  const cases = [
    ...failures.map((fault) => ['BatchGetItem', fault]),
    ...[...failures, 'in conflict'].map((fault) => ['TransactWriteItems', fault]),
    ['Sign', 'broken'],
  ] as [string, Fault][];

  test.for(cases)('is 503 when %s is %s, and the code is as good as before', async ([operation, fault]) => {
    const redemption = await newRedemption(issuer);
    aws.spoil(operation, fault);
    await expectNotNow(await redeem(issuer, redemption));
    aws.heal();
    const { access_token } = await redeemed(issuer, redemption);
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });

  test('goes on over one conflict, and the client hears nothing of it', async () => {
    const redemption = await newRedemption(issuer);
    aws.spoil('TransactWriteItems', 'in conflict', 1);
    const { access_token } = await redeemed(issuer, redemption);
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });

  test('gives tokens that work when the answer to its write is lost', async () => {
    const redemption = await newRedemption(issuer);
    aws.spoil('TransactWriteItems', 'answer lost', 1);
    const { access_token } = await redeemed(issuer, redemption);
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });
});

describe('a revocation while the table is out of order', () => {
  test.for(failures)('is 503 when the write is %s, so that the client tries again, RFC 7009 §2.2.1', async (fault) => {
    const { clientId, tokens } = await connect(issuer);
    const revoke = () =>
      fetch(`${issuer}/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, token: tokens.refresh_token }),
      });
    aws.spoil('TransactWriteItems', fault);
    await expectNotNow(await revoke());
    aws.heal();
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
    expect((await revoke()).status).toBe(200);
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
  });
});

describe('a registration while the table is out of order', () => {
  test.for(['UpdateItem', 'PutItem'])('is 503 when %s fails', async (operation) => {
    aws.spoil(operation, 'throttled');
    const body = JSON.stringify({ redirect_uris: [callback] });
    const headers = { 'content-type': 'application/json', ...newSourceIp() };
    await expectNotNow(await fetch(`${issuer}/register`, { method: 'POST', headers, body }));
  });

  test('works when the answer to its write is lost', async () => {
    aws.spoil('PutItem', 'answer lost', 1);
    const { client_id } = await register(issuer);
    expect(await refusal(await refresh(issuer, client_id, 'x'))).toBe('400 invalid_grant');
  });
});

describe('a sign-in while the table is out of order', () => {
  const newBrowser = () => new Browser(issuer, newSourceIp());

  test('is a page before the client is proven', async () => {
    const { client_id } = await register(issuer);
    aws.spoil('GetItem', 'throttled');
    const page = await newBrowser().open(authorizePath(client_id, newPkce().challenge));
    expect(page.status).toBe(503);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.headers.get('location')).toBeNull();
    expect(heading(page)).not.toBe('');
  });

  test('goes back to the client with temporarily_unavailable once the client is proven, RFC 6749 §4.1.2.1', async () => {
    const { client_id } = await register(issuer);
    aws.spoil('PutItem', 'throttled');
    const { status, headers } = await newBrowser().open(authorizePath(client_id, newPkce().challenge));
    expect(status).toBe(302);
    const location = new URL(headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(callback);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.any(String),
      state: 'the-state',
      iss: issuer,
    });
  });

  test.for([
    ['the address', '/authorize/email', 'GetItem'],
    ['the address', '/authorize/email', 'TransactWriteItems'],
    ['the code', '/authorize/code', 'UpdateItem'],
    ['the code', '/authorize/code', 'GetItem'],
  ] as const)('is a page where %s is posted to %s and %s fails', async ([, path, operation]) => {
    const { client_id } = await register(issuer);
    const browser = newBrowser();
    const fields = hiddenFields(await browser.open(authorizePath(client_id, newPkce().challenge)));
    aws.spoil(operation, 'throttled');
    const page = await browser.post(path, { ...fields, email: newAddress(), code: 'AAAA-AAAA' });
    expect(page.status).toBe(503);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.html).not.toContain('ProvisionedThroughputExceeded');
  });

  test('goes on from where it was when the approval failed', async () => {
    const { client_id } = await register(issuer);
    const { verifier, challenge } = newPkce();
    const browser = newBrowser();
    const consent = await reachConsent(issuer, browser, await browser.open(authorizePath(client_id, challenge)));
    aws.spoil('TransactWriteItems', 'throttled');
    const failed = await browser.post('/authorize/consent', {
      ...consent.fields,
      decision: 'approve',
      scope: 'todos:read',
    });
    expect(failed.status).toBe(503);
    aws.heal();
    const code = (await approve(browser, consent)).searchParams.get('code') ?? '';
    const parameters = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier };
    await tokensIn(await requestTokens(issuer, parameters));
  });

  test('makes the person in spite of a conflict', async () => {
    const { client_id } = await register(issuer);
    const browser = newBrowser();
    const first = await browser.open(authorizePath(client_id, newPkce().challenge));
    const consent = await reachConsent(issuer, browser, first);
    aws.spoil('TransactWriteItems', 'in conflict', 1);
    expect((await approve(browser, consent)).searchParams.get('code')).not.toBeNull();
  });
});

describe('a tool call while the table is out of order', () => {
  /** Holds an answer to "not now" in the form of the MCP endpoint. */
  const expectNotNowOf = async (response: Response) => {
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect((await readAnswer(response)).message.error?.message).toEqual(expect.any(String));
  };
  const create = (token: string) =>
    postMcp(issuer, token, {
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'create_todo', arguments: { title: 'Half done' } },
    });

  const cases = [
    ...failures.map((fault) => ['BatchGetItem', fault]),
    ...failures.map((fault) => ['UpdateItem', fault]),
    ...[...failures, 'in conflict'].map((fault) => ['TransactWriteItems', fault]),
    ['BatchGetItem', 'unread'],
  ] as [string, Fault][];

  test.for(cases)('is 503 when %s is %s, and nothing was written', async ([operation, fault]) => {
    const { tokens } = await connect(issuer);
    aws.spoil(operation, fault);
    await expectNotNowOf(await create(tokens.access_token));
    aws.heal();
    expect(await titles(issuer, tokens.access_token)).toEqual([]);
  });

  test('goes on over one conflict, and writes once', async () => {
    const { tokens } = await connect(issuer);
    aws.spoil('TransactWriteItems', 'in conflict', 1);
    expect((await create(tokens.access_token)).status).toBe(200);
    expect(await titles(issuer, tokens.access_token)).toEqual(['Half done']);
  });

  test('writes once when the answer to its write is lost', async () => {
    const { tokens } = await connect(issuer);
    aws.spoil('TransactWriteItems', 'answer lost', 1);
    expect((await create(tokens.access_token)).status).toBe(200);
    expect(await titles(issuer, tokens.access_token)).toEqual(['Half done']);
  });

  test.for(['GetItem', 'Query', 'PutItem'])('that reads is 503 when %s fails', async (operation) => {
    const { tokens } = await connect(issuer);
    const id = await newTodo(issuer, tokens.access_token);
    aws.spoil(operation, 'throttled');
    const [name, args] = operation === 'Query' ? ['list_todos', {}] : ['get_todo', { id }];
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
    await expectNotNowOf(await postMcp(issuer, tokens.access_token, message));
  });

  test('gives nothing away that could not be audited', async () => {
    const { tokens } = await connect(issuer);
    const id = await newTodo(issuer, tokens.access_token, { title: 'Read me only on record' });
    aws.spoil('PutItem', 'broken');
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_todo', arguments: { id } } };
    const response = await postMcp(issuer, tokens.access_token, message);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('Read me only on record');
  });

  test('reads one answer out of a batch that came in two parts', async () => {
    const { tokens } = await connect(issuer);
    aws.spoil('BatchGetItem', 'unread', 1);
    expect(outputOf(await callTool(issuer, tokens.access_token, 'whoami'))).toHaveProperty('subject');
  });
});

describe('what a tool does and what is on record', () => {
  test('come together in one transaction: neither is there without the other', async () => {
    const { tokens } = await connect(issuer);
    const writes = (await aws.callsDuring(() => newTodo(issuer, tokens.access_token))).filter(({ operation }) =>
      ['TransactWriteItems', 'PutItem', 'DeleteItem'].includes(operation),
    );
    expect(writes.map(({ operation }) => operation)).toEqual(['TransactWriteItems']);
    expect(writes[0]?.body).toContain('TODO#');
    expect(writes[0]?.body).toContain('AUDIT#');
  });

  test('are both absent when the record could not be written', async () => {
    const { tokens } = await connect(issuer);
    const before = await dump(aws.table);
    aws.spoil('TransactWriteItems', 'in conflict');
    await callTool(issuer, tokens.access_token, 'create_todo', { title: 'Off the record' });
    aws.heal();
    const after = await dump(aws.table);
    expect(after).not.toContain('Off the record');
    expect(count(after, 'tool_call')).toBe(count(before, 'tool_call'));
  });

  const count = (text: string, part: string) => text.split(part).length - 1;
});

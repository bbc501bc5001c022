import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import { type Aws, dump, type Fault, startAws } from '../support/aws.ts';
import { Browser, heading, hiddenFields, location, offeredScopes, type Page } from '../support/browser.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
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
  type Tokens,
} from '../support/flow.ts';
import { newTenant, trailOf } from '../support/machines.ts';
import { callTool, newTodo, outputOf, readAnswer, titles } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import {
  basic,
  HOUR,
  later,
  newRedemption,
  type Redemption,
  redeem,
  redeemed,
  refusal,
  tokensIn,
} from '../support/redemption.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { idJagClaims, newIssuer, signIdJag, trust } from '../support/trusted-issuer.ts';

let aws: Aws;
let site: ClientSite;
let stack: RunningStack;
let issuer: string;

beforeAll(async () => {
  [aws, site] = await Promise.all([startAws(), startClientSite()]);
  stack = await startStack({ env: { ...aws.env, TRUSTED_METADATA_HOSTS: site.host } });
  issuer = stack.issuer;
});
afterEach(() => aws.heal());
afterAll(async () => {
  await stack.stop();
  await site.stop();
  await aws.stop();
});

/** Every way in which the table can be of no use. */
const failures = ['throttled', 'broken', 'dropped'] as const;

/** Holds an answer to the form of "not now": nothing happened, and it may be tried again. */
async function expectNotNow(response: Response): Promise<void> {
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refusal(response)).toBe('503 temporarily_unavailable');
}

/** One connection at a time, with the tokens that it has just now. */
type Connection = { readonly clientId: string; readonly tokens: Tokens };

describe('a refresh while the table is out of order', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(issuer);
  });

  const spend = (after = 0) => {
    const { clientId, tokens } = connection;
    const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token };
    return requestTokens(issuer, parameters, later(after));
  };
  /** Spends the token that was refused before, when it would be a theft if that had consumed it. */
  const spendNow = async () => {
    aws.heal();
    connection = { ...connection, tokens: await tokensIn(await spend(HOUR)) };
    expect(await isAccepted(issuer, connection.tokens.access_token)).toBe(true);
  };

  const cases = [
    ...failures.map((fault) => ['BatchGetItem', fault]),
    ...failures.map((fault) => ['UpdateItem', fault]),
    ['BatchGetItem', 'unread'],
    ['Sign', 'broken'],
    ['Sign', 'dropped'],
  ] as [string, Fault][];

  test.for(cases)('is 503 when %s is %s, and the token is as good as before', async ([operation, fault]) => {
    aws.spoil(operation, fault);
    await expectNotNow(await spend());
    await spendNow();
  });

  test('is 503 when the table says nothing at all, and the token is as good as before', async () => {
    aws.spoil('BatchGetItem', 'silent');
    const response = await spend();
    aws.heal();
    await expectNotNow(response);
    await spendNow();
  });

  test.for(['broken', 'dropped'] as const)('works when each call is %s once', async (fault) => {
    for (const operation of ['BatchGetItem', 'UpdateItem', 'Sign']) aws.spoil(operation, fault, 1);
    connection = { ...connection, tokens: await tokensIn(await spend()) };
  });

  test('gives the one successor when the answer to its write is lost', async () => {
    aws.spoil('UpdateItem', 'answer lost', 1);
    const second = await tokensIn(await spend());
    const again = await tokensIn(await spend());
    expect(again.refresh_token).toBe(second.refresh_token);
    connection = { ...connection, tokens: second };
    await spendNow();
  });

  test('ends nothing when a theft cannot be recorded, and ends it at the next try', async () => {
    const first = await connect(issuer);
    const second = await tokensIn(await refresh(issuer, first.clientId, first.tokens.refresh_token));
    const parameters = {
      grant_type: 'refresh_token',
      client_id: first.clientId,
      refresh_token: first.tokens.refresh_token,
    };
    const stolen = () => requestTokens(issuer, parameters, later(HOUR));
    aws.spoil('TransactWriteItems', 'throttled');
    await expectNotNow(await stolen());
    aws.heal();
    expect(await isAccepted(issuer, second.access_token)).toBe(true);
    expect(await refusal(await stolen())).toBe('400 invalid_grant');
    expect(await isAccepted(issuer, second.access_token)).toBe(false);
  });
});

describe('a code exchange while the table is out of order', () => {
  let redemption: Redemption;
  beforeAll(async () => {
    redemption = await newRedemption(issuer);
  });

  const cases = [
    ...failures.map((fault) => ['BatchGetItem', fault]),
    ...[...failures, 'in conflict'].map((fault) => ['TransactWriteItems', fault]),
    ['Sign', 'broken'],
  ] as [string, Fault][];

  test.for(cases)('is 503 when %s is %s', async ([operation, fault]) => {
    aws.spoil(operation, fault);
    await expectNotNow(await redeem(issuer, redemption));
  });

  test('works after all that, for the code is as good as before', async () => {
    const { access_token } = await redeemed(issuer, redemption);
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });

  test.for(['in conflict', 'broken', 'answer lost'] as const)(
    'works when its write is %s once, and the client hears nothing of it',
    async (fault) => {
      const another = await newRedemption(issuer);
      aws.spoil('TransactWriteItems', fault, 1);
      const { access_token } = await redeemed(issuer, another);
      expect(await isAccepted(issuer, access_token)).toBe(true);
    },
  );
});

describe('a revocation while the table is out of order', () => {
  test('is 503, so that the client tries again, RFC 7009 §2.2.1', async () => {
    const { clientId, tokens } = await connect(issuer);
    const parameters = { client_id: clientId, token: tokens.refresh_token };
    const revoke = () => fetch(`${issuer}/revoke`, { method: 'POST', body: new URLSearchParams(parameters) });
    for (const operation of ['BatchGetItem', 'TransactWriteItems']) {
      for (const fault of failures) {
        aws.spoil(operation, fault);
        await expectNotNow(await revoke());
      }
      aws.heal();
    }
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
    expect((await revoke()).status).toBe(200);
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
  });
});

describe('a registration while the table is out of order', () => {
  test.for(['UpdateItem', 'PutItem'])('is 503 when %s fails', async (operation) => {
    aws.spoil(operation, 'broken');
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

  /** What a sign-in can ask the table, whichever of these calls it takes for it. */
  const reads = ['GetItem', 'BatchGetItem', 'Query'];
  const writes = ['PutItem', 'UpdateItem', 'TransactWriteItems'];
  const spoil = (operations: readonly string[]) => {
    for (const operation of operations) aws.spoil(operation, 'broken');
  };

  test('is a page before the client is proven', async () => {
    const { client_id } = await register(issuer);
    spoil(reads);
    const page = await newBrowser().open(authorizePath(client_id, newPkce().challenge));
    expect(page.status).toBe(503);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.headers.get('location')).toBeNull();
    expect(heading(page)).not.toBe('');
  });

  test('leads back to the client with temporarily_unavailable once the client is proven, RFC 6749 §4.1.2.1', async () => {
    const { client_id } = await register(issuer);
    spoil(writes);
    const target = location(await newBrowser().open(authorizePath(client_id, newPkce().challenge)));
    expect(target.origin + target.pathname).toBe(callback);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.any(String),
      state: 'the-state',
      iss: issuer,
    });
  });

  test.for([
    ['the address', '/authorize/email', 'read', reads],
    ['the address', '/authorize/email', 'written', writes],
    ['the code', '/authorize/code', 'read', reads],
    ['the code', '/authorize/code', 'written', writes],
  ] as const)('is a page where %s is posted to %s and nothing can be %s', async ([, path, , operations]) => {
    const { client_id } = await register(issuer);
    const browser = newBrowser();
    const fields = hiddenFields(await browser.open(authorizePath(client_id, newPkce().challenge)));
    spoil(operations);
    const page = await browser.post(path, { ...fields, email: newAddress(), code: 'AAAA-AAAA' });
    expect(page.status).toBe(503);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.html).not.toContain('InternalServerError');
  });

  test('goes on from where it was when the approval failed', async () => {
    const { client_id } = await register(issuer);
    const { verifier, challenge } = newPkce();
    const browser = newBrowser();
    const consent = await reachConsent(issuer, browser, await browser.open(authorizePath(client_id, challenge)));
    aws.spoil('TransactWriteItems', 'broken');
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
  let token: string;
  let id: string;
  beforeAll(async () => {
    token = (await connect(issuer)).tokens.access_token;
    id = await newTodo(issuer, token, { title: 'There before' });
  });

  const call = (name: string, args: object) =>
    postMcp(issuer, token, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });
  const create = (title: string) => call('create_todo', { title });
  /** Holds an answer to "not now" in the form of the MCP endpoint, and gives its text. */
  const expectNotNowOf = async (response: Response) => {
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('content-type')).toBe('application/json');
    const { message } = await readAnswer(response);
    expect(message.error?.message).toEqual(expect.any(String));
    return JSON.stringify(message);
  };

  const cases = [
    ...failures.map((fault) => ['BatchGetItem', fault]),
    ...failures.map((fault) => ['UpdateItem', fault]),
    ...[...failures, 'in conflict'].map((fault) => ['TransactWriteItems', fault]),
    ['BatchGetItem', 'unread'],
  ] as [string, Fault][];

  test.for(cases)('is 503 when %s is %s, and nothing was written', async ([operation, fault]) => {
    aws.spoil(operation, fault);
    await expectNotNowOf(await create('Half done'));
    aws.heal();
    expect(await titles(issuer, token)).not.toContain('Half done');
  });

  test.for(['in conflict', 'broken', 'answer lost'] as const)(
    'writes once when its write is %s once',
    async (fault) => {
      aws.spoil('TransactWriteItems', fault, 1);
      expect((await create(fault)).status).toBe(200);
      expect((await titles(issuer, token)).filter((title) => title === fault)).toEqual([fault]);
    },
  );

  test.for([
    ['GetItem', 'get_todo'],
    ['Query', 'list_todos'],
    ['PutItem', 'get_todo'],
    ['PutItem', 'list_todos'],
  ] as const)(
    'gives nothing away when %s fails for %s: what is not on record is not read',
    async ([operation, name]) => {
      aws.spoil(operation, 'broken');
      const text = await expectNotNowOf(await call(name, name === 'get_todo' ? { id } : {}));
      expect(text).not.toContain('There before');
    },
  );

  test('reads one answer out of a batch that came in two parts', async () => {
    aws.spoil('BatchGetItem', 'unread', 1);
    expect(outputOf(await callTool(issuer, token, 'whoami'))).toHaveProperty('subject');
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

describe('an assertion that is redeemed', () => {
  test.for(['trusts disable', 'trusts remove'])(
    'gives nothing when its trust is gone at the moment of the grant: %s',
    async (command) => {
      const [tenant, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
      const trustId = await trust(issuer, tenant, { issuer: from.url });
      const domain = `${randomUUID()}.example`;
      await operate(issuer, 'tenants add-domain', { id: tenant, domain });
      const { client_id, client_secret } = (await operate(issuer, 'clients add', {
        client_name: 'Assistant',
        redirect_uris: [callback],
        token_endpoint_auth_method: 'client_secret_basic',
      })) as { readonly client_id: string; readonly client_secret: string };
      const assertion = () =>
        signIdJag(from, { ...idJagClaims(from, issuer, client_id), sub: 'somebody', email: `somebody@${domain}` });
      const show = async () =>
        requestTokens(
          issuer,
          { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await assertion() },
          { ...newSourceIp(), ...basic(client_id, client_secret) },
        );
      expect((await show()).status).toBe(200);
      let isGone = false;
      aws.before('TransactWriteItems', 'grant_use', async () => {
        await operate(issuer, command, { id: tenant, trust: trustId });
        isGone = true;
      });
      expect(await refusal(await show())).toBe('400 invalid_grant');
      expect(isGone).toBe(true);
      const uses = (await trailOf(issuer, tenant)).filter(({ event }) => event === 'grant_use');
      expect(uses).toEqual([]);
    },
  );
});

describe('a decision that is sent while another person signs in to the same window', () => {
  /** Where it is written that a sign-out ended what else the first person had open there. */
  const ends = async (operator: Operator) =>
    (await operator.itemsUnder('SESSION#')).filter(({ sk }) => sk === 'SIGNED_OUT').map(({ pk }) => String(pk));

  test.for<[decision: string, isVisitOver: boolean]>([
    ['deny', true],
    ['approve', true],
    // The end of the visit refuses an approval by itself. Here only who is signed in to the window does.
    ['approve', false],
  ])(
    'is theirs alone, and decides nothing for the other: %s, and the visit is over: %s',
    async ([decision, isVisitOver]) => {
      const operator = new Operator(aws.table);
      const browser = new Browser(issuer, newSourceIp());
      const { client_id } = await register(issuer);
      const first = await browser.open(authorizePath(client_id, newPkce().challenge));
      const { page, fields } = await reachConsent(issuer, browser, first, newAddress());
      const scope = offeredScopes(page)[0] ?? '';
      const other = newAddress();
      let theirs: Page | undefined;
      aws.before('TransactWriteItems', 'decision', async () => {
        const before = await ends(operator);
        await browser.post('/authorize/sign-out', fields);
        const ended = (await ends(operator)).filter((pk) => !before.includes(pk));
        expect(ended.length).toBe(1);
        if (!isVisitOver) await operator.remove({ pk: ended[0] ?? '', sk: 'SIGNED_OUT' });
        theirs = (await reachConsent(issuer, browser, first, other)).page;
      });
      const answer = await browser.post('/authorize/consent', { ...fields, decision, scope });
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
      expect(theirs?.html).toContain(other);
      const redirect = await approve(browser, { page: theirs ?? page, fields });
      expect(redirect.searchParams.get('code')).toEqual(expect.any(String));
      expect(redirect.searchParams.get('error')).toBe(null);
    },
  );
});

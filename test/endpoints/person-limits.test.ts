import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { Browser, heading } from '../support/browser.ts';
import {
  authorizePath,
  connect,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
  requestTokens,
  tomorrowAt,
} from '../support/flow.ts';
import { type Answer, ask, callTool, newTodo, outputOf } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { newMember } from '../support/people.ts';
import { HOUR, later, tokensIn } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  aws = await startAws();
  const limits = {
    callsPerPerson: { minute: 9 },
    callsPerGrant: { minute: 6 },
    grantsPerPerson: { hour: 3 },
  };
  const quotas = { todosPerPerson: { items: 3, bytes: 100 }, documentsPerPerson: { items: 2, bytes: 100 } };
  stack = await startStackWith({ limits, quotas }, { env: aws.env });
  issuer = stack.issuer;
  operator = new Operator(aws.table);
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

/** What a tool refused. */
function refusalOf({ message }: Answer): string {
  expect(message.result?.isError).toBe(true);
  const [{ text = '' } = {}] = (message.result?.content ?? []) as { readonly text?: string }[];
  return text;
}

describe('calls of a person', () => {
  type Connection = { readonly clientId: string; readonly token: string };

  /** A client of a person that may call from tomorrow's midnight on. */
  async function connectTomorrow(address: string): Promise<Connection> {
    const { clientId, tokens } = await connect(issuer, { address });
    const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token };
    const renewed = await tokensIn(await requestTokens(issuer, parameters, tomorrowAt(0)));
    return { clientId, token: renewed.access_token };
  }

  /** The statuses of so many calls in the first minute of tomorrow. */
  async function call({ token }: Connection, times: number, seconds = 1): Promise<number[]> {
    const answers: number[] = [];
    for (let at = 0; at < times; at += 1)
      answers.push((await ask(issuer, token, 'tools/list', {}, tomorrowAt(seconds))).status);
    return answers;
  }

  test('are counted under all their grants together, and for nobody else', async () => {
    const address = newAddress();
    const [one, other] = [await connectTomorrow(address), await connectTomorrow(address)];
    const somebody = await connectTomorrow(newAddress());
    expect(await call(one, 6)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(await call(other, 4)).toEqual([200, 200, 200, 429]);
    expect(await call(somebody, 1)).toEqual([200]);
    expect(await call(other, 1, 60)).toEqual([200]);
  });

  test('count as several where they may read much', async () => {
    const connection = await connectTomorrow(newAddress());
    const search = () => callTool(issuer, connection.token, 'search_documents', { query: 'x' }, tomorrowAt(1));
    expect((await search()).status).toBe(200);
    expect(await call(connection, 5)).toEqual([200, 200, 200, 200, 429]);
    const again = await connectTomorrow(newAddress());
    expect(await call(again, 5)).toEqual([200, 200, 200, 200, 200]);
    expect((await callTool(issuer, again.token, 'search_documents', { query: 'x' }, tomorrowAt(1))).status).toBe(429);
    expect(await call(again, 1)).toEqual([200]);
  });

  test.for<[string, object]>([
    ['search_documents', { query: 'x' }],
    ['list_documents', {}],
    ['list_documents', { title: 'x' }],
    ['export_report', { what: 'todos' }],
  ])('count as five where they may read megabytes: %s %j', async ([name, args]) => {
    const connection = await connectTomorrow(newAddress());
    expect((await callTool(issuer, connection.token, name, args, tomorrowAt(1))).status).toBe(200);
    expect(await call(connection, 5)).toEqual([200, 200, 200, 200, 429]);
  });

  test('are none that come with the token of a grant that has ended', async () => {
    const address = newAddress();
    const [ended, live] = [await connectTomorrow(address), await connectTomorrow(address)];
    await revoke(issuer, ended.clientId, ended.token);
    expect(await call(ended, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(await call(live, 6)).toEqual(Array.from({ length: 6 }, () => 200));
  });
});

describe('approvals of a person', () => {
  /** Asks somebody for their consent, and has them decide. */
  async function decide(address: string, clientId: string, decision: 'approve' | 'deny', seconds: number) {
    const browser = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(seconds) });
    const first = await browser.open(authorizePath(clientId, newPkce().challenge));
    const { fields } = await reachConsent(issuer, browser, first, address);
    const scope = 'profile:read';
    const post = (choice: string) => browser.post('/authorize/consent', { ...fields, decision: choice, scope });
    return { page: await post(decision), again: post };
  }

  test('are three an hour; then a page says when to come back, nothing is decided, and denying passes', async () => {
    const [address, { client_id: clientId }] = [newAddress(), await register(issuer)];
    for (let times = 0; times < 3; times += 1)
      expect((await decide(address, clientId, 'approve', 1 + times)).page.headers.get('location')).toContain('code=');
    const { page, again } = await decide(address, clientId, 'approve', 10);
    expect([page.status, heading(page)]).toEqual([429, 'Too many attempts']);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(HOUR - 120);
    expect((await again('deny')).headers.get('location')).toContain('error=access_denied');
    expect((await decide(newAddress(), clientId, 'approve', 11)).page.status).toBe(303);
    expect((await decide(address, clientId, 'approve', HOUR)).page.status).toBe(303);
  });
});

describe('what a person keeps', () => {
  const words = 'There is no room for that';
  const member = async (tenant?: string) =>
    (await newMember(issuer, operator, tenant ?? (await operator.newTenant()))).token;

  test('is so many todos, and deleting one makes room', async () => {
    const [token, other] = [await member(), await member()];
    const ids = [await newTodo(issuer, token), await newTodo(issuer, token), await newTodo(issuer, token)];
    expect(refusalOf(await callTool(issuer, token, 'create_todo', { title: 'x' }))).toBe(
      `${words}: one person keeps 3 of these at most, and 100 bytes. Nothing was saved; delete some first.`,
    );
    await newTodo(issuer, other);
    outputOf(await callTool(issuer, token, 'delete_todo', { id: ids[0] }));
    expect(await newTodo(issuer, token)).not.toBe('');
  });

  test('is so many bytes in todos, also where one grows, and a shorter one makes room', async () => {
    const token = await member();
    const id = await newTodo(issuer, token, { title: 'x', notes: 'ä'.repeat(49) });
    expect(refusalOf(await callTool(issuer, token, 'create_todo', { title: 'xx' }))).toContain(words);
    expect(refusalOf(await callTool(issuer, token, 'update_todo', { id, title: 'xxx' }))).toContain(words);
    outputOf(await callTool(issuer, token, 'update_todo', { id, notes: 'short' }));
    expect(await newTodo(issuer, token)).not.toBe('');
  });

  test('is so many documents and bytes, whoever’s documents these are in, and no more of what others add', async () => {
    const tenant = await operator.newTenant();
    const [one, other] = [await member(tenant), await member(tenant)];
    const save = (token: string, args: object) => callTool(issuer, token, 'save_document', args);
    const { id } = outputOf(await save(one, { title: 'a', text: 'b' }));
    outputOf(await save(one, { title: 'a', text: 'b' }));
    expect(refusalOf(await save(one, { title: 'a', text: 'b' }))).toContain(words);
    outputOf(await save(other, { id, text: 'c'.repeat(90) }));
    expect(refusalOf(await save(other, { id, text: 'c'.repeat(110) }))).toContain(words);
    outputOf(await save(one, { id, title: 'a longer title' }));
    outputOf(await callTool(issuer, one, 'delete_document', { id }));
    outputOf(await save(one, { title: 'a', text: 'b' }));
  });

  test('is less again when somebody else makes it shorter, and theirs is not', async () => {
    const tenant = await operator.newTenant();
    const [one, other] = [await member(tenant), await member(tenant)];
    const save = (token: string, args: object) => callTool(issuer, token, 'save_document', args);
    const { id } = outputOf(await save(one, { title: 'a', text: 'b'.repeat(99) }));
    outputOf(await save(other, { id, text: '' }));
    outputOf(await save(one, { title: 'a', text: 'b'.repeat(98) }));
    expect(refusalOf(await save(other, { title: 'a', text: 'b'.repeat(100) }))).toContain(words);
    outputOf(await save(other, { title: 'a', text: 'b'.repeat(99) }));
  });

  test('is given back to whoever wrote it, when the author deletes the document', async () => {
    const tenant = await operator.newTenant();
    const [one, other] = [await member(tenant), await member(tenant)];
    const save = (token: string, args: object) => callTool(issuer, token, 'save_document', args);
    const { id } = outputOf(await save(one, { title: 'a', text: 'b' }));
    outputOf(await save(other, { id, text: 'c'.repeat(90) }));
    outputOf(await callTool(issuer, one, 'delete_document', { id }));
    outputOf(await save(other, { title: 'a', text: 'c'.repeat(99) }));
    expect(refusalOf(await save(one, { title: 'a', text: 'c'.repeat(100) }))).toContain(words);
  });

  test('is given back once, though two delete the document after both have read it', async () => {
    const token = await member();
    const save = (at = 0) => callTool(issuer, token, 'save_document', { title: 'a', text: 'b' }, later(at));
    const { id } = outputOf(await save());
    const remove = () => callTool(issuer, token, 'delete_document', { id }, later(60));
    let other: Answer | undefined;
    aws.before('TransactWriteItems', 'delete_document', async () => {
      other = await remove();
    });
    const answers = [await remove(), other];
    expect(answers.map((answer) => answer?.message.result?.isError === true)).toEqual([true, false]);
    outputOf(await save(120));
    outputOf(await save(120));
    expect(refusalOf(await save(120))).toContain(words);
  });
});

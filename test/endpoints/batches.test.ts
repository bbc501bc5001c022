import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, type Fault, startAws } from '../support/aws.ts';
import { type CountingSite, startCountingSite } from '../support/counting-site.ts';
import { postMcp } from '../support/flow.ts';
import { type Answer, callTool, outputOf, readAnswer, resultOf } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { connected, type Member, newMember } from '../support/people.ts';
import { later } from '../support/redemption.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let aws: Aws;
let site: CountingSite;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  aws = await startAws();
  site = await startCountingSite();
  stack = await startStackWithTools({ tools: { computingMilliseconds: 500 } }, { env: aws.env });
  issuer = stack.issuer;
  operator = new Operator(aws.table);
});
afterEach(() => aws.heal());
afterAll(async () => {
  await stack?.stop();
  site?.stop();
  await aws?.stop();
});

const TIMES = 250;
const PER_TRANSACTION = 99;
const started = ['code_mailed', 'sign_in', 'grant'];
const allowed = 'tool_call note_many allowed';

/** What the server does between two transactions of one call. */
const betweenBatches = ['GetItem', 'CANCELLATION#'] as const;

/** Somebody in a tenant that has nobody else. */
const newPerson = async () => newMember(issuer, operator, await operator.newTenant());

test('a call that computes too long ends, and is on record', async () => {
  const person = await newPerson();
  const answer = await callTool(issuer, person.token, 'compute_at_length');
  expect(resultOf(answer)).toMatchObject({
    isError: true,
    content: [{ text: 'This took more time than one call has. Ask for less at once, or try again later.' }],
  });
  const trail = await operator.itemsUnder(`AUDIT#${person.tenant}#`);
  expect(trail).toContainEqual(
    expect.objectContaining({ event: 'tool_call', tool: 'compute_at_length', outcome: 'failed', reason: 'time' }),
  );
});

describe('a call that does not say that its work is bounded, and ends with its process', () => {
  const reference = { type: 'ref/resource', uri: 'endless://files/{name}' };
  test.for<[string, object, string]>([
    ['tools/call', { name: 'end_with_process', arguments: {} }, 'tool_call end_with_process started'],
    ['resources/read', { uri: 'endless://files/one' }, 'resource_read endless_files started'],
    ['prompts/get', { name: 'endless_prompt', arguments: {} }, 'prompt_get endless_prompt started'],
    ['resources/list', {}, 'resource_list resources allowed'],
    [
      'completion/complete',
      { ref: reference, argument: { name: 'name', value: 'o' } },
      'completion end_with_process allowed',
    ],
  ])('is on record, and its caller gets an error: %s', async ([method, params, recorded]) => {
    const tenant = `ending-${randomUUID()}`;
    await operator.setPolicy(tenant, {});
    const person = await newMember(issuer, operator, tenant);
    const response = await postMcp(issuer, person.token, { jsonrpc: '2.0', id: 1, method, params });
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(await operator.trail(tenant)).toEqual([...started, recorded]);
  });

  test('has an item more where it ends by itself', async () => {
    const person = await newPerson();
    outputOf(await callTool(issuer, person.token, 'end_with_process'));
    for (const refused of [{ how: 'so' }, { how: 7, why: 'so' }])
      expect(resultOf(await callTool(issuer, person.token, 'end_with_process', refused)).isError).toBe(true);
    const [begun, ended] = ['allowed', 'failed'].map((outcome) => `tool_call end_with_process ${outcome}`);
    const first = 'tool_call end_with_process started';
    expect(await operator.trail(person.tenant)).toEqual([...started, first, begun, first, ended, first, ended]);
  });
});

type Id = number | string;

/** Notes something 250 times, in a request of this id. */
async function noteMany({ token }: Member, { id = 1, at = 0 }: { readonly id?: Id; readonly at?: number } = {}) {
  const params = { name: 'note_many', arguments: { text: 'many', times: TIMES } };
  return readAnswer(await postMcp(issuer, token, { jsonrpc: '2.0', id, method: 'tools/call', params }, later(at)));
}

async function notesOf({ tenant, subject }: Member): Promise<number> {
  return (await operator.itemsAt(`NOTE#${tenant}#${subject}`)).length;
}

/** Holds what was written to what is on record: each item stands for a transaction of its own. */
async function expectBatches(person: Member, batches: number, ...after: string[]): Promise<void> {
  expect(await notesOf(person)).toBe(Math.min(TIMES, batches * PER_TRANSACTION));
  expect(await operator.trail(person.tenant)).toEqual([...started, ...Array(batches).fill(allowed), ...after]);
}

describe('more writes than a transaction holds', () => {
  test('are made in three, each with its audit item', async () => {
    const person = await newPerson();
    const calls = await aws.callsDuring(async () => outputOf(await noteMany(person)));
    const transactions = calls.filter(({ operation }) => operation === 'TransactWriteItems');
    const sizes = transactions.map(({ body }) => [items(body).length, items(body).filter(isAudit).length]);
    expect(sizes).toEqual([
      [100, 1],
      [100, 1],
      [53, 1],
    ]);
    expect(calls.some(({ operation }) => operation === 'PutItem')).toBe(false);
    await expectBatches(person, 3);
  });

  const items = (body: string) => (JSON.parse(body) as { readonly TransactItems: readonly object[] }).TransactItems;
  const isAudit = (item: object) => JSON.stringify(item).includes('AUDIT#');

  test.for<Fault>(['throttled', 'broken', 'dropped', 'in conflict'])(
    'are as many as are on record when the second transaction is %s, and the call can be made again',
    async (fault) => {
      const person = await newPerson();
      aws.before(...betweenBatches, async () => aws.spoil('TransactWriteItems', fault));
      const { status, headers } = await noteMany(person);
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      aws.heal();
      await expectBatches(person, 1);
      outputOf(await noteMany(person));
      await expectBatches(person, 4);
    },
  );

  test.for<Fault>(['broken', 'in conflict', 'answer lost'])(
    'are made all the same when the second transaction is %s once',
    async (fault) => {
      const person = await newPerson();
      aws.before(...betweenBatches, async () => aws.spoil('TransactWriteItems', fault, 1));
      outputOf(await noteMany(person));
      await expectBatches(person, 3);
    },
  );

  test('are tried again under the token of the first try, so that none is made twice', async () => {
    const person = await newPerson();
    const calls = await aws.callsDuring(async () => {
      aws.spoil('TransactWriteItems', 'in conflict', 1);
      outputOf(await callTool(issuer, person.token, 'note', { text: 'x' }));
    });
    const tokens = calls.flatMap(({ body }) => /"ClientRequestToken":"([^"]+)"/.exec(body)?.[1] ?? []);
    expect(tokens).toEqual([tokens[0], tokens[0]]);
  });
});

describe('an audit item whose answer was lost', () => {
  test('is there once, and the tool ran once', async () => {
    const person = await newPerson();
    aws.spoil('PutItem', 'answer lost', 1);
    outputOf(await callTool(issuer, person.token, 'list_notes'));
    expect(await operator.trail(person.tenant)).toEqual([...started, 'tool_call list_notes allowed']);
  });

  test.for(['"started"', '"allowed"'])('has no tool reach out a second time: %s', async (outcome) => {
    const person = await newPerson();
    const url = site.newUrl();
    aws.before('PutItem', outcome, async () => aws.spoil('PutItem', 'answer lost', 1));
    expect(outputOf(await callTool(issuer, person.token, 'reach_out', { url }))).toEqual({ status: 200 });
    expect(site.visits(url)).toBe(1);
    const recorded = ['tool_call reach_out started', 'tool_call reach_out allowed'];
    expect(await operator.trail(person.tenant)).toEqual([...started, ...recorded]);
  });
});

describe('what reaches beyond the server', () => {
  test('is on record before it begins', async () => {
    const person = await newPerson();
    const url = site.newUrl();
    aws.spoil('PutItem', 'broken');
    expect((await callTool(issuer, person.token, 'reach_out', { url })).status).toBe(503);
    expect(site.visits(url)).toBe(0);
  });
});

describe('a call that its client takes back, MCP 2025-11-25 Cancellation', () => {
  const cancel = ({ token }: Member, requestId: unknown, at = 0) =>
    postMcp(issuer, token, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }, later(at));

  const meanwhile = (work: () => Promise<Response>) =>
    aws.before(...betweenBatches, async () => expect((await work()).status).toBe(202));

  const expectStopped = async (person: Member, answer: Answer) => {
    const { isError, content } = resultOf(answer);
    expect([isError, JSON.stringify(content)]).toEqual([true, expect.stringContaining('cancelled')]);
    await expectBatches(person, 1, 'tool_call note_many failed');
  };

  test.for<Id>([7, 'seven', 0])('stops before its next transaction: request %j', async (id) => {
    const person = await newPerson();
    meanwhile(() => cancel(person, id));
    await expectStopped(person, await noteMany(person, { id }));
  });

  test('goes on where its id is longer than any that can be taken back', async () => {
    const person = await newPerson();
    outputOf(await noteMany(person, { id: 'x'.repeat(2_000) }));
    await expectBatches(person, 3);
  });

  test('goes on when another request is taken back', async () => {
    const person = await newPerson();
    meanwhile(() => cancel(person, 8));
    outputOf(await noteMany(person, { id: 7 }));
    await expectBatches(person, 3);
  });

  test('goes on when another person, or another client of this one, takes back a request of that id', async () => {
    const person = await newPerson();
    const others = [await newMember(issuer, operator, person.tenant), await connected(issuer, person)];
    for (const other of others) {
      meanwhile(() => cancel(other, 7));
      outputOf(await noteMany(person, { id: 7 }));
    }
    expect((await operator.trail(person.tenant)).filter((line) => line === allowed).length).toBe(6);
  });

  test('is not stopped by what was taken back before it began', async () => {
    const person = await newPerson();
    await cancel(person, 7);
    outputOf(await noteMany(person, { id: 7, at: 20 }));
    await expectBatches(person, 3);
  });

  test.for([20, 3_000])('stops when another of its id was taken back %s seconds before', async (at) => {
    const person = await newPerson();
    await cancel(person, 7);
    meanwhile(() => cancel(person, 7, at));
    await expectStopped(person, await noteMany(person, { id: 7, at }));
  });

  test.for([undefined, null, '', {}, [7], true, 'x'.repeat(101)])(
    'is none where the id is none: %j',
    async (requestId) => {
      const person = await newPerson();
      await cancel(person, requestId);
      expect(await operator.itemsUnder(`CANCELLATION#${person.subject}`)).toEqual([]);
    },
  );
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Services, startServices } from '../support/aws.ts';
import { postMcp } from '../support/flow.ts';
import { Operator } from '../support/operator.ts';
import { connected, type Member } from '../support/people.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

/** Many calls take their time on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const CALLERS = 16;
const CALLS = 2_000;

let aws: Services;
let operator: Operator;
let stack: RunningStack;
let callers: Member[];

/** So few people call so often that the limits of a person would hold them. */
const limits = { callsPerGrant: { minute: 100_000 }, callsPerPerson: { minute: 100_000 } };

beforeAll(async () => {
  aws = await startServices();
  operator = new Operator(aws.table);
  stack = await startStackWith({ limits }, { env: aws.env });
  callers = [];
  for (let number = 0; number < CALLERS; number += 1) callers.push(await connected(stack.issuer));
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

/** What is written down of a call's arguments, in the audit. */
function digestOf(args: object): string {
  return createHash('sha256').update(JSON.stringify(args)).digest('base64url');
}

type Load = { readonly sent: Set<string>; readonly answered: Set<string> };

/** Has all callers call a tool as fast as they are answered, each call with arguments of its own. */
async function load(
  label: string,
  calls: number,
  onAnswer: (answers: number) => void = () => undefined,
): Promise<Load> {
  const [sent, answered] = [new Set<string>(), new Set<string>()];
  const callAs = async ({ token }: Member, caller: number) => {
    for (let number = 0; number < calls / CALLERS; number += 1) {
      const args = { text: `${label} ${caller} ${number}` };
      sent.add(digestOf(args));
      const params = { name: 'list_todos', arguments: args };
      const message = { jsonrpc: '2.0', id: number, method: 'tools/call', params };
      const response = await postMcp(stack.issuer, token, message).catch(() => undefined);
      const text = await response?.text().catch(() => undefined);
      if (response?.status !== 200 || !text?.includes('"structuredContent"')) continue;
      answered.add(digestOf(args));
      onAnswer(answered.size);
    }
  };
  await Promise.all(callers.map(callAs));
  return { sent, answered };
}

/** The calls on record among these. Throws when one is there twice. */
async function recorded({ sent }: Load): Promise<Set<string>> {
  const items = await operator.itemsUnder('AUDIT#');
  const digests = items.map((item) => String(item.argumentsDigest)).filter((digest) => sent.has(digest));
  expect(new Set(digests).size).toBe(digests.length);
  return new Set(digests);
}

async function toolCalls(): Promise<number> {
  return (await operator.itemsUnder('AUDIT#')).filter(({ event }) => event === 'tool_call').length;
}

test('2,000 calls of 16 at a time leave 2,000 items', async () => {
  const before = await toolCalls();
  const calls = await load('all', CALLS);
  expect(calls.answered.size).toBe(CALLS);
  expect(await recorded(calls)).toEqual(calls.sent);
  expect(await toolCalls()).toBe(before + CALLS);
});

describe('when processes are killed in the middle of calls', () => {
  const SOME = 400;
  let before: number;
  beforeEach(async () => {
    before = await toolCalls();
  });

  /** What was answered is on record, once, and nothing is on record that was not sent. */
  const expectKept = async (calls: Load) => {
    const kept = await recorded(calls);
    expect([...calls.answered].filter((digest) => !kept.has(digest))).toEqual([]);
    expect(await toolCalls()).toBe(before + kept.size);
  };

  test('every call that was answered is on record, once, and every item is of a call that was made', async () => {
    let killed = 0;
    const calls = await load('killed', SOME, (answers) => {
      if (answers % (SOME / 4) === 0) killed += stack.killChildren();
    });
    expect(killed).toBeGreaterThan(0);
    expect(calls.answered.size).toBeLessThan(SOME);
    expect(calls.answered.size).toBeGreaterThan(SOME / 2);
    await expectKept(calls);
  });

  test('the same holds when the whole server is killed', async () => {
    const calls = await load('dead', SOME, (answers) => {
      if (answers === SOME / 2) void stack.kill();
    });
    expect(calls.answered.size).toBeLessThan(SOME);
    expect(calls.answered.size).toBeGreaterThanOrEqual(SOME / 2);
    await expectKept(calls);
    stack = await startStackWith({ limits }, { env: aws.env });
  });
});

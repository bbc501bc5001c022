import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, type Call, startAws } from '../support/aws.ts';
import { untilFreshMinute } from '../support/clock.ts';
import { callTool } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { type Member, newMember } from '../support/people.ts';
import { later } from '../support/redemption.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStack({ env: aws.env });
  issuer = stack.issuer;
  operator = new Operator(aws.table);
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

/** Makes so many calls, some at a time, alternately one that writes and one that reads. Gives their statuses. */
async function calls(member: Member, times: number, { atOnce, at }: { readonly atOnce: number; readonly at: number }) {
  const statuses: number[] = [];
  const caller = async (_: unknown, first: number) => {
    for (let number = first; number < times; number += atOnce) {
      const [name, args] = number % 2 === 0 ? ['create_todo', { title: 'x' }] : ['list_todos', {}];
      statuses.push((await callTool(issuer, member.token, name, args, later(at))).status);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  return statuses;
}

/** The partitions that calls to the table reached. */
function partitionsIn(recorded: readonly Call[]): Set<string> {
  return new Set(
    recorded.flatMap(({ body }) => [...body.matchAll(/"(?:pk|:pk)":\{"S":"([^"]+)"/g)].map(([, pk = '']) => pk)),
  );
}

describe('a tenant that floods the server', () => {
  test('is held to its limit, while every call of another is answered', async () => {
    const limit = 20;
    const flooding = await operator.newTenant({ calls: { minute: limit } });
    const loud = [await newMember(issuer, operator, flooding), await newMember(issuer, operator, flooding)];
    const quiet = await newMember(issuer, operator, await operator.newTenant({ calls: { minute: 60 } }));
    const at = untilFreshMinute();
    const [one = [], other = [], untouched = []] = await Promise.all([
      ...loud.map((member) => calls(member, 60, { atOnce: 6, at })),
      calls(quiet, 40, { atOnce: 2, at }),
    ]);
    const flood = [...one, ...other];
    expect(flood.filter((status) => status === 200)).toHaveLength(limit);
    expect(flood.filter((status) => status === 429)).toHaveLength(flood.length - limit);
    expect(untouched).toEqual(Array(40).fill(200));
  });

  test('reaches no partition of another, though nothing limits either', async () => {
    const one = await newMember(issuer, operator, await operator.newTenant());
    const other = await newMember(issuer, operator, await operator.newTenant());
    const at = untilFreshMinute();
    const partitions = async (member: Member) =>
      partitionsIn(await aws.callsDuring(() => calls(member, 12, { atOnce: 4, at })));
    const [ofOne, ofOther] = [await partitions(one), await partitions(other)];
    for (const [member, reached] of [
      [one, ofOne],
      [other, ofOther],
    ] as const) {
      const named = [...reached].map((pk) => pk.split('#')[0]).sort();
      expect(new Set(named)).toEqual(new Set(['AUDIT', 'GRANT', 'QUOTA', 'RATE', 'TENANT', 'TODO', 'USER']));
      expect([...reached].filter((pk) => pk.includes(member.tenant) || pk.includes(member.subject))).toEqual([
        ...reached,
      ]);
    }
    expect([...ofOne].filter((pk) => ofOther.has(pk))).toEqual([]);
    const flood = calls(one, 100, { atOnce: 8, at });
    expect(await calls(other, 20, { atOnce: 1, at })).toEqual(Array(20).fill(200));
    await flood;
  });
});

import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionOf } from '#core/store/audit-partitions.ts';
import { isAccepted, newAddress } from '../support/flow.ts';
import { tableName, tableOf } from '../support/items.ts';
import { callTool } from '../support/mcp.ts';
import { later } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connected } from './admin-person.ts';
import { Operator } from './admin-process.ts';
import { startProgram } from './program.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  stack = await startStackWith({ audit: { retentionDays: 30 } });
  issuer = stack.issuer;
  operator = new Operator(issuer);
});
afterAll(async () => {
  await stack?.stop();
});

type Item = { readonly id: string; readonly at: string; readonly subject: string; readonly tenant: string };
type Recorded = Item & { readonly [member: string]: unknown };

const newId = () => `t${randomUUID()}`;
const iso = (time: number) => new Date(time).toISOString();

let count = 0;

/** A tool call as it is recorded, at a time in epoch milliseconds. */
function call(tenant: string, subject: string, time: number, more: object = {}): Recorded {
  count += 1;
  const at = iso(time);
  const id = `${at}#${String(count).padStart(26, '0')}`;
  const called = { event: 'tool_call', clientId: 'c', grantId: 'g', tool: 'list_todos', outcome: 'allowed' };
  return { id, subject, tenant, at, ...called, argumentsDigest: 'd', ...more };
}

/** Writes items as if they had been recorded. */
async function record(items: readonly Recorded[], ttl = Math.floor(Date.now() / SECOND) + 3_600): Promise<void> {
  const table = tableOf(issuer);
  const name = await tableName(table);
  const puts = items.map(({ id: sk, ...item }) => {
    const pk = partitionOf(item.tenant, item.at.slice(0, 10), item.subject);
    return { PutRequest: { Item: marshall({ pk, sk, ttl, ...item }) } };
  });
  for (let first = 0; first < puts.length; first += 25)
    await table.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts.slice(first, first + 25) } }));
}

const inOrder = (items: readonly Recorded[]) => [...items].sort((one, other) => (one.id < other.id ? -1 : 1));

/** What the command line prints with `--json`, line by line. */
async function audit(...args: string[]): Promise<Recorded[]> {
  const { code, stdout, stderr } = await operator.run('audit', ...args, '--json');
  expect({ code, stderr: stdout === '' ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Recorded);
}

type Page = { readonly items: readonly Recorded[]; readonly next?: string };

/** The calls of one very busy person and of many others, over two days. Many are of the same millisecond. */
function busyDays(tenant: string, end: number): Recorded[] {
  const busy = Array.from({ length: 130 }, (_, index) => call(tenant, 'busy', end - index * 20 * SECOND));
  const others = Array.from({ length: 300 }, (_, index) =>
    call(tenant, `person-${index % 40}`, end - Math.floor(index / 10) * HOUR),
  );
  return [...busy, ...others];
}

describe('audit', () => {
  test('gives every item of a tenant once and in the order of time, whatever its day, shard and page', async () => {
    const tenant = newId();
    const recorded = busyDays(tenant, Date.now() - HOUR);
    await record(recorded);
    expect(await audit('--tenant', tenant, '--since', '3d')).toEqual(inOrder(recorded));
  });

  test.for([24, 25, 26, 50, 51])('gives all %i items of a shard, where pages hold 25', async (size) => {
    const tenant = newId();
    const time = Date.now() - HOUR;
    const recorded = [
      ...Array.from({ length: size }, (_, index) => call(tenant, 'one', time + index)),
      ...Array.from({ length: size }, (_, index) => call(tenant, 'another', time + index)),
    ];
    await record(recorded);
    const { items, next } = await operator.result<Page>('audit', { tenant, after: iso(time) });
    expect(items).toEqual(inOrder(recorded));
    expect(next).toBeUndefined();
  });

  test('gives what is too much for one answer in several of bounded size', async () => {
    const tenant = newId();
    const time = Date.now() - HOUR;
    const recorded = Array.from({ length: 1_500 }, (_, index) =>
      call(tenant, `person-${index % 50}`, time + index, { tool: 'x'.repeat(1_000) }),
    );
    await record(recorded);
    const sizes: number[] = [];
    const read: Recorded[] = [];
    let after: string | undefined = iso(time);
    while (after !== undefined) {
      const page: Page = await operator.result('audit', { tenant, after });
      sizes.push(page.items.length);
      read.push(...page.items);
      after = page.next;
    }
    expect(read).toEqual(inOrder(recorded));
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(900);
  });

  test('never shows the items of another tenant', async () => {
    const [tenant, time] = [newId(), Date.now() - HOUR];
    const own = call(tenant, 'somebody', time);
    const others = [`${tenant}-2`, tenant.slice(0, -1)].map((other) => call(other, 'somebody', time));
    await record([own, ...others]);
    expect(await audit('--tenant', tenant)).toEqual([own]);
    for (const trick of [`${tenant}#`, '', '*', 'personal-#'])
      expect(await operator.refusal('audit', { tenant: trick, after: iso(time) })).toContain(
        'letters, digits and hyphens',
      );
  });

  test('gives one person’s items without those of others in the same shard', async () => {
    const person = await connected(issuer);
    const { tenant, subject, address, tokens } = person;
    const day = '2026-01-01';
    const names = Array.from({ length: 200 }, (_, index) => `other-${index}`);
    const neighbour = names.find((name) => partitionOf(tenant, day, name) === partitionOf(tenant, day, subject)) ?? '';
    await record([call(tenant, neighbour, Date.now())]);
    await callTool(issuer, tokens.access_token, 'list_todos');
    const items = await audit('--person', address.toUpperCase());
    expect(items.map(({ event, tool = '' }) => `${event} ${tool}`.trim())).toEqual([
      ...['sign_in', 'grant', 'tool_call whoami', 'tool_call list_todos'],
    ]);
    expect(new Set(items.map((item) => item.subject))).toEqual(new Set([subject]));
    expect((await audit('--tenant', tenant)).map((item) => item.subject)).toContain(neighbour);
  });

  test('takes since as the first moment and until as the first after the last', async () => {
    const [tenant, noon] = [newId(), Math.floor(Date.now() / DAY) * DAY - DAY / 2];
    const recorded = [-1, 0, 1, 59_999, 60_000].map((milliseconds) => call(tenant, 'one', noon + milliseconds));
    await record(recorded);
    const [since, until] = [iso(noon), iso(noon + 60_000)];
    expect(await audit('--tenant', tenant, '--since', since, '--until', until)).toEqual(recorded.slice(1, 4));
    const minutes = [since, until].map((time) => time.slice(0, 16));
    expect(await audit('--tenant', tenant, '--since', minutes[0] ?? '', '--until', minutes[1] ?? '')).toHaveLength(3);
    expect(await audit('--tenant', tenant, '--since', since.slice(0, 10))).toEqual(recorded);
    expect(await audit('--tenant', tenant, '--since', '30s')).toEqual([]);
  });

  test('gives only what is asked for by event, tool and outcome', async () => {
    const [tenant, time] = [newId(), Date.now() - HOUR];
    const allowed = call(tenant, 'one', time);
    const denied = call(tenant, 'one', time + 1, { outcome: 'denied' });
    const other = call(tenant, 'one', time + 2, { tool: 'whoami', outcome: 'denied' });
    const { outcome: _, tool: __, ...signIn } = call(tenant, 'one', time + 3, { event: 'sign_in' });
    await record([allowed, denied, other, signIn]);
    expect(await audit('--tenant', tenant, '--event', 'sign_in')).toEqual([signIn]);
    expect(await audit('--tenant', tenant, '--tool', 'whoami')).toEqual([other]);
    expect(await audit('--tenant', tenant, '--outcome', 'denied')).toEqual([denied, other]);
    expect(await audit('--tenant', tenant, '--outcome', 'denied', '--tool', 'list_todos')).toEqual([denied]);
  });

  test('leaves out what has expired, and looks no further back than items are kept', async () => {
    const [tenant, time] = [newId(), Date.now() - HOUR];
    const kept = call(tenant, 'one', time);
    await record([kept]);
    await record([call(tenant, 'one', time + 1)], Math.floor(Date.now() / SECOND) - 10);
    await record([call(tenant, 'one', time - 40 * DAY)]);
    expect(await audit('--tenant', tenant, '--since', '365d')).toEqual([kept]);
  });

  test('shows what the operator changed, as tenant operator, and has no address in it', async () => {
    const [id, address] = [newId(), newAddress()];
    await operator.result('tenants add', { id });
    await operator.result('tenants policy', { id, tools: ['whoami'] });
    await operator.result('tenants add-domain', { id, domain: `${id}.example` });
    await operator.result('tenants add-member', { id, address, role: 'admin' });
    await operator.result('tenants set-role', { id, address, role: 'member' });
    const { subject, tokens } = await connected(issuer, address);
    const { grants } = await operator.result<{ grants: { grant_id: string }[] }>('people grants', { address });
    await operator.result('tenants remove-member', { id, address });
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
    await operator.result('people disable', { address });
    const { address_hash: hash } = await operator.result<{ address_hash: string }>('people show', { address });
    const changes = await audit('--tenant', 'operator', '--since', '1h');
    const own = changes.filter(({ target }) => [id, hash, subject].some((known) => String(target).includes(known)));
    expect(own.map(({ command, target }) => [command, target])).toEqual([
      ['tenants add', id],
      ['tenants policy {"tools":["whoami"]}', id],
      ['tenants add-domain', `${id}.example in ${id}`],
      ['tenants add-member', `${hash} in ${id} as admin`],
      ['tenants set-role', `${hash} in ${id} as member`],
      ['tenants remove-member', `${hash} from ${id} to personal-${subject}`],
      ['tenants remove-member', grants[0]?.grant_id],
      ['tenants remove-member, completed', `${hash} from ${id} to personal-${subject}`],
      ['people disable', hash],
    ]);
    for (const change of own) expect(change).toMatchObject({ event: 'admin_change', subject: 'operator' });
    expect(JSON.stringify(changes)).not.toContain('@');
  });

  test('is found in the tenant where it happened, also after a move', async () => {
    const { address, tenant } = await connected(issuer);
    const id = newId();
    await operator.result('tenants add', { id });
    await operator.result('people move', { address, tenant: id });
    await operator.result('people move', { address, tenant: id }, 60);
    expect(await audit('--person', address)).toEqual([]);
    const before = (await audit('--person', address, '--tenant', tenant)).map(({ event }) => event);
    expect(before).toEqual(['sign_in', 'grant', 'tool_call', 'revocation']);
  });

  test('tells who is new, and stats counts them by day; items from before that was recorded stay as they were', async () => {
    const [tenant, time] = [newId(), Date.now() - HOUR];
    const kinds = [
      { event: 'sign_in', isNew: true },
      { event: 'sign_in' },
      { event: 'trusted_person', did: 'made' },
      { event: 'trusted_person', did: 'linked' },
      { event: 'link', did: 'made', isNew: true },
    ];
    await record(kinds.map((more, at) => call(tenant, `person-${at}`, time + at, more)));
    const { stdout } = await operator.run('audit', '--tenant', tenant);
    const told = stdout.trimEnd().split('\n');
    expect(told.map((line) => line.endsWith('they are new here'))).toEqual([true, false, true, false, false]);
    const stats = await operator.json<{ readonly days: readonly object[] }>('stats', '--tenant', tenant);
    expect(stats).toMatchObject({ new_people: 2, sign_ins: 2 });
    expect(stats.days).toMatchObject([{ day: iso(time).slice(0, 10), new_people: 2, sign_ins: 2 }]);
  });

  test('prints a line for each item, which cannot steer the terminal', async () => {
    const [tenant, time] = [newId(), Date.now() - HOUR];
    await record([call(tenant, 'one', time), call(tenant, 'one', time + 1, { tool: 'x\u001b[2J\ny' })]);
    const { stdout } = await operator.run('audit', '--tenant', tenant);
    const [first = '', second, ...others] = stdout.trimEnd().split('\n');
    expect(first).toBe(
      `${iso(time)}  tool_call       subject=one  tool=list_todos  outcome=allowed  clientId=c  grantId=g`,
    );
    expect(second).toContain('tool=x [2J y');
    expect(others).toEqual([]);
    const nothing = await operator.run('audit', '--tenant', newId());
    expect(nothing).toEqual({ code: 0, stdout: '', stderr: 'Nothing was recorded.\n' });
  });

  test.for([
    [['--since', '2h'], 2, 'audit needs --tenant or --person'],
    [['--tenant', 'acme', '--since', 'yesterday'], 2, '--since must be a time, such as 2h'],
    [['--tenant', 'acme', '--since', '2026-13-01'], 2, '--since must be a time'],
    [['--tenant', 'acme', '--until', 'soon'], 2, '--until must be a time'],
    [['--tenant', 'acme', '--follow', '--until', '1h'], 2, '--follow and --until cannot be used together'],
    [['--tenant', 'acme', '--event', 'party'], 1, 'The event must be one of code_mailed, wrong_code'],
    [['--tenant', 'acme', '--outcome', 'maybe'], 1, 'The outcome must be one of allowed, denied'],
    [['--person', 'nobody@example.com'], 1, 'Nothing is known of nobody@example.com'],
  ] as const)('%o is refused in one sentence', async ([args, code, says]) => {
    const run = await operator.run('audit', ...args);
    expect(run).toEqual({ code, stdout: '', stderr: expect.stringContaining(says) });
    expect(run.stderr.trimEnd()).not.toContain('\n');
  });
});

describe('audit --follow', () => {
  test('prints each item once as it is written, also one that is written late', async () => {
    const { address, tokens } = await connected(issuer);
    const run = startProgram('admin', ['audit', '--person', address, '--follow', '--json', '--local', issuer]);
    await run.says('stdout', '"tool":"whoami"');
    await callTool(issuer, tokens.access_token, 'list_todos');
    await run.says('stdout', '"tool":"list_todos"');
    await callTool(issuer, tokens.access_token, 'create_todo', { title: 'Late' }, later(-25));
    await run.says('stdout', '"tool":"create_todo"');
    await callTool(issuer, tokens.access_token, 'complete_todo', { id: 'x' });
    const printed = await run.says('stdout', '"tool":"complete_todo"');
    run.interrupt();
    const items = printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Recorded);
    expect(items.map(({ tool, event }) => tool ?? event)).toEqual([
      ...['sign_in', 'grant', 'whoami', 'list_todos', 'create_todo', 'complete_todo'],
    ]);
  });
});

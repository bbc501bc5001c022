import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readCsv } from '../support/csv.ts';
import { callTool } from '../support/mcp.ts';
import { tenantsAt } from '../support/tenants.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

type Summary = {
  readonly reportId?: string;
  readonly name: string;
  readonly format: string;
  readonly rows: number;
  readonly complete: boolean;
  readonly nextCursor?: string;
  readonly firstDay?: string;
  readonly lastDay?: string;
};
type Member = ToolClient & { readonly address: string };

const tenants = tenantsAt(inject('issuer'));
let tenant: string;
let admin: Member;
let alice: Member;
let mallory: Member;

beforeAll(async () => {
  tenant = await tenants.newTenant();
  admin = await tenants.connectMember(tenant, { role: 'admin' });
  alice = await tenants.connectMember(tenant);
  mallory = await tenants.connectMember(await tenants.newTenant(), { role: 'admin' });
  await alice.run('create_todo', { title: 'Alice, "first"', notes: 'one\ntwo', tags: ['a', 'b'], due: '2027-01-01' });
  await alice.run('create_todo', { title: '=HYPERLINK("https://evil.example")', notes: 'a | b' });
  await admin.run('create_todo', { title: 'Of the admin' });
  await mallory.run('create_todo', { title: 'Of Mallory' });
});
afterAll(async () => {
  await Promise.all([admin, alice, mallory].map((person) => person?.close()));
});

const report = (person: ToolClient, input: object = {}) => person.run<Summary>('export_report', input);
const fileOf = async (person: ToolClient, input: object = {}) => {
  const [file, ...others] = await person.files('export_report', input);
  if (!file || others.length > 0) throw new Error('Not one file');
  return file;
};
const rowsOf = async (person: ToolClient, input: object = {}) => readCsv((await fileOf(person, input)).text);
const titlesIn = async (person: ToolClient, input: object = {}) =>
  (await rowsOf(person, input)).map(({ title }) => title);
const subjectOf = async (person: ToolClient) => (await person.run<{ readonly subject: string }>('whoami')).subject;

describe('export_report of todos', () => {
  test('gives the person’s own as CSV unless something else is asked for, and says what the file holds', async () => {
    expect(await report(alice, { reportId: 'r1' })).toEqual({
      reportId: 'r1',
      name: 'todos-mine.csv',
      format: 'csv',
      rows: 2,
      complete: true,
    });
    expect(await fileOf(alice)).toMatchObject({ uri: 'report://todos-mine.csv', mimeType: 'text/csv' });
    const [first] = await rowsOf(alice);
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      title: 'Alice, "first"',
      notes: 'one\ntwo',
      due: '2027-01-01',
      priority: 'normal',
      tags: 'a, b',
      done: 'false',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
  });

  test('gives a head and no row to whom has none', async () => {
    const loner = await connectTools(tenants.issuer);
    expect(await report(loner)).toMatchObject({ rows: 0, complete: true });
    expect((await fileOf(loner)).text).toMatch(/^id,title,.*\r\n$/);
    await loner.close();
  });

  test('has no cell that a spreadsheet would compute', async () => {
    const { text } = await fileOf(alice);
    expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    expect(await titlesIn(alice)).toContain(`'=HYPERLINK("https://evil.example")`);
  });

  test('keeps each todo on its line of a Markdown table', async () => {
    expect(await report(alice, { format: 'markdown' })).toMatchObject({ name: 'todos-mine.md', rows: 2 });
    const { mimeType, text } = await fileOf(alice, { format: 'markdown' });
    expect(mimeType).toBe('text/markdown');
    const lines = text.split('\n');
    expect(lines).toHaveLength(2 + 2 + 1);
    expect(lines[2]).toContain('| one<br>two |');
    expect(lines[3]).toContain('| a \\| b |');
  });

  test.for([
    ['what', { what: 'documents' }],
    ['format', { format: 'xlsx' }],
    ['whose', { whose: 'everybody' }],
    ['since', { what: 'audit', since: 'yesterday' }],
    ['since', { since: '2026-01-01' }],
    ['since', { what: 'audit', since: '2999-01-01' }],
    ['until', { until: '2026-01-01' }],
    ['tool', { tool: 'x' }],
    ['event', { what: 'audit', event: 'x' }],
    ['outcome', { what: 'audit', outcome: 'x' }],
    ['reportId', { reportId: 'x'.repeat(101) }],
    ['reportId', { reportId: 'a\u0000b' }],
    ['subject', { subject: 'somebody-else' }],
    ['tenant', { tenant: 'another' }],
    ['cursor', { cursor: 'made-up' }],
    ['cursor', { cursor: Buffer.from('somebody-else 01M7XFHDDPAHQ5PMB2C7W0QSM0').toString('base64url') }],
    ['cursor', { what: 'audit', cursor: Buffer.from('2020-01-01T00:00:00.000Z').toString('base64url') }],
    ...['99:99:99.999Z', '............Z'].map((time): [string, object] => [
      'cursor',
      { what: 'audit', cursor: Buffer.from(`${new Date().toISOString().slice(0, 10)}T${time}`).toString('base64url') },
    ]),
    ['time zone', { what: 'audit', timeZone: 'Mars/Phobos' }],
    ['time zone', { timeZone: '+01:00' }],
  ] as const)('refuses, naming %s: %j', async ([part, input]) => {
    expect(await alice.refuse('export_report', input)).toContain(part);
  });
});

describe('a report of the tenant', () => {
  test('has the todos of everybody in it, with their addresses, for an admin', async () => {
    const rows = await rowsOf(admin, { whose: 'tenant' });
    expect(rows.map(({ address, title }) => [address, title])).toEqual(
      expect.arrayContaining([
        [alice.address, 'Alice, "first"'],
        [admin.address, 'Of the admin'],
      ]),
    );
    expect(rows).toHaveLength(3);
    expect(await report(admin, { whose: 'tenant' })).toMatchObject({ name: 'todos-tenant.csv', complete: true });
  });

  test.for(['todos', 'audit'])('is not for a member, nor for a person without a tenant: %s', async (what) => {
    const loner = await connectTools(tenants.issuer);
    for (const person of [alice, loner]) {
      expect(await person.refuse('export_report', { what, whose: 'tenant' })).toContain('Only an admin');
    }
    await loner.close();
  });

  test('shows an admin’s own todos alone when they ask for theirs, and no address', async () => {
    const rows = await rowsOf(admin);
    expect(rows.map(({ title }) => title)).toEqual(['Of the admin']);
    expect(rows[0]).not.toHaveProperty('address');
  });

  test('has nothing of somebody who is listed here but belongs elsewhere, or has not come yet', async () => {
    const guarded = await tenants.newTenant();
    const chief = await tenants.connectMember(guarded, { role: 'admin' });
    await chief.run('create_todo', { title: 'Of the chief' });
    await tenants.list(guarded, 'a-not-come-yet@example.com');
    await tenants.list(guarded, 'b-listed-in-error@example.com', await subjectOf(mallory));
    expect(await titlesIn(chief, { whose: 'tenant' })).toEqual(['Of the chief']);
    await chief.close();
  });
});

describe('export_report of the audit trail', () => {
  const audit = { what: 'audit' };

  test('has what was done on the person’s own behalf, newest first', async () => {
    const carol = await tenants.connectMember(tenant);
    await carol.run('create_todo', { title: 'x' });
    await carol.refuse('get_document', { id: 'none' });
    const rows = await rowsOf(carol, audit);
    expect(rows.map(({ event, tool, outcome }) => [event, tool, outcome])).toEqual([
      ['tool_call', 'get_document', 'failed'],
      ['tool_call', 'create_todo', 'allowed'],
      ['grant', '', ''],
      ['sign_in', '', ''],
    ]);
    expect(new Set(rows.map(({ subject }) => subject))).toEqual(new Set([await subjectOf(carol)]));
    expect(rows.map(({ at }) => at)).toEqual(newestFirst(rows));
    expect(rows[0]).not.toHaveProperty('address');
    await carol.close();
  });

  test('has nobody else’s calls, though they are in the same partition', async () => {
    const own = await subjectOf(alice);
    const neighbour = await tenants.connectMember(tenant, { subject: besides(own) });
    await neighbour.run('create_todo', { title: 'x' });
    expect(new Set((await rowsOf(alice, audit)).map(({ subject }) => subject))).toEqual(new Set([own]));
    expect(await rowsOf(neighbour, audit)).not.toEqual([]);
    await neighbour.close();
  });

  test('has everybody’s of the tenant for an admin, and nothing of another tenant', async () => {
    const rows = await rowsOf(admin, { ...audit, whose: 'tenant' });
    const [own, member, stranger] = await Promise.all([admin, alice, mallory].map(subjectOf));
    const addresses = new Map(rows.map(({ subject, address }) => [subject, address]));
    expect(addresses.get(own)).toBe(admin.address);
    expect(addresses.get(member)).toBe(alice.address);
    expect(addresses.has(stranger)).toBe(false);
    expect(rows.map(({ at }) => at)).toEqual(newestFirst(rows));
  });

  test('has no formula either, though a colleague calls a tool by such a name', async () => {
    const formula = '=HYPERLINK("https://evil.example")';
    await callTool(tenants.issuer, alice.tokens.access_token, formula);
    const tools = (await rowsOf(admin, { ...audit, whose: 'tenant' })).map(({ tool }) => tool);
    expect(tools).toContain(`'${formula}`);
    expect(tools).not.toContain(formula);
  });

  test('names a tool that there is not by letters that are seen alone', async () => {
    const names = ['\u202egnp.exe', 'a\u0000b\nc', 'Ünseen\u200b', `z${'\u0300'.repeat(60)}`];
    for (const name of names) await callTool(tenants.issuer, alice.tokens.access_token, name);
    const tools = (await rowsOf(admin, { ...audit, whose: 'tenant' })).map(({ tool = '' }) => tool);
    expect(tools.slice(0, 4)).toEqual(['z?', '?nseen?', 'a?b?c', '?gnp.exe']);
    expect(tools.filter((tool) => !/^[\x20-\x7e]*$/.test(tool))).toEqual([]);
  });

  test('names it so too where it was kept otherwise before', async () => {
    const old = await tenants.newTenant();
    const chief = await tenants.connectMember(old, { role: 'admin' });
    const at = new Date().toISOString();
    const item = { subject: 'x', tenant: old, at, event: 'tool_call', tool: '\u202ea\u0000b', outcome: 'failed' };
    await tenants.put({ pk: `AUDIT#${old}#${at.slice(0, 10)}#3`, sk: `${at}#01ZZZZZZZZZZZZZZZZZZZZZZZZ`, ...item });
    const tools = (await rowsOf(chief, { ...audit, whose: 'tenant' })).map(({ tool }) => tool);
    expect(tools).toContain('?a?b');
    await chief.close();
  });

  test('is of the last seven days, or of 31 from a day on', async () => {
    const { firstDay, lastDay: today = '' } = await report(alice, audit);
    expect(firstDay).toBe(daysAfter(today, -6));
    expect(await report(alice, { ...audit, since: today })).toMatchObject({ firstDay: today, lastDay: today });
    expect(await report(alice, { ...audit, since: '2024-02-01' })).toMatchObject({
      firstDay: '2024-02-01',
      lastDay: '2024-03-02',
      rows: 0,
      complete: true,
    });
  });
});

describe('a report of the audit trail that is asked for a part', () => {
  let chief: Member;
  let junk: Member;
  const audit = { what: 'audit', whose: 'tenant' };
  const linesOf = async (input: object) =>
    (await rowsOf(chief, { ...audit, ...input })).map(({ event, tool, outcome }) =>
      `${event} ${tool} ${outcome}`.trim(),
    );

  beforeAll(async () => {
    const house = await tenants.newTenant();
    chief = await tenants.connectMember(house, { role: 'admin' });
    junk = await tenants.connectMember(house);
    await chief.run('create_todo', { title: 'x' });
    await chief.refuse('get_todo', { id: 'none' });
    await junk.run('create_todo', { title: 'x' });
    await junk.refuse('get_todo', { id: 'none' });
  });
  afterAll(() => Promise.all([chief?.close(), junk?.close()]));

  test('has one person alone, by address or by subject', async () => {
    for (const person of [junk.address, junk.address.toUpperCase(), await subjectOf(junk)]) {
      const rows = await rowsOf(chief, { ...audit, tool: 'create_todo', person });
      expect(rows.map(({ address }) => address)).toEqual([junk.address]);
    }
    expect(await rowsOf(chief, { ...audit, person: 'nobody' })).toEqual([]);
    expect(await chief.refuse('export_report', { ...audit, person: 'nobody@example.com' })).toContain('Nobody with');
    expect(await chief.refuse('export_report', { what: 'audit', person: junk.address })).toContain('person');
    expect(await junk.refuse('export_report', { ...audit, person: chief.address })).toContain('Only an admin');
  });

  test('has one tool, one outcome or one event alone, or all of these at once', async () => {
    expect(await linesOf({ tool: 'get_todo' })).toEqual(Array(2).fill('tool_call get_todo failed'));
    expect(await linesOf({ event: 'tool_call', tool: 'get_todo', outcome: 'failed' })).toEqual(
      Array(2).fill('tool_call get_todo failed'),
    );
    expect(await linesOf({ event: 'sign_in' })).toEqual(['sign_in', 'sign_in']);
    expect(await linesOf({ tool: 'get_todo', outcome: 'allowed' })).toEqual([]);
    expect(await linesOf({ event: 'tool_call', tool: 'create_todo', person: chief.address })).toEqual([
      'tool_call create_todo allowed',
    ]);
  });

  test('has the days from one to another', async () => {
    const { lastDay: today = '' } = await report(chief, audit);
    const span = { since: daysAfter(today, -3), until: daysAfter(today, -1) };
    expect(await report(chief, { ...audit, ...span })).toMatchObject({
      firstDay: span.since,
      lastDay: span.until,
      rows: 0,
    });
    expect(await report(chief, { ...audit, until: today })).toMatchObject({ firstDay: daysAfter(today, -6) });
    expect(await chief.refuse('export_report', { ...audit, since: today, until: span.until })).toContain('since');
  });

  test('shows what came last first, and leads to the rest, however much of it somebody made', async () => {
    const house = await tenants.newTenant();
    const [guard, flood] = [await tenants.connectMember(house, { role: 'admin' }), await tenants.connectMember(house)];
    await guard.run('create_todo', { title: 'before' });
    const made = async (from: number, to: number) => {
      const names = Array.from({ length: to - from }, (_, at) => `${from + at}${'"'.repeat(120)}`);
      await Promise.all(names.map((name) => callTool(tenants.issuer, flood.tokens.access_token, name)));
    };
    for (let at = 0; at < 110; at += 10) await made(at, at + 10);
    await guard.run('list_todos');
    const first = await report(guard, audit);
    expect(first).toMatchObject({ complete: false, nextCursor: expect.any(String) });
    expect((await rowsOf(guard, audit))[0]).toMatchObject({ tool: 'export_report' });
    expect((await rowsOf(guard, audit)).map(({ tool }) => tool)).toContain('list_todos');
    const rest = await rowsOf(guard, { ...audit, cursor: first.nextCursor });
    expect(rest.map(({ tool }) => tool)).toContain('create_todo');
    expect((await rowsOf(guard, { ...audit, person: guard.address })).map(({ tool }) => tool)).toContain('create_todo');
    await Promise.all([guard.close(), flood.close()]);
  });
});

describe('the days of a report', () => {
  const audit = { what: 'audit' };
  const dayThere = (hoursAhead: number) => new Date(Date.now() + hoursAhead * 3_600_000).toISOString().slice(0, 10);

  test.for([
    ['Pacific/Kiritimati', 14],
    ['Pacific/Pago_Pago', -11],
  ] as const)('are those of the time zone: %s', async ([timeZone, hoursAhead]) => {
    const before = dayThere(hoursAhead);
    const { firstDay = '', lastDay = '' } = await report(alice, { ...audit, timeZone });
    expect([before, dayThere(hoursAhead)]).toContain(lastDay);
    expect(firstDay).toBe(daysAfter(lastDay, -6));
    expect(await report(alice, { ...audit, timeZone, since: lastDay })).toMatchObject({ firstDay: lastDay, lastDay });
    const tomorrow = daysAfter(lastDay, 2);
    expect(await alice.refuse('export_report', { ...audit, timeZone, since: tomorrow })).toContain(
      ` in ${timeZone}: since`,
    );
  });

  test('have what was done in them, and nothing before or after', async () => {
    const [now, zones] = [Date.now(), ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'UTC']];
    for (const timeZone of zones) {
      const rows = await rowsOf(alice, { ...audit, timeZone });
      expect(rows.length).toBeGreaterThan(0);
      const [{ firstDay = '', lastDay = '' }, clock] = [
        await report(alice, { ...audit, timeZone }),
        new Intl.DateTimeFormat('sv', { timeZone }),
      ];
      const days = rows.map(({ at = '' }) => clock.format(new Date(at)));
      expect(days.every((day) => day >= firstDay && day <= lastDay)).toBe(true);
      expect(Date.parse(rows.at(-1)?.at ?? '')).toBeLessThan(now);
    }
  });

  test('begin and end at midnight there, to the millisecond', async () => {
    const house = await tenants.newTenant();
    const chief = await tenants.connectMember(house, { role: 'admin' });
    const day = daysAfter(dayThere(14), -3);
    const midnight = Date.parse(`${day}T00:00:00+14:00`);
    const times = [-1, 0, 86_399_999, 86_400_000].map((after) => new Date(midnight + after).toISOString());
    for (const [number, at] of times.entries()) {
      const item = { subject: 'x', tenant: house, at, event: 'tool_call', tool: `t${number}`, outcome: 'allowed' };
      await tenants.put({
        pk: `AUDIT#${house}#${at.slice(0, 10)}#3`,
        sk: `${at}#01ZZZZZZZZZZZZZZZZZZZZZZZ${number}`,
        ...item,
      });
    }
    const asked = { ...audit, whose: 'tenant', timeZone: 'Pacific/Kiritimati', since: day, until: day };
    expect((await rowsOf(chief, asked)).map(({ tool }) => tool)).toEqual(['t2', 't1']);
    await chief.close();
  });

  test('begin later than what is older than them', async () => {
    const newcomer = await tenants.connectMember(tenant);
    const { lastDay = '' } = await report(newcomer, { ...audit, timeZone: 'Pacific/Pago_Pago' });
    const before = { ...audit, timeZone: 'Pacific/Pago_Pago', since: daysAfter(lastDay, -31) };
    expect(await report(newcomer, before)).toMatchObject({ rows: 0, complete: true, lastDay: daysAfter(lastDay, -1) });
    await newcomer.close();
  });
});

describe('a report of much', () => {
  /** All parts of a report, each as an answer gives it. */
  async function parts(person: ToolClient, input: object = {}) {
    const found: { readonly summary: Summary; readonly text: string }[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const given = { ...input, ...(cursor === undefined ? {} : { cursor }) };
      const summary = await report(person, given);
      found.push({ summary, text: (await fileOf(person, given)).text });
      if (found.length > 60) throw new Error('The parts do not end');
      cursor = summary.nextCursor;
    }
    return found;
  }

  test('comes in parts, each with its head, of which no row is in two', async () => {
    const busy = await tenants.connectMember(tenant);
    const { id } = await busy.run('create_todo', { title: 'x' });
    await tenants.copy(`TODO#${tenant}#${await subjectOf(busy)}`, id, 1_049);
    const all = await parts(busy);
    expect(all.length).toBeGreaterThan(1);
    expect(all.map(({ summary }) => summary.complete)).toEqual([...all.slice(1).map(() => false), true]);
    for (const { text, summary } of all) {
      expect(JSON.stringify(text).length).toBeLessThan(80_000);
      expect(readCsv(text)).toHaveLength(summary.rows);
    }
    const ids = all.flatMap(({ text }) => readCsv(text)).map((row) => row.id);
    expect([ids.length, new Set(ids).size]).toEqual([1_050, 1_050]);
    expect(ids).toEqual([...ids].sort());
    await busy.close();
  });

  test('goes on with the next person where it ended with one', async () => {
    const crowded = await tenants.newTenant();
    const chief = await tenants.connectMember(crowded, { role: 'admin' });
    const others = [await tenants.connectMember(crowded), await tenants.connectMember(crowded)];
    for (const [at, person] of [chief, ...others].entries()) {
      for (let made = 0; made < 8; made += 1) {
        await person.run('create_todo', { title: `Of ${at}, ${made}`, notes: 'n'.repeat(3_900) });
      }
    }
    const all = await parts(chief, { whose: 'tenant', format: 'csv' });
    expect(all.length).toBeGreaterThan(1);
    const titles = all.flatMap(({ text }) => readCsv(text)).map(({ title = '' }) => title);
    expect([titles.length, new Set(titles).size]).toEqual([24, 24]);
    await Promise.all([chief, ...others].map((person) => person.close()));
  });

  test('has room for a row however it is written', async () => {
    const writer = await connectTools(tenants.issuer);
    for (let made = 0; made < 4; made += 1) {
      await writer.run('create_todo', { title: `Number ${made}`, notes: '\u0001'.repeat(4_000) });
    }
    for (const format of ['csv', 'markdown']) {
      const all = await parts(writer, { format });
      expect(all.map(({ summary }) => summary.rows).reduce((one, other) => one + other)).toBe(4);
      for (const { text } of all) expect(JSON.stringify(text).length).toBeLessThan(80_000);
    }
    await writer.close();
  });

  test('of the audit trail goes on where it ended', async () => {
    const caller = await tenants.connectMember(tenant);
    const long = '"'.repeat(127);
    for (let made = 0; made < 112; made += 14) {
      const names = Array.from({ length: 14 }, (_, at) => `${made + at}${long}`);
      await Promise.all(names.map((name) => callTool(tenants.issuer, caller.tokens.access_token, name)));
    }
    const all = await parts(caller, { what: 'audit', timeZone: 'Pacific/Kiritimati' });
    expect(all.length).toBeGreaterThan(1);
    const rows = all.flatMap(({ text }) => readCsv(text)).filter(({ outcome }) => outcome === 'failed');
    const numbers = rows.map(({ tool = '' }) => Number.parseInt(tool, 10));
    expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 112 }, (_, at) => at));
    expect(rows.map(({ at }) => at)).toEqual(newestFirst(rows));
    await caller.close();
  });
});

function newestFirst(rows: readonly Readonly<Record<string, string>>[]): (string | undefined)[] {
  return rows
    .map(({ at }) => at)
    .toSorted()
    .reverse();
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Somebody new whose items are in the same partitions of the audit trail. */
function besides(subject: string): string {
  const other = randomUUID();
  return shardOf(other) === shardOf(subject) ? other : besides(subject);
}

function shardOf(subject: string): number {
  return (createHash('sha256').update(subject).digest()[0] ?? 0) % 16;
}

import { setTimeout as wait } from 'node:timers/promises';
import { oneLine } from '../shared/terminal.ts';
import { usage } from '../shared/usage.ts';
import { type Answer, type Ask, flag, type Given, type Group, type Report, type Tell, text } from './command.ts';
import { isOfNewPerson } from './new-person.ts';
import { listIn, pages } from './rounds.ts';
import { timeOf } from './time.ts';

const filters = ['tenant', 'person', 'event', 'tool', 'outcome'] as const;
const outcomes = ['allowed', 'denied', 'failed', 'started', 'asked', 'declined'];

/** The command that reads the audit trail. */
export const auditGroup: Group = {
  title: 'What was recorded',
  commands: [
    {
      name: 'audit',
      does: 'print the audit in order of time; with --json a line of JSON for each item',
      options: {
        tenant: text('ID', 'this tenant; operator: what operators changed; public: calls without a token'),
        person: text('ADDRESS', 'this person, in their tenant unless --tenant names another'),
        since: text('TIME', 'start: 30m, 2h, 3d, or a time in UTC such as 2026-11-21T08:30 (default 1d)'),
        until: text('TIME', 'end'),
        event: text('NAME', 'only this event: sign_in, grant, revocation, tool_call, admin_change and others'),
        tool: text('NAME', 'only calls to this tool'),
        outcome: text('NAME', `only calls that were ${outcomes.join(', ')}`, outcomes),
        follow: flag('keep printing new items until Ctrl-C'),
      },
      examples: [
        'audit --tenant acme --since 2h',
        'audit --person anna@acme.example --since 3d --event tool_call --outcome denied',
        'audit --tenant operator --since 2026-11-01 --until 2026-11-08 --json > changes.jsonl',
        'audit --tenant acme --follow',
      ],
      run: audit,
    },
  ],
};

async function* audit({ text, isSet }: Given, ask: Ask, tell: Tell): AsyncGenerator<Report> {
  const [since, until] = [timeOf('since', text('since') ?? '1d'), text('until')];
  if (text('tenant') === undefined && text('person') === undefined) throw usage('audit needs --tenant or --person');
  const wanted = Object.fromEntries(filters.map((name) => [name, text(name)]));
  if (!isSet('follow')) {
    const isEmpty = yield* printed(ask, { ...wanted, until: until && timeOf('until', until), after: since });
    if (isEmpty) tell('Nothing was recorded.');
    return;
  }
  if (until !== undefined) throw usage('--follow and --until cannot be used together');
  yield* followed(ask, wanted, since);
}

/** Reports each item. Returns true if there was none. */
async function* printed(ask: Ask, wanted: Answer): AsyncGenerator<Report, boolean> {
  let isEmpty = true;
  for await (const item of items(ask, wanted)) {
    isEmpty = false;
    yield report(item);
  }
  return isEmpty;
}

const POLL_MILLISECONDS = 2_000;
/** An item has the time at which its request came, and is written when it is answered, up to half a minute later. */
const LATEST_MILLISECONDS = 60_000;
/** AWS refuses requests whose clock is off by more than five minutes. */
const WRONG_CLOCK_MILLISECONDS = 600_000;

/** Reads the newest part again and again, since an item may be written late, and leaves out what it gave before. */
async function* followed(ask: Ask, wanted: Answer, since: string): AsyncGenerator<Report> {
  let known: ReadonlySet<unknown> = new Set();
  let [after, newest] = [since, since];
  for (;;) {
    const begun = Date.now();
    const seen = new Set<unknown>();
    for await (const item of items(ask, { ...wanted, after })) {
      seen.add(item.id);
      newest = later(newest, String(item.at));
      if (!known.has(item.id)) yield report(item);
    }
    known = seen;
    after = later(after, before(Date.parse(newest), LATEST_MILLISECONDS), before(begun, WRONG_CLOCK_MILLISECONDS));
    await wait(POLL_MILLISECONDS);
  }
}

async function* items(ask: Ask, wanted: Answer): AsyncGenerator<Answer> {
  for await (const page of pages(ask, 'audit', wanted)) yield* listIn(page, 'items');
}

function before(time: number, milliseconds: number): string {
  return new Date(time - milliseconds).toISOString();
}

function later(...times: readonly string[]): string {
  return times.reduce((one, other) => (one > other ? one : other));
}

/** What a line has besides time and event, in this order: everything except values that are only for comparing. */
const columns = ['subject', 'tool', 'outcome', 'command', 'target', 'reason', 'clientId', 'grantId'];

function report(item: Answer): Report {
  const details = columns.flatMap((name) => (item[name] === undefined ? [] : `${name}=${item[name]}`));
  const remarks = isOfNewPerson(item) ? ['they are new here'] : [];
  return { json: item, text: oneLine([item.at, String(item.event).padEnd(14), ...details, ...remarks].join('  ')) };
}

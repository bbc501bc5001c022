import { usage } from '../shared/usage.ts';
import { type Answer, type Ask, type Given, type Group, type Report, type Tell, text } from './command.ts';
import { isOfNewPerson } from './new-person.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf, listIn, pages } from './rounds.ts';

const ownTenants =
  'This counts only the tenants that you added. Everybody else has a tenant of their own: --person ADDRESS counts one of them. The dashboard has the sign-ins, connections and calls of everybody, but not who is new.';
const DAY_MILLISECONDS = 86_400_000;
const [MOST_DAYS, USUAL_DAYS, MOST_ITEMS] = [400, 14, 200_000];
/** How many rows of a table are printed. The rest is in the JSON. */
const MOST_ROWS = 20;

/** The command that counts what the audit has. */
export const statsGroup: Group = {
  title: 'Statistics, from the audit',
  commands: [
    {
      name: 'stats',
      does: 'count people, new people, clients, connections and calls by day, tool and client, in all tenants that you added',
      options: {
        tenant: text('ID', 'only this tenant'),
        person: text('ADDRESS', "only this person, even if you didn't add their tenant"),
        days: text('N', `the last N days, including today (default ${USUAL_DAYS}, at most ${MOST_DAYS})`),
      },
      examples: ['stats', 'stats --tenant acme --days 30', 'stats --person anna@acme.example --json'],
      run: stats,
    },
  ],
};

async function stats({ text }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const [tenant, person] = [text('tenant'), text('person')];
  const after = firstDay(text('days') ?? String(USUAL_DAYS));
  const isOfOne = tenant !== undefined || person !== undefined;
  const whose = isOfOne ? [{ tenant, person }] : (await allOf(ask, 'tenants', 'tenants list')).map(ofTenant);
  const count = new Count();
  for (const one of whose) {
    if (count.isFull) break;
    for await (const page of pages(ask, 'audit', { ...one, after })) {
      count.add(listIn(page, 'items'));
      if (count.items > 0 && page.next !== undefined) tell(`Read ${count.items} items of the audit…`);
      if (count.isFull) break;
    }
  }
  const { days, tools, clients, refusals } = count;
  const tables = { days: days.rows(), tools: tools.rows(), by_client: clients.rows(), refusals: refusals.rows() };
  const counted = { since: after, is_complete: !count.isFull, ...count.totals(), ...tables };
  return { json: counted, text: [shown(counted), ...(isOfOne ? [] : ['', ownTenants])].join('\n') };
}

function ofTenant({ id }: Answer): Answer {
  return { tenant: id };
}

function firstDay(typed: string): string {
  const days = /^[1-9]\d{0,2}$/.test(typed) ? Number(typed) : 0;
  if (days < 1 || days > MOST_DAYS) throw usage(`--days must be a whole number up to ${MOST_DAYS}; it is ${typed}`);
  return new Date(Date.now() - (days - 1) * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

const [noneOfDay, noneOfTool] = [
  { new_people: 0, sign_ins: 0, new_connections: 0, calls: 0, calls_that_failed: 0 },
  { calls: 0, allowed: 0, asked: 0, declined: 0, denied: 0, failed: 0 },
];

/** What somebody does who has not shown yet who they are. */
const unproven: ReadonlySet<unknown> = new Set(['code_mailed', 'wrong_code']);

/** What was refused, or came from somebody who should not have had it. */
const refused: ReadonlySet<unknown> = new Set([
  ...['wrong_code', 'consent_denied', 'passkey_refused', 'provider_refused', 'assertion_refused', 'refusal'],
  ...['assertion_replay', 'code_replay', 'refresh_theft', 'refresh_elsewhere', 'refresh_late'],
]);

/** Counts by the day, the tool or whatever names a row. */
class Table<Row extends Readonly<Record<string, number>>> {
  readonly #name: string;
  readonly #none: Row;
  readonly #rows = new Map<string, Record<string, number>>();

  constructor(name: string, none: Row) {
    this.#name = name;
    this.#none = none;
  }

  add(named: unknown, counts: Partial<Row>): void {
    const row = this.#rows.get(String(named)) ?? { ...this.#none };
    for (const [name, more] of Object.entries(counts)) row[name] = (row[name] ?? 0) + more;
    this.#rows.set(String(named), row);
  }

  /** By name. */
  rows(): readonly Answer[] {
    return [...this.#rows]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([named, counts]) => ({ [this.#name]: named, ...counts }));
  }

  sum(name: keyof Row & string): number {
    return [...this.#rows.values()].reduce((total, row) => total + (row[name] ?? 0), 0);
  }
}

/** How many people used each client, and how often. */
class Clients {
  readonly #people = new Map<string, Set<unknown>>();
  readonly #calls = new Map<string, number>();

  get size(): number {
    return this.#people.size;
  }

  add(client: string, subject: unknown, calls: number): void {
    this.#people.set(client, (this.#people.get(client) ?? new Set()).add(subject));
    this.#calls.set(client, (this.#calls.get(client) ?? 0) + calls);
  }

  /** The one with the most people first. */
  rows(): readonly Answer[] {
    return [...this.#people]
      .sort(([one, its], [other, theirs]) => theirs.size - its.size || (one < other ? -1 : 1))
      .map(([client, people]) => ({ client, people: people.size, calls: this.#calls.get(client) ?? 0 }));
  }
}

/** What the items of an audit trail come to, as far as they are read. */
class Count {
  items = 0;
  readonly days = new Table('day', noneOfDay);
  readonly tools = new Table('tool', noneOfTool);
  readonly clients = new Clients();
  readonly refusals = new Table('event', { times: 0 });
  readonly #people = new Set<unknown>();

  get isFull(): boolean {
    return this.items >= MOST_ITEMS;
  }

  add(items: readonly Answer[]): void {
    for (const item of items) {
      this.items += 1;
      if (refused.has(item.event)) this.refusals.add(item.event, { times: 1 });
      if (!unproven.has(item.event)) this.#addProven(item);
    }
  }

  #addProven(item: Answer): void {
    const { subject, clientId, at, event, outcome, tool } = item;
    // A call that acts beyond the table is recorded when it starts, and again when it is over.
    const isCall = event === 'tool_call' && outcome !== 'started';
    const calls = Number(isCall);
    this.#people.add(subject);
    if (clientId !== undefined) this.clients.add(String(clientId), subject, calls);
    if (isCall) this.tools.add(tool, { calls, [String(outcome)]: 1 });
    this.days.add(String(at).slice(0, 10), {
      new_people: Number(isOfNewPerson(item)),
      sign_ins: Number(event === 'sign_in'),
      new_connections: Number(event === 'grant'),
      calls,
      calls_that_failed: Number(isCall && (outcome === 'failed' || outcome === 'denied')),
    });
  }

  totals() {
    return {
      people: this.#people.size,
      new_people: this.days.sum('new_people'),
      clients: this.clients.size,
      sign_ins: this.days.sum('sign_ins'),
      new_connections: this.days.sum('new_connections'),
      calls: this.days.sum('calls'),
      refused: this.refusals.sum('times'),
    };
  }
}

type Tables = Readonly<Record<'days' | 'tools' | 'by_client' | 'refusals', readonly Answer[]>>;

function shown({ is_complete: isComplete, days, tools, by_client: clients, refusals, ...totals }: Answer & Tables) {
  const byCalls = tools.toSorted((one, other) => Number(other.calls) - Number(one.calls));
  const tables = [days, byCalls, clients, refusals].filter((rows) => rows.length > 0).flatMap(shownRows);
  const cut = `There are more than ${MOST_ITEMS} items, and the rest isn't counted: name a tenant, or fewer days.`;
  const nothing = days.length === 0 && refusals.length === 0 ? ['', 'Nothing was recorded.'] : [];
  return [shownMembers(totals), ...tables, ...nothing, ...(isComplete ? [] : ['', cut])].join('\n');
}

/** A day is worth a row each; of what is sorted by how much it is used, the rest is little. */
function shownRows(rows: readonly Answer[]): readonly string[] {
  const [first = {}] = rows;
  const most = 'day' in first ? rows.length : MOST_ROWS;
  const more = rows.length - most;
  const rest = more > 0 ? [`… and ${more} more: --json has them all.`] : [];
  return ['', shownTable(rows.slice(0, most), Object.keys(first)), ...rest];
}

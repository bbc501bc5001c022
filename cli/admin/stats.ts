import { usage } from '../shared/usage.ts';
import { type Answer, type Ask, type Given, type Group, type Report, type Tell, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf, listIn, pages } from './rounds.ts';

const DAY_MILLISECONDS = 86_400_000;
const [MOST_DAYS, USUAL_DAYS, MOST_ITEMS] = [400, 14, 200_000];

/** The command that counts what the audit has. */
export const statsGroup: Group = {
  title: 'Statistics, from the audit',
  commands: [
    {
      name: 'stats',
      does: 'count people, clients, connections and calls by day, of all tenants that you added',
      options: {
        tenant: text('ID', 'only this tenant'),
        person: text('ADDRESS', 'only this person, even if you did not add their tenant'),
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
  const counted = { since: after, is_complete: !count.isFull, ...count.totals(), days: count.byDay() };
  return { json: counted, text: shown(counted) };
}

function ofTenant({ id }: Answer): Answer {
  return { tenant: id };
}

function firstDay(typed: string): string {
  const days = /^[1-9]\d{0,2}$/.test(typed) ? Number(typed) : 0;
  if (days < 1 || days > MOST_DAYS) throw usage(`--days must be a whole number up to ${MOST_DAYS}; it is ${typed}`);
  return new Date(Date.now() - (days - 1) * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

const noCalls = { sign_ins: 0, new_connections: 0, calls: 0, calls_that_failed: 0 };
type Day = typeof noCalls;

/** What somebody does who has not shown yet who they are. */
const unproven: ReadonlySet<unknown> = new Set(['code_mailed', 'wrong_code']);

/** What the items of an audit trail come to, as far as they are read. */
class Count {
  items = 0;
  readonly #people = new Set<unknown>();
  readonly #clients = new Set<unknown>();
  readonly #days = new Map<string, Day>();

  get isFull(): boolean {
    return this.items >= MOST_ITEMS;
  }

  add(items: readonly Answer[]): void {
    for (const { subject, clientId, at, event, outcome } of items) {
      this.items += 1;
      if (unproven.has(event)) continue;
      this.#people.add(subject);
      if (clientId !== undefined) this.#clients.add(clientId);
      const date = String(at).slice(0, 10);
      const day = this.#days.get(date) ?? noCalls;
      // A call that acts beyond the table is recorded when it starts, and again when it is over.
      const isCall = event === 'tool_call' && outcome !== 'started';
      this.#days.set(date, {
        sign_ins: day.sign_ins + Number(event === 'sign_in'),
        new_connections: day.new_connections + Number(event === 'grant'),
        calls: day.calls + Number(isCall),
        calls_that_failed: day.calls_that_failed + Number(isCall && (outcome === 'failed' || outcome === 'denied')),
      });
    }
  }

  totals() {
    const days = [...this.#days.values()];
    const sum = (name: keyof Day) => days.reduce((total, day) => total + day[name], 0);
    return {
      people: this.#people.size,
      clients: this.#clients.size,
      sign_ins: sum('sign_ins'),
      new_connections: sum('new_connections'),
      calls: sum('calls'),
    };
  }

  byDay(): readonly Answer[] {
    return [...this.#days]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([day, counts]) => ({ day, ...counts }));
  }
}

function shown({ days, is_complete: isComplete, ...totals }: Answer & { readonly days: readonly Answer[] }): string {
  const columns = ['day', ...Object.keys(noCalls)];
  const table = days.length > 0 ? shownTable(days, columns) : 'Nothing was recorded.';
  const cut = `There are more than ${MOST_ITEMS} items, and the rest isn't counted: name a tenant, or fewer days.`;
  return [shownMembers(totals), '', table, ...(isComplete ? [] : ['', cut])].join('\n');
}

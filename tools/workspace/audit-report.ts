import { type Placed, readTrail } from '#core/store/audit-trail.ts';
import { ToolError } from '../define-tool.ts';
import { dayIn, startOfDay } from '../time-zone.ts';
import { type Order, Report } from './report.ts';
import type { Cells } from './report-lines.ts';

const DAY_MILLISECONDS = 86_400_000;
const MOST_DAYS = 31;
const USUAL_DAYS = 7;
/** Items that each shard of a day is asked for at once. */
const PAGE = 250;
const MOST_PAGES = 60;
const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]{12}Z(#[0-9A-Z]{26})?$/;

const columns = [
  ...['at', 'subject', 'event', 'clientId', 'grantId', 'tool', 'outcome', 'argumentsDigest'],
  ...['reason', 'command', 'target'],
];

/** The days of a report, as YYYY-MM-DD in a time zone: from the first to the last. */
export type Days = { readonly first: string; readonly last: string; readonly zone: string };

type Now = { readonly nowMilliseconds: number; readonly zone: string };

/** The days of a report: up to 31 from the given one on, or the last seven. Throws for a day that is to come. */
export function daysSince(since: string | undefined, { nowMilliseconds, zone }: Now): Days {
  const today = dayIn(zone, nowMilliseconds);
  const first = since ?? daysAfter(today, 1 - USUAL_DAYS);
  if (first > today) throw new ToolError(`It is ${today} in ${zone}: since must not be later.`);
  const end = daysAfter(first, MOST_DAYS - 1);
  return { first, last: end < today ? end : today, zone };
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** Reports what the audit trail has of these people on these days, in the order of time. */
export async function auditReport({ format, people, days, after, call }: Order): Promise<Report> {
  const report = new Report(format, [...people.columns, ...columns]);
  const unknown = people.columns.map(() => '');
  let pages = 0;
  for await (const { items, next } of trail({ call, days, after, subject: people.subject })) {
    pages += 1;
    for (const { position, ...item } of items) {
      call.requireTime();
      report.add([...(people.cells.get(item.subject) ?? unknown), ...cellsOf(item)], position);
    }
    if (next !== undefined) report.pass(next);
    if (next !== undefined && pages >= MOST_PAGES) report.endEarly();
    if (!report.isComplete) break;
  }
  return report;
}

type Trail = Pick<Order, 'call' | 'days' | 'after'> & { readonly subject: string | undefined };
type Part = { readonly items: readonly Placed[]; readonly next: string | undefined };

/** The trail is kept by days in UTC, of which those of another time zone have parts. */
async function* trail({ call, days, after: place, subject }: Trail): AsyncGenerator<Part> {
  const [start, end] = [startOfDay(days.first, days.zone), startOfDay(daysAfter(days.last, 1), days.zone)];
  const [from, until] = [new Date(start).toISOString(), new Date(end).toISOString()];
  if (place !== undefined && !(PLACE.test(place) && place >= from && place < until))
    throw new ToolError('The cursor is not one of this report. Start again without it.');
  const first = (place ?? from).slice(0, 10);
  const last = new Date(end - 1).toISOString().slice(0, 10);
  const total = 1 + (Date.parse(last) - Date.parse(first)) / DAY_MILLISECONDS;
  for (let done = 0; done < total; done += 1) {
    const day = daysAfter(first, done);
    await call.progress({ done, total, message: day });
    let after = done === 0 ? (place ?? from) : undefined;
    do {
      const { items, next } = await readTrail({ tenant: call.tenant, day, subject, after, most: PAGE });
      after = next !== undefined && next < until ? next : undefined;
      yield { items: items.filter(({ position }) => position < until), next: after ?? startAfter(day, last) };
    } while (after !== undefined);
  }
}

/** A day that is read to its end is passed: nothing stands between it and the next. */
function startAfter(day: string, last: string): string | undefined {
  return day < last ? `${daysAfter(day, 1)}T00:00:00.000Z` : undefined;
}

function cellsOf(item: Readonly<Record<string, unknown>>): Cells {
  return columns.map((column) => String(item[column] ?? ''));
}

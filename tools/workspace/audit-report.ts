import { type Placed, readTrail } from '#core/store/audit-trail.ts';
import { ToolError } from '../define-tool.ts';
import { dayIn, startOfDay } from '../time-zone.ts';
import { type Filter, type Order, Report } from './report.ts';
import type { Cells } from './report-lines.ts';

const DAY_MILLISECONDS = 86_400_000;
const MOST_DAYS = 31;
const USUAL_DAYS = 7;
/** Items that each shard of a day is asked for at once. */
const PAGE = 100;
const MOST_PAGES = 60;
const TIME = '2026-01-01T00:00:00.000Z'.length;
const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]{12}Z(#[0-9A-Z]{26})?$/;

const columns = [
  ...['at', 'subject', 'event', 'clientId', 'grantId', 'tool', 'outcome', 'argumentsDigest'],
  ...['reason', 'command', 'target'],
];

/** The days of a report, as YYYY-MM-DD in a time zone: from the first to the last. */
export type Days = { readonly first: string; readonly last: string; readonly zone: string };

type Span = { readonly since: string | undefined; readonly until: string | undefined };
type Now = { readonly nowMilliseconds: number; readonly zone: string };

/** The days of a report: up to 31 from the given one on, or the last seven. Throws for days that there are not. */
export function reportDays({ since, until }: Span, { nowMilliseconds, zone }: Now): Days {
  const today = dayIn(zone, nowMilliseconds);
  if (since !== undefined && since > today) throw new ToolError(`It is ${today} in ${zone}: since must not be later.`);
  const latest = until !== undefined && until < today ? until : today;
  const first = since ?? daysAfter(latest, 1 - USUAL_DAYS);
  if (first > latest) throw new ToolError('since must not be later than until.');
  const end = daysAfter(first, MOST_DAYS - 1);
  return { first, last: end < latest ? end : latest, zone };
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** Reports what the audit trail has of these people on these days and the filter lets through, newest first. */
export async function auditReport({ format, people, days, filter, after, call }: Order): Promise<Report> {
  const report = new Report(format, [...people.columns, ...columns]);
  const unknown = people.columns.map(() => '');
  let pages = 0;
  for await (const { items, next } of trail({ call, days, after, subject: people.subject })) {
    pages += 1;
    for (const { position, ...item } of items) {
      call.requireTime();
      if (isWanted(item, filter))
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
  if (place !== undefined && !(isPlace(place) && place > from && place <= until))
    throw new ToolError('The cursor is not one of this report. Start again without it.');
  const total = 1 + Math.round((end - start) / DAY_MILLISECONDS);
  let before = place ?? until;
  while (before > from) {
    const day = dayBefore(before);
    const done = Math.max(0, Math.floor((end - Date.parse(day)) / DAY_MILLISECONDS) - 1);
    await call.progress({ done, total, message: day });
    const part = { tenant: call.tenant, day, subject, after: before, most: PAGE, backwards: true } as const;
    const { items, next } = await readTrail(part);
    before = next ?? `${day}T00:00:00.000Z`;
    yield { items: items.filter(({ position }) => position >= from), next: before > from ? before : undefined };
  }
}

function isPlace(text: string): boolean {
  return PLACE.test(text) && !Number.isNaN(Date.parse(text.slice(0, TIME)));
}

/** The day in UTC of what stands just before a place: a time is the first of its own. */
function dayBefore(place: string): string {
  return new Date(Date.parse(place.slice(0, TIME)) - (place.length === TIME ? 1 : 0)).toISOString().slice(0, 10);
}

function isWanted(item: object, filter: Filter): boolean {
  const has: Readonly<Record<string, unknown>> = { ...item };
  return Object.entries(filter).every(([name, value]) => value === undefined || has[name] === value);
}

/** What clients name may hold anything in what was kept before names were cleaned. */
function cellsOf(item: Readonly<Record<string, unknown>>): Cells {
  return columns.map((column) => String(item[column] ?? '').replaceAll(/\p{C}+/gu, '?'));
}

import { type Placed, readTrail } from '#core/store/audit-trail.ts';
import { type Call, ToolError } from '../define-tool.ts';
import { type Order, Report } from './report.ts';
import type { Cells } from './report-lines.ts';

const DAY_MILLISECONDS = 86_400_000;
const MOST_DAYS = 31;
const USUAL_DAYS = 7;
/** Items that each shard of a day is asked for at once. */
const PAGE = 250;
const MOST_PAGES = 60;

const columns = [
  ...['at', 'subject', 'event', 'clientId', 'grantId', 'tool', 'outcome', 'argumentsDigest'],
  ...['reason', 'command', 'target'],
];

/** The days of a report, in UTC: up to 31 from the given one on, or the last seven. Throws for a day that is to come. */
export function daysSince(since: string | undefined, nowMilliseconds: number): readonly string[] {
  const today = Math.floor(nowMilliseconds / DAY_MILLISECONDS);
  const first = since === undefined ? today + 1 - USUAL_DAYS : Date.parse(since) / DAY_MILLISECONDS;
  if (first > today) throw new ToolError(`It is ${isoDay(today)} in UTC: since must not be later.`);
  return Array.from({ length: Math.min(MOST_DAYS, today + 1 - first) }, (_, index) => isoDay(first + index));
}

function isoDay(day: number): string {
  return new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** Reports what the audit trail has of these people on these days, in the order of time. */
export async function auditReport({ format, people, days, call }: Order): Promise<Report> {
  const report = new Report(format, [...people.columns, ...columns]);
  const unknown = people.columns.map(() => '');
  let pages = 0;
  for await (const items of trail(call, days, people.subject)) {
    pages += 1;
    if (pages > MOST_PAGES) report.endEarly();
    for (const item of items) report.add([...(people.cells.get(item.subject) ?? unknown), ...cellsOf(item)]);
    if (!report.isComplete) break;
  }
  return report;
}

async function* trail(
  { tenant, progress }: Call,
  days: readonly string[],
  subject: string | undefined,
): AsyncGenerator<readonly Placed[]> {
  for (const [done, day] of days.entries()) {
    await progress({ done, total: days.length, message: day });
    let after: string | undefined;
    do {
      const { items, next } = await readTrail({ tenant, day, subject, after, most: PAGE });
      yield items;
      after = next;
    } while (after !== undefined);
  }
}

function cellsOf(item: Readonly<Record<string, unknown>>): Cells {
  return columns.map((column) => String(item[column] ?? ''));
}

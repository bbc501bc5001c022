import type { Limits } from '#generated';
import { type Change, change, commit, type Lookup, type Outcome, type Write } from './table.ts';

/** Something that may happen only so often: what, to or by whom, and how often in each window. */
export type Rate = {
  readonly kind:
    | 'mail-address'
    | 'mail-ip'
    | 'wrong-code-ip'
    | 'registration-ip'
    | 'metadata-ip'
    | 'made-up-ip'
    | 'call-grant'
    | 'call-tenant'
    | 'call-public';
  readonly subject: string;
  readonly limits: Limits;
};

const windowSeconds = { minute: 60, quarterHour: 900, hour: 3_600, day: 86_400 } as const;
const windows = ['minute', 'quarterHour', 'hour', 'day'] as const;

type Counts = Readonly<Record<string, unknown>>;
type Window = { readonly attribute: string; readonly limit: number; readonly endsAt: number };

/**
 * Counts one occurrence in every window of every rate, or, when one window is full, in none.
 * Returns the seconds until there is room again, or undefined when it was counted.
 */
export async function count(rates: readonly Rate[], now: number): Promise<number | undefined> {
  const limited = rates.filter(isLimited);
  const [first, ...others] = limited;
  if (!first) return undefined;
  const outcome = others.length === 0 ? await countOne(first, now) : await countAll(limited, now);
  return outcome.done ? undefined : waitFor(outcome.rate, outcome.item, now);
}

/** Whether it was done; if not, either how long a window stays full, or the item that was in the way of the write. */
type Counted = { readonly done: boolean; readonly waitSeconds?: number; readonly item?: Counts };

/**
 * Counts like `count`, and makes a write of the caller's with it: all or nothing. A write that fails is not counted, and
 * is told before a window that is full, with the item that was in its way.
 */
export async function countWith(rates: readonly Rate[], write: Write, now: number): Promise<Counted> {
  const limited = rates.filter(isLimited);
  const outcome = await commit([write, ...limited.map((rate) => countingWrite(rate, now))]);
  if (outcome.done) return { done: true };
  const full = limited[outcome.failed - 1];
  if (full) return { done: false, waitSeconds: waitFor(full, outcome.item, now) };
  return outcome.item ? { done: false, item: outcome.item } : { done: false };
}

/** The seconds until there is room again in a rate with these counts, or undefined when there is room now. */
export function waitIfFull(rate: Rate, counts: Counts | undefined, now: number): number | undefined {
  const isFull = windowsOf(rate, now).some(({ attribute, limit }) => Number(counts?.[attribute] ?? 0) >= limit);
  return isFull ? waitFor(rate, counts, now) : undefined;
}

async function countOne(rate: Rate, now: number): Promise<Outcome<Counts> & { readonly rate: Rate }> {
  return { ...(await change(countsLookup(rate, now), counting(rate, now))), rate };
}

async function countAll(rates: readonly Rate[], now: number) {
  const outcome = await commit(rates.map((rate) => countingWrite(rate, now)));
  if (outcome.done) return outcome;
  const rate = rates[outcome.failed];
  if (!rate) throw new Error('A transaction failed at a write that it does not have');
  return { ...outcome, rate };
}

function isLimited({ limits }: Rate): boolean {
  return Object.keys(limits).length > 0;
}

function countingWrite(rate: Rate, now: number): Write {
  return { ...countsLookup(rate, now), ...counting(rate, now) };
}

/**
 * Where the counts of a rate are. One item holds all windows of a day, or of an hour where there is no longer window:
 * the largest limit bounds its size.
 */
export function countsLookup({ kind, subject, limits }: Rate, now: number): Lookup<Counts> {
  return { pk: `RATE#${kind}#${subject}#${Math.floor(now / periodSeconds(limits))}`, sk: 'RATE' };
}

function periodSeconds(limits: Limits): number {
  return limits.day === undefined ? windowSeconds.hour : windowSeconds.day;
}

function windowsOf({ limits }: Rate, now: number): readonly Window[] {
  return windows.flatMap((window) => {
    const limit = limits[window];
    if (limit === undefined) return [];
    const index = Math.floor(now / windowSeconds[window]);
    return [{ attribute: `${window}${index}`, limit, endsAt: (index + 1) * windowSeconds[window] }];
  });
}

function counting(rate: Rate, now: number): Change {
  const current = windowsOf(rate, now);
  const period = periodSeconds(rate.limits);
  const room = current.map(({ attribute }) => `(attribute_not_exists(${attribute}) OR ${attribute} < :${attribute})`);
  return {
    change: `SET #ttl = :ttl ADD ${current.map(({ attribute }) => `${attribute} :one`).join(', ')}`,
    condition: room.join(' AND '),
    values: {
      ...Object.fromEntries(current.map(({ attribute, limit }) => [`:${attribute}`, limit])),
      ':one': 1,
      ':ttl': (Math.floor(now / period) + 1) * period,
    },
  };
}

function waitFor(rate: Rate, counts: Counts | undefined, now: number): number {
  const full = windowsOf(rate, now).filter(({ attribute, limit }) => Number(counts?.[attribute] ?? 0) >= limit);
  return Math.max(1, ...full.map(({ endsAt }) => endsAt - now));
}

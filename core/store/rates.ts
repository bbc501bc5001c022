import type { AnyLimitName, Windows } from '#core/limits.ts';
import { counters } from '#generated';
import {
  ALWAYS,
  type Change,
  change,
  commit,
  findAll,
  type Key,
  type Lookup,
  type Outcome,
  type Write,
} from './table.ts';

/** Something that may happen only so often: which limit it is under, to or by whom, and how often in each window. */
export type Rate = {
  readonly limit: AnyLimitName;
  readonly subject: string;
  readonly windows: Windows;
  /** Whose limit the item is of, where it holds the counters of another one too. Its `part` tells them apart. */
  readonly within?: AnyLimitName;
  readonly part?: string;
  /** As how many it counts, if not as one. */
  readonly weight?: number;
};

const windowSeconds = { minute: 60, quarterHour: 900, hour: 3_600, day: 86_400 } as const;
const windowNames = ['minute', 'quarterHour', 'hour', 'day'] as const;

type Counts = Readonly<Record<string, unknown>>;
type Window = {
  readonly attribute: string;
  readonly limit: number;
  /** What one occurrence adds: no more than the whole of the limit, or what weighs much could never happen. */
  readonly adds: number;
  readonly endsAt: number;
  readonly name: keyof Windows;
};

/** The rates whose counters are in one item, so that one write counts them all. */
type Counter = readonly [Rate, ...Rate[]];

/**
 * Counts one occurrence in every window of every rate, or, when one window is full, in none.
 * Returns the seconds until there is room again, or undefined when it was counted.
 */
export async function count(rates: readonly Rate[], now: number): Promise<number | undefined> {
  const counters = countersOf(rates, now);
  const [first, ...others] = counters;
  if (!first) return undefined;
  const outcome = others.length === 0 ? await countOne(first, now) : await countAll(counters, now);
  return outcome.done ? undefined : fullest(outcome.counter, outcome.item, now).waitSeconds;
}

/** Counts like `count`, in one item, and says whether it was the first occurrence in all windows. */
export async function countFirst(
  rate: Rate,
  now: number,
): Promise<{ readonly isFirst: boolean; readonly waitSeconds?: number }> {
  const { done, item } = await countOne([rate], now);
  if (!done) return { isFirst: false, waitSeconds: fullest([rate], item, now).waitSeconds };
  return { isFirst: windowsOf(rate, now).every(({ attribute }) => item[attribute] === 1) };
}

/**
 * Whether it was done; if not, either which rate is full and for how long, or the item that was in the way of the write.
 */
export type Counted = {
  readonly done: boolean;
  readonly full?: Rate;
  readonly waitSeconds?: number;
  /** Which of the caller's writes. */
  readonly failed?: number;
  readonly item?: Counts;
};

/**
 * Counts like `count`, and makes writes of the caller's with it: all or nothing. A write that fails is not counted, and
 * is told before a window that is full, with the item that was in its way.
 */
export async function countWith(
  rates: readonly Rate[],
  write: Write | readonly [Write, ...Write[]],
  now: number,
): Promise<Counted> {
  const writes: readonly Write[] = 'pk' in write ? [write] : write;
  const counters = countersOf(rates, now);
  const outcome = await commit([...writes, ...counters.map((counter) => countingWrite(counter, now))]);
  if (outcome.done) return { done: true };
  const counter = counters[outcome.failed - writes.length];
  if (counter) return { done: false, ...fullest(counter, outcome.item, now) };
  const { failed, item } = outcome;
  return item ? { done: false, failed, item } : { done: false, failed };
}

/** Takes back what was counted for something that must not count after all. */
export async function giveBack(rate: Rate, now: number): Promise<void> {
  const amounts = windowsOf(rate, now).map(({ attribute, adds }) => ({ attribute, adds: -adds }));
  if (amounts.length > 0) await change(countsLookup(rate, now), { ...added(amounts, rate, now), condition: ALWAYS });
}

/**
 * Takes amounts from what is left of a rate, for something that is known only afterwards: whether or not that much is
 * left, or only while the counters are below `upTo`.
 */
export function taking(rate: Rate, amounts: Windows, now: number, upTo: Windows = {}): Write[] {
  const period = periodSeconds(rate.windows);
  const amountsByCounter = new Map(
    windowsOf({ ...rate, windows: amounts }, now, period).map((one) => [one.attribute, one]),
  );
  const open = windowsOf(rate, now).flatMap(({ attribute }) => {
    const amount = amountsByCounter.get(attribute)?.limit;
    return amount === undefined ? [] : [{ attribute, adds: amount }];
  });
  if (open.length === 0) return [];
  const bounds = windowsOf({ ...rate, windows: upTo }, now, period);
  const isLeft = bounds.map(
    ({ attribute }) => `(attribute_not_exists(${attribute}) OR ${attribute} < :most${attribute})`,
  );
  const { change, values } = added(open, rate, now);
  const most = bounds.map(({ attribute, limit }) => [`:most${attribute}`, limit]);
  const condition = bounds.length === 0 ? ALWAYS : isLeft.join(' AND ');
  return [{ ...countsLookup(rate, now), change, condition, values: { ...values, ...Object.fromEntries(most) } }];
}

/** What a rate has counted in one of its windows, and when that ends. */
export type Usage = {
  readonly rate: Rate;
  readonly window: keyof Windows;
  readonly used: number;
  readonly most: number;
  readonly endsAt: number;
};

const MOST_READ = 100;

/** What rates have counted in the windows that are open. A window in which nothing happened is left out. */
export async function usageOf(rates: readonly Rate[], now: number): Promise<readonly Usage[]> {
  const counters = countersOf(rates, now);
  const usage: Usage[] = [];
  for (let start = 0; start < counters.length; start += MOST_READ) {
    const some = counters.slice(start, start + MOST_READ);
    const found = await findAll(
      some.map(([first]) => countsLookup(first, now)),
      now,
    );
    usage.push(...some.flatMap((counter, at) => counter.flatMap((rate) => usageIn(found[at], rate, now))));
  }
  return usage;
}

function usageIn(counts: Counts | undefined, rate: Rate, now: number): readonly Usage[] {
  return windowsOf(rate, now).flatMap(({ attribute, limit: most, endsAt, name: window }) => {
    const used = Number(counts?.[attribute] ?? 0);
    return used > 0 ? [{ rate, window, used, most, endsAt }] : [];
  });
}

/** Lets rates begin anew. Where an item holds the counters of several rates, all of those do. */
export function forgotten(rates: readonly Rate[], now: number): readonly Write[] {
  return countersOf(rates, now).map(([first]) => ({ ...countsLookup(first, now), remove: true, condition: ALWAYS }));
}

async function countOne(counter: Counter, now: number): Promise<Outcome<Counts> & { readonly counter: Counter }> {
  return { ...(await change(countsLookup(counter[0], now), counting(counter, now))), counter };
}

async function countAll(counters: readonly Counter[], now: number) {
  const outcome = await commit(counters.map((counter) => countingWrite(counter, now)));
  if (outcome.done) return outcome;
  const counter = counters[outcome.failed];
  if (!counter) throw new Error('A transaction failed at a write that it does not have');
  return { ...outcome, counter };
}

/** The rates that limit anything, by the item that counts them. */
function countersOf(rates: readonly Rate[], now: number): readonly Counter[] {
  const counters = new Map<string, Counter>();
  for (const rate of rates.filter(({ windows }) => Object.keys(windows).length > 0)) {
    const { pk } = countsLookup(rate, now);
    const others = counters.get(pk);
    counters.set(pk, others ? [...others, rate] : [rate]);
  }
  return [...counters.values()];
}

function countingWrite(counter: Counter, now: number): Write {
  return { ...countsLookup(counter[0], now), ...counting(counter, now) };
}

/**
 * Where the counts of a rate are. One item holds all windows of a day, or of an hour where there is no longer window:
 * the largest limit bounds its size.
 */
function countsLookup({ limit, within = limit, subject, windows }: Rate, now: number): Key & Lookup<Counts> {
  return { pk: `RATE#${counters[within]}#${subject}#${Math.floor(now / periodSeconds(windows))}`, sk: 'RATE' };
}

function periodSeconds(windows: Windows): number {
  return windows.day === undefined ? windowSeconds.hour : windowSeconds.day;
}

/** The windows that are open now. Where an item holds the counters of several rates, their names are short. */
function windowsOf(
  { windows, part, weight = 1 }: Rate,
  now: number,
  period = periodSeconds(windows),
): readonly Window[] {
  return windowNames.flatMap((name) => {
    const limit = windows[name];
    if (limit === undefined) return [];
    const seconds = windowSeconds[name];
    const attribute =
      part === undefined
        ? `${name}${Math.floor(now / seconds)}`
        : `${part}${name.charAt(0)}${Math.floor((now % period) / seconds)}`;
    return [
      { attribute, limit, adds: Math.min(weight, limit), endsAt: (Math.floor(now / seconds) + 1) * seconds, name },
    ];
  });
}

function counting(counter: Counter, now: number): Change {
  const open = counter.flatMap((rate) => windowsOf(rate, now));
  const { change, values } = added(open, counter[0], now);
  const room = open.map(({ attribute }) => `(attribute_not_exists(${attribute}) OR ${attribute} < :full${attribute})`);
  const full = open.map(({ attribute, limit, adds }) => [`:full${attribute}`, limit - adds + 1]);
  return { change, condition: room.join(' AND '), values: { ...values, ...Object.fromEntries(full) } };
}

/** Adds to counters, and keeps their item to the end of its hour or day. */
function added(open: readonly Pick<Window, 'attribute' | 'adds'>[], { windows }: Rate, now: number) {
  const period = periodSeconds(windows);
  const amounts = open.map(({ attribute, adds }) => [`:${attribute}`, adds]);
  return {
    change: `SET #ttl = :ttl ADD ${open.map(({ attribute }) => `${attribute} :${attribute}`).join(', ')}`,
    values: { ...Object.fromEntries(amounts), ':ttl': (Math.floor(now / period) + 1) * period },
  };
}

/** The rate of a counter that has no room for the longest, and how long that is. */
function fullest(counter: Counter, counts: Counts | undefined, now: number): { full: Rate; waitSeconds: number } {
  const waits = counter.map((rate) => ({ full: rate, waitSeconds: waitOf(rate, counts, now) ?? 1 }));
  return waits.reduce((longest, wait) => (wait.waitSeconds > longest.waitSeconds ? wait : longest));
}

function waitOf(rate: Rate, counts: Counts | undefined, now: number): number | undefined {
  const isFull = ({ attribute, limit, adds }: Window) => Number(counts?.[attribute] ?? 0) > limit - adds;
  const ends = windowsOf(rate, now)
    .filter(isFull)
    .map(({ endsAt }) => endsAt - now);
  return ends.length === 0 ? undefined : Math.max(1, ...ends);
}

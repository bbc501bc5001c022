import type { Principal } from '#core/oauth/types.ts';
import { type Placed, readTrail } from '#core/store/audit-trail.ts';

const DAYS_AT_ONCE = 7;
/** How many items of a day are read at once. Those of others stand among them. */
const PAGE = 100;
const DAY_SECONDS = 86_400;
const LENGTH_OF_DAY = '2000-01-01'.length;

/** Where reading begins, a day or a place in one, and the day that it does not go beyond. */
type Stretch = { readonly from: string; readonly oldest: string };

/**
 * What is on record of a person, the newest first: a week of it, or less where a day has more than is read at once, and
 * where it goes on.
 */
export async function stretchOf(
  person: Principal,
  { from, oldest }: Stretch,
  now: number,
): Promise<{ readonly items: readonly Placed[]; readonly next: string }> {
  const { subject, tenant } = person;
  const days = daysBack(dayIn(from) <= dayOf(now) ? from : dayOf(now), oldest);
  const parts = await Promise.all(
    days.map((part) => readTrail({ ...part, tenant, subject, backwards: true, most: PAGE, now })),
  );
  const cut = parts.findIndex(({ next }) => next !== undefined);
  const read = cut < 0 ? parts : parts.slice(0, cut + 1);
  const next = parts[cut]?.next ?? dayBefore(days.at(-1)?.day ?? oldest);
  return { items: read.flatMap(({ items }) => items), next };
}

type Part = { readonly day: string; readonly after?: string };

/** The day of a place, from the place on, and the days before it. */
function daysBack(place: string, oldest: string): readonly Part[] {
  const first = dayIn(place);
  const parts: Part[] = [place.length > LENGTH_OF_DAY ? { day: first, after: place } : { day: first }];
  for (let day = dayBefore(first); parts.length < DAYS_AT_ONCE && day >= oldest; day = dayBefore(day)) {
    parts.push({ day });
  }
  return parts;
}

const PLACE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z#\w{26})?$/;

/** A place in the trail: a day, or an item in it. Undefined if it isn't one. */
export function placeIn(text: string | null | undefined): string | undefined {
  const place = PLACE.exec(text ?? '')?.[0];
  return place !== undefined && !Number.isNaN(Date.parse(dayIn(place))) ? place : undefined;
}

/** The day of a place. */
export function dayIn(place: string): string {
  return place.slice(0, LENGTH_OF_DAY);
}

/** The day of a time. */
export function dayOf(seconds: number): string {
  return dayIn(new Date(seconds * 1_000).toISOString());
}

function dayBefore(day: string): string {
  return dayOf(Date.parse(day) / 1_000 - DAY_SECONDS);
}

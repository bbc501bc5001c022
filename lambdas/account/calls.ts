import type { Request } from '#core/http/request.ts';
import { grantIdOf, subjectOf } from '#core/oauth/grant.ts';
import type { CallOutcome } from '#core/store/audit-events.ts';
import { type Placed, readTrail } from '#core/store/audit-trail.ts';
import { auditSeconds } from '#generated';
import type { Visitor } from './visitor.ts';

/** One page reads so many days at once, so often, and shows so many calls. */
const [DAYS_AT_ONCE, MOST_ROUNDS, ENOUGH] = [7, 4, 25];
/** How many items of a day are read at once. Those of others stand among them. */
const PAGE = 100;
const DAY_MILLISECONDS = 86_400_000;

/** What an app did as a person. */
export type Call = {
  readonly at: string;
  readonly position: string;
  readonly clientId: string;
  readonly grantId: string;
  readonly tool: string;
  readonly outcome: CallOutcome;
  readonly argumentsDigest: string;
};

type Wanted = {
  /** The connection's own part of its grant's id. Without one, all are wanted, those that have ended too. */
  readonly connection: string | undefined;
  /** A day, or a place in one: only what was before it. */
  readonly before: string | undefined;
};

/** Some calls, the newest first; since which day none is left out; and where the list goes on. */
export type Calls = { readonly calls: readonly Call[]; readonly since: string; readonly next: string | undefined };

/** What apps did as a person, from the audit of the tenant that they belong to. One page of it, however far apart it lies. */
export async function callsOf({ person }: Visitor, wanted: Wanted, { now }: Request): Promise<Calls> {
  const { subject, tenant, createdAt } = person;
  const oldest = dayOf(Math.max(createdAt, now - auditSeconds));
  const grantId = wanted.connection === undefined ? undefined : grantIdOf(subject, wanted.connection);
  const calls: Call[] = [];
  let place = earlier(wanted.before, dayOf(now));
  for (let round = 0; round < MOST_ROUNDS && calls.length < ENOUGH && place >= oldest; round += 1) {
    const stretch = daysBack(place, oldest);
    const parts = await Promise.all(
      stretch.map((part) => readTrail({ ...part, tenant, subject, backwards: true, most: PAGE, now })),
    );
    const cut = parts.findIndex(({ next }) => next !== undefined);
    const read = cut < 0 ? parts : parts.slice(0, cut + 1);
    calls.push(...read.flatMap(({ items }) => items.flatMap((item) => callIn(item, subject, grantId) ?? [])));
    place = parts[cut]?.next ?? dayBefore(stretch.at(-1)?.day ?? place);
  }
  const shown = calls.slice(0, ENOUGH);
  const next = calls.length > ENOUGH ? shown.at(-1)?.position : place;
  return {
    calls: withoutBeginnings(shown),
    since: later(place.slice(0, 10), oldest),
    next: next !== undefined && next >= oldest ? next : undefined,
  };
}

/** A call of an app: not what apps look up by themselves, such as lists. */
function callIn(item: Placed, subject: string, wanted: string | undefined): Call | undefined {
  if (item.event !== 'tool_call' && item.event !== 'resource_read' && item.event !== 'prompt_get') return undefined;
  const { clientId, grantId } = item;
  if (clientId === undefined || grantId === undefined || subjectOf(grantId) !== subject) return undefined;
  return wanted === undefined || wanted === grantId ? { ...item, clientId, grantId } : undefined;
}

/** A call that is recorded before it begins has another item for its end: the beginning is of interest without one. */
function withoutBeginnings(calls: readonly Call[]): readonly Call[] {
  return calls.filter(
    (call, at) => call.outcome !== 'started' || !calls.slice(0, at).some((ended) => isEndOf(call, ended)),
  );
}

function isEndOf(call: Call, ended: Call): boolean {
  if (ended.outcome === 'started') return false;
  const { grantId, tool, argumentsDigest } = ended;
  return grantId === call.grantId && tool === call.tool && argumentsDigest === call.argumentsDigest;
}

type Part = { readonly day: string; readonly after?: string };

/** The day of a place, from the place on, and the days before it. */
function daysBack(place: string, oldest: string): readonly Part[] {
  const first = place.slice(0, 10);
  const parts: Part[] = [place.length > first.length ? { day: first, after: place } : { day: first }];
  for (let day = dayBefore(first); parts.length < DAYS_AT_ONCE && day >= oldest; day = dayBefore(day)) {
    parts.push({ day });
  }
  return parts;
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

function dayBefore(day: string): string {
  return dayOf((Date.parse(day) - DAY_MILLISECONDS) / 1_000);
}

/** Whichever is earlier: nothing is on record after today. */
function earlier(place: string | undefined, today: string): string {
  return place !== undefined && place.slice(0, 10) <= today ? place : today;
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

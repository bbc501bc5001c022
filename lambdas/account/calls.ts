import type { Request } from '#core/http/request.ts';
import { grantIdOf, subjectOf } from '#core/oauth/grant.ts';
import type { CallOutcome } from '#core/store/audit-events.ts';
import type { Placed } from '#core/store/audit-trail.ts';
import { auditSeconds } from '#generated';
import { dayIn, dayOf, stretchOf } from './trail.ts';
import type { Visitor } from './visitor.ts';

/** How many weeks one page reads, and how many calls it shows. */
const [MOST_WEEKS, ENOUGH] = [4, 25];

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
  let place = wanted.before ?? dayOf(now);
  for (let week = 0; week < MOST_WEEKS && calls.length < ENOUGH && place >= oldest; week += 1) {
    const { items, next } = await stretchOf({ subject, tenant }, { from: place, oldest }, now);
    calls.push(...items.flatMap((item) => callIn(item, subject, grantId) ?? []));
    place = next;
  }
  const shown = calls.slice(0, ENOUGH);
  const next = calls.length > ENOUGH ? shown.at(-1)?.position : place;
  return {
    calls: withoutBeginnings(shown),
    since: later(dayIn(place), oldest),
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

function later(one: string, other: string): string {
  return one > other ? one : other;
}

import * as z from 'zod/mini';
import { auditEvents, callOutcomes } from '#core/store/audit-events.ts';
import { type Placed, readTrail } from '#core/store/audit-trail.ts';
import { auditSeconds } from '#generated';
import { address } from '../inputs.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed, refused } from '../operation.ts';
import { requirePerson } from '../people/known-person.ts';

/** So that an answer comes to about a megabyte, after a few seconds: its reads, each of 16 shards, and its items. */
const [MOST_READS, MOST_OF_SHARD, ENOUGH] = [24, 25, 500];
const DAY_MILLISECONDS = 86_400_000;

const isDate = z.refine<string>((time) => !Number.isNaN(Date.parse(time.slice(0, 10))), 'There is no such day');
/** Made by an operator in small letters, or a personal one, which ends with the id of its person. */
const tenant = z.regex(/^[A-Za-z0-9_~-]{2,100}$/, 'The id of a tenant is letters, digits and hyphens');
/** A time, or a place in the trail: both are in the order of time. */
const place = z.regex(
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z(#\w+)?)?$/,
  'after must be a time or a place in the trail',
);
const moment = z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'until must be a time in UTC with milliseconds');
const shape = z.strictObject(
  {
    tenant: z.optional(z.string().check(tenant)),
    person: z.optional(address),
    after: z.string('Since when?').check(place, isDate),
    until: z.optional(z.string().check(moment, isDate)),
    event: z.optional(z.enum(auditEvents, `The event must be one of ${auditEvents.join(', ')}`)),
    outcome: z.optional(z.enum(callOutcomes, `The outcome must be one of ${callOutcomes.join(', ')}`)),
    tool: z.optional(z.string()),
  },
  'The input must be an object',
);
type Wanted = z.output<typeof shape>;

/** Whose trail it is: a whole tenant's, or one person's in it. */
type Trail = { readonly tenant: string; readonly subject?: string };

/** A part of an audit trail in the order of time. `next` is where it goes on, if there may be more. */
export async function readAudit({ input, now }: Operation): Promise<object> {
  const wanted = parsed(shape, input);
  const trail = await trailOf(wanted, now);
  const end = wanted.until ?? dayAfter(iso(now));
  const items: Placed[] = [];
  let place = later(wanted.after, iso(now - auditSeconds));
  for (let reads = 0; place < end && reads < MOST_READS && items.length < ENOUGH; reads += 1) {
    const day = place.slice(0, 10);
    const part = await readTrail({ ...trail, day, after: place, most: MOST_OF_SHARD, now });
    items.push(...part.items.filter((item) => item.at < end && isWanted(item, wanted)));
    place = part.next ?? dayAfter(day);
  }
  return {
    items: items.map(({ position: id, ...item }) => ({ id, ...item })),
    next: place < end ? place : undefined,
  };
}

async function trailOf({ tenant, person }: Wanted, now: number): Promise<Trail> {
  if (person !== undefined) {
    const known = await requirePerson(person, now);
    return { tenant: tenant ?? known.tenant, subject: known.subject };
  }
  if (tenant === undefined) throw refused('Whose audit? Name a tenant or a person');
  return { tenant };
}

function isWanted(item: Placed, { event, outcome, tool }: Wanted): boolean {
  if (event !== undefined && item.event !== event) return false;
  if (outcome !== undefined && !('outcome' in item && item.outcome === outcome)) return false;
  return tool === undefined || ('tool' in item && item.tool === tool);
}

/** The start of the day after the one in which a time is. */
function dayAfter(time: string): string {
  return new Date(Date.parse(time.slice(0, 10)) + DAY_MILLISECONDS).toISOString().slice(0, 10);
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

import * as z from 'zod/mini';
import { grantsOf } from '#core/store/grants.ts';
import { hidden } from '#core/store/hidden.ts';
import { type Person, personLookup } from '#core/store/people.ts';
import { find } from '#core/store/table.ts';
import { address } from '../inputs.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed } from '../operation.ts';
import { requireAddress } from './known-person.ts';

const shape = z.strictObject({ address }, 'The input must be an object');

/** Shows what is known of an address and, once somebody has signed in with it, of its person. */
export async function showPerson({ input, now }: Operation): Promise<object> {
  const { address } = parsed(shape, input);
  const { subject, tenant, role, suppressedAt, reviewer } = await requireAddress(address, now);
  const person = subject === undefined ? undefined : await find(personLookup(subject), now);
  return {
    address,
    address_hash: await hidden('address', address),
    signed_in: person !== undefined,
    tenant,
    role: tenant && (role ?? 'member'),
    suppressed_at: suppressedAt === undefined ? undefined : iso(suppressedAt),
    reviewer_until: reviewer && iso(reviewer.expiresAt),
    ...(person && (await described(person, now))),
  };
}

async function described({ subject, tenant, role, createdAt, disabledAt, moving }: Person, now: number) {
  return {
    subject,
    tenant,
    role: role ?? 'member',
    created_at: iso(createdAt),
    disabled_at: disabledAt === undefined ? undefined : iso(disabledAt),
    moving_to: moving?.to,
    grants: await countGrants(subject, now),
  };
}

async function countGrants(subject: string, now: number): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const { grants, next } = await grantsOf(subject, now, after);
    count += grants.length;
    after = next;
  } while (after !== undefined);
  return count;
}

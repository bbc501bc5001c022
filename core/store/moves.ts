import { sha256 } from '#core/oauth/digest.ts';
import { isPersonal } from '#core/oauth/tenant.ts';
import { memberKey } from './members.ts';
import { listed } from './memberships.ts';
import { addressLookup, type Move, newEraAt, type Person, personKey } from './people.ts';
import { ALWAYS, commit, type Key, query, type Write } from './table.ts';

/** Each is put at its new place and removed from its old one; a transaction holds a hundred writes. */
const MOST_AT_ONCE = 49;

type Item = Key & Readonly<Record<string, unknown>>;

/** A person on the move, and the address that leads to them. */
export type Mover = { readonly person: Person & { readonly moving: Move }; readonly address: string };

/** Begins to move a person who is as known: from now on they are disabled. True if they were. */
export async function beginMove({ person, address }: Mover, audit: Write): Promise<boolean> {
  const { subject, tenant, disabledAt, moving } = person;
  const isAsKnown = moving.staysDisabled ? 'disabledAt = :disabledAt' : 'attribute_not_exists(disabledAt)';
  const { done } = await commit([
    {
      ...personKey(subject),
      change: 'SET moving = :moving, disabledAt = :disabledAt ADD era :one',
      condition: `tenant = :home AND attribute_not_exists(moving) AND ${isAsKnown}`,
      values: { ':moving': moving, ':home': tenant, ':disabledAt': disabledAt, ':one': 1 },
    },
    newEraAt({ person, address }),
    ...(isPersonal(moving.to) ? [] : listed(moving.to, { address, subject, role: moving.role, since: moving.since })),
    audit,
  ]);
  return done;
}

/** Holds only while this move is under way, so that one that was taken up twice carries nothing after its end. */
function underWay({ subject, tenant, moving }: Mover['person']): Write {
  return {
    ...personKey(subject),
    require: 'moving.#to = :to AND tenant = :home',
    values: { ':to': moving.to, ':home': tenant },
  };
}

/** Moves a few of the items that a person keeps under a prefix. Says how many, and whether there were any. */
export async function moveItems(
  person: Mover['person'],
  prefix: string,
): Promise<{ readonly moved: number; readonly wasEmpty: boolean }> {
  const { subject, tenant, moving } = person;
  const [from, to] = [`${prefix}${tenant}#${subject}`, `${prefix}${moving.to}#${subject}`];
  const { items } = await query<Item>(from, { most: MOST_AT_ONCE });
  if (items.length === 0) return { moved: 0, wasEmpty: true };
  const pairs = items.flatMap(({ pk, sk, ...put }): Write[] => [
    { pk: to, sk, put },
    { pk, sk, remove: true, condition: 'attribute_exists(pk)' },
  ]);
  const outcome = await commit([underWay(person), ...pairs]);
  const inTheWay = outcome.done ? undefined : pairs[outcome.failed - 1];
  if (inTheWay && 'put' in inTheWay) await makeRoom(person, inTheWay, from);
  return { moved: outcome.done ? items.length : 0, wasEmpty: false };
}

/**
 * What a person left behind in a tenant when they were removed from it gives way to what they bring along. When the
 * item that they bring is gone, another run has just moved it: then nothing gives way.
 */
async function makeRoom(person: Mover['person'], { pk, sk }: Key, from: string): Promise<void> {
  await commit([
    underWay(person),
    { pk: from, sk, require: 'attribute_exists(pk)' },
    { pk, sk, remove: true, condition: 'attribute_exists(pk)' },
  ]);
}

/** Ends a move: person and address belong to the new tenant. True if it was still under way. */
export async function finishMove({ person, address }: Mover, audit: Write): Promise<boolean> {
  const { subject, tenant, moving } = person;
  const hash = sha256(address);
  const ends = moving.staysDisabled ? 'moving' : 'moving, disabledAt';
  const values = { ':to': moving.to, ':role': moving.role };
  const left = { ...memberKey(tenant, hash), remove: true, condition: ALWAYS } as const;
  const { done } = await commit([
    {
      ...personKey(subject),
      change: `SET tenant = :to, #role = :role REMOVE ${ends}`,
      condition: 'moving.#to = :to AND tenant = :home',
      values: { ...values, ':home': tenant },
    },
    {
      ...addressLookup(hash),
      change: 'SET tenant = :to, #role = :role',
      condition: 'subject = :subject',
      values: { ...values, ':subject': subject },
    },
    ...(isPersonal(tenant) ? [] : [left]),
    audit,
  ]);
  return done;
}

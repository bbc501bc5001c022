import { sha256 } from '#core/oauth/digest.ts';
import type { Role } from '#core/oauth/permission.ts';
import { holderOf } from '#core/oauth/principal.ts';
import type { Reviewer } from '#core/oauth/reviewer.ts';
import type { DatedPrincipal, Principal } from '#core/oauth/types.ts';
import { commit, type Key, type Lookup, type Write } from './table.ts';

/**
 * What an address leads to: a person, once somebody signed in with it; before that, what an operator has said of it.
 * No mail goes there since `suppressedAt`; an operator may have let it go there again.
 */
export type Address = {
  readonly subject?: string;
  readonly tenant?: string;
  readonly role?: Role;
  readonly suppressedAt?: number;
  readonly liftedAt?: number;
  /** The era of the person whom it leads to, and the language that they chose: both are needed when a code is mailed. */
  readonly era?: number;
  readonly language?: string;
  /** Their person has been offered passkeys, and is not asked again. */
  readonly hasAnsweredOffer?: boolean;
  /** The password that signs in here in place of a code, which is not mailed. */
  readonly reviewer?: Reviewer;
};

/** A person, and what they are in their tenant. */
export type Person = Principal & {
  readonly role?: Role;
  readonly createdAt: number;
  readonly disabledAt?: number;
  /** Their account is closed, and what is kept of them is being deleted. */
  readonly closedAt?: number;
  /** Grows each time everything that was begun for them before is ended. */
  readonly era?: number;
  /** The language that they chose, by its tag. Without one, it is that of their browser. */
  readonly language?: string;
  /** The handle that their passkeys carry. Without it none of them counts. */
  readonly passkeyHandle?: string;
  /** How often their passkeys have changed. */
  readonly passkeyChanges?: number;
  /** They are on their way to another tenant, and disabled until they are there. */
  readonly moving?: Move;
  /** They sign in by a password of the operator's, and can neither have another way to sign in nor close the account. */
  readonly isReviewer?: true;
};

/** The way of a person from the tenant that they still belong to. */
export type Move = {
  readonly to: string;
  readonly role: Role;
  readonly since: number;
  /** True if their data moves too, rather than stay with the tenant. */
  readonly withItems: boolean;
  /** True if they were disabled before, and stay so. */
  readonly staysDisabled: boolean;
};

/** The partition of all that is kept of a person. Of a workload it is that of its trust. */
export function personKey(subject: string): Key {
  return { pk: `USER#${holderOf(subject)}`, sk: 'PROFILE' };
}

/** Where a person is. */
export function personLookup(subject: string): Lookup<Person> {
  return personKey(subject);
}

/** Where an address is. Only its hash is known here. */
export function addressLookup(addressHash: string): Lookup<Address> {
  return { pk: `EMAIL#${addressHash}`, sk: 'EMAIL' };
}

/**
 * Makes a person at their first sign-in, and leads their address to them: once, however many sign in at a time, and
 * not when an operator has said something else of the address since it was read.
 */
export function newPerson(
  addressHash: string,
  { subject, tenant, role }: Omit<Person, 'createdAt'>,
  known: Address | undefined,
  now: number,
): Write[] {
  const era = known?.era;
  const sameEra = era === undefined ? 'attribute_not_exists(era)' : 'era = :era';
  const sameTenant = known?.tenant ? '#tenant = :tenant' : 'attribute_not_exists(#tenant)';
  const sameRole = known?.role ? '#role = :role' : 'attribute_not_exists(#role)';
  return [
    {
      ...addressLookup(addressHash),
      change: 'SET subject = :subject, #tenant = :tenant, #role = :role',
      condition: `attribute_not_exists(subject) AND ${sameTenant} AND ${sameRole} AND ${sameEra}`,
      values: { ':subject': subject, ':tenant': tenant, ':role': role, ':era': era },
    },
    {
      ...personKey(subject),
      put: { subject, tenant, role, createdAt: now, era, isReviewer: known?.reviewer && true },
    },
  ];
}

/** Holds only for a person who may still sign in, to this tenant, and of whom nothing has been ended since. */
export function requirePerson(principal: DatedPrincipal): Write {
  const { condition, values } = asKnown(principal);
  return { ...personKey(principal.subject), require: condition, values };
}

/** Keeps the language that a person chose, on the same condition. */
export function speaking(principal: DatedPrincipal, language: string): Write {
  const { condition, values } = asKnown(principal);
  return {
    ...personKey(principal.subject),
    change: 'SET #language = :language',
    condition,
    values: { ...values, ':language': language },
  };
}

function asKnown({ tenant, era = 0 }: DatedPrincipal) {
  const isThere = 'attribute_exists(pk) AND attribute_not_exists(disabledAt) AND #tenant = :tenant';
  const sameEra = era === 0 ? 'attribute_not_exists(era)' : 'era = :era';
  return {
    condition: `${isThere} AND ${sameEra}`,
    values: { ':tenant': tenant, ':era': era === 0 ? undefined : era },
  };
}

/** Somebody, and the address that leads to them. */
export type Resident = { readonly person: Person; readonly address: string };

/** Lets the address know of its person's new era. A part of each transaction that begins one. */
export function newEraAt({ person: { subject }, address }: Resident): Write {
  return {
    ...addressLookup(sha256(address)),
    change: 'ADD era :one',
    condition: 'subject = :subject',
    values: { ':one': 1, ':subject': subject },
  };
}

/**
 * Ends all that was begun for a person: sessions, sign-ins, consent pages, codes and grants from before count no more,
 * and their passkeys neither, since somebody else may have added one.
 * True if the person was still there.
 */
export async function beginEra(resident: Resident, audit: Write): Promise<boolean> {
  const begun: Write = {
    ...personKey(resident.person.subject),
    change: 'REMOVE passkeyHandle ADD era :one',
    condition: 'attribute_exists(pk)',
    values: { ':one': 1 },
  };
  return (await commit([begun, newEraAt(resident), audit])).done;
}

/**
 * Stops mail to an address, whether anybody signed in with it or not, with other writes. Says which of these failed, or
 * `known` when it changes nothing: mail is stopped already, or an operator let it go there again after what is told here
 * happened.
 */
export async function suppress(
  addressHash: string,
  happenedAt: number,
  others: readonly Write[],
): Promise<'done' | 'known' | number> {
  const suppression: Write = {
    ...addressLookup(addressHash),
    change: 'SET suppressedAt = :at',
    condition: 'attribute_not_exists(suppressedAt) AND (attribute_not_exists(liftedAt) OR liftedAt < :at)',
    values: { ':at': happenedAt },
  };
  const outcome = await commit([suppression, ...others]);
  if (outcome.done) return 'done';
  return outcome.failed === 0 ? 'known' : outcome.failed - 1;
}

/** Lets mail go to an address again. True if it was stopped. */
export async function liftSuppression(addressHash: string, now: number, audit: Write): Promise<boolean> {
  const lift: Write = {
    ...addressLookup(addressHash),
    change: 'SET liftedAt = :now REMOVE suppressedAt',
    condition: 'attribute_exists(suppressedAt) AND attribute_not_exists(reviewer)',
    values: { ':now': now },
  };
  return (await commit([lift, audit])).done;
}

/** Disables a person, and ends what was begun for them, as `beginEra` does. True if they were neither disabled nor on the move. */
export async function disablePerson(resident: Resident, now: number, audit: Write): Promise<boolean> {
  const disabled: Write = {
    ...personKey(resident.person.subject),
    change: 'SET disabledAt = :now REMOVE passkeyHandle ADD era :one',
    condition: 'attribute_exists(pk) AND attribute_not_exists(disabledAt)',
    values: { ':now': now, ':one': 1 },
  };
  return (await commit([disabled, newEraAt(resident), audit])).done;
}

/**
 * Lets a disabled person sign in again, to which nothing from before comes back. True if they were still disabled as
 * is known, and not on the move.
 */
export async function enablePerson(resident: Resident, audit: Write): Promise<boolean> {
  const { subject, disabledAt } = resident.person;
  const enabled: Write = {
    ...personKey(subject),
    change: 'REMOVE disabledAt ADD era :one',
    condition: 'disabledAt = :known AND attribute_not_exists(moving)',
    values: { ':known': disabledAt, ':one': 1 },
  };
  return (await commit([enabled, newEraAt(resident), audit])).done;
}

import type { Role } from '#core/oauth/permission.ts';
import type { Principal } from '#core/oauth/types.ts';
import type { Key, Lookup, Write } from './table.ts';

/**
 * What an address leads to: a person, once somebody signed in with it; before that, what an operator has said of it.
 * No mail goes there since `suppressedAt`.
 */
export type Address = {
  readonly subject?: string;
  readonly tenant?: string;
  readonly role?: Role;
  readonly suppressedAt?: number;
};

/** A person, and what they are in their tenant. */
export type Person = Principal & { readonly role?: Role; readonly createdAt: number; readonly disabledAt?: number };

/** The partition of all that is kept of a person. */
export function personKey(subject: string): Key {
  return { pk: `USER#${subject}`, sk: 'PROFILE' };
}

/** Where a person is. */
export function personLookup(subject: string): Lookup<Person> {
  return personKey(subject);
}

/** Where an address is. Only its hash is known here. */
export function addressLookup(addressHash: string): Lookup<Address> {
  return { pk: `EMAIL#${addressHash}`, sk: 'EMAIL' };
}

/** Makes a person at their first sign-in, and leads their address to them: once, however many sign in at a time. */
export function newPerson(addressHash: string, principal: Principal, now: number): Write[] {
  return [
    { ...addressLookup(addressHash), put: principal },
    { ...personKey(principal.subject), put: { ...principal, createdAt: now } },
  ];
}

/** Holds only for a person who may still sign in. */
export function requirePerson(subject: string): Write {
  return { ...personKey(subject), require: 'attribute_exists(pk) AND attribute_not_exists(disabledAt)' };
}

import type { Principal } from '#core/oauth/types.ts';
import { commit, type Key, type Lookup, type Write } from './table.ts';

/**
 * What is known of an address: the person whom it leads to, once somebody signed in with it, and since when no mail may
 * go there. An operator may have let mail go there again.
 */
export type Address = {
  readonly subject?: string;
  readonly tenant?: string;
  readonly suppressedAt?: number;
  readonly liftedAt?: number;
};

/** A person. */
export type Person = Principal & { readonly createdAt: number; readonly disabledAt?: number };

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

/** The person whom an address leads to. It may be known without one: mail to it came back, and nobody has signed in. */
export function personOf(address: Address | undefined): Principal | undefined {
  const { subject, tenant } = address ?? {};
  return subject === undefined || tenant === undefined ? undefined : { subject, tenant };
}

/** Makes a person at their first sign-in, and leads their address to them: once, however many sign in at a time. */
export function newPerson(addressHash: string, principal: Principal, now: number): Write[] {
  return [
    {
      ...addressLookup(addressHash),
      change: 'SET subject = :subject, tenant = :tenant',
      condition: 'attribute_not_exists(subject)',
      values: { ':subject': principal.subject, ':tenant': principal.tenant },
    },
    { ...personKey(principal.subject), put: { ...principal, createdAt: now } },
  ];
}

/** Holds only for a person who may still sign in. */
export function requirePerson(subject: string): Write {
  return { ...personKey(subject), require: 'attribute_exists(pk) AND attribute_not_exists(disabledAt)' };
}

/**
 * Stops mail to an address, whether anybody signed in with it or not. Says whether that changed anything: not when it
 * is stopped already, or when an operator let mail go there again after what is told here happened.
 */
export async function suppress(addressHash: string, happenedAt: number, audit: Write): Promise<boolean> {
  const suppression: Write = {
    ...addressLookup(addressHash),
    change: 'SET suppressedAt = :at',
    condition: 'attribute_not_exists(suppressedAt) AND (attribute_not_exists(liftedAt) OR liftedAt < :at)',
    values: { ':at': happenedAt },
  };
  return (await commit([suppression, audit])).done;
}

/** Lets mail go to an address again. Says whether it was stopped. */
export async function liftSuppression(addressHash: string, now: number, audit: Write): Promise<boolean> {
  const lift: Write = {
    ...addressLookup(addressHash),
    change: 'SET liftedAt = :now REMOVE suppressedAt',
    condition: 'attribute_exists(suppressedAt)',
    values: { ':now': now },
  };
  return (await commit([lift, audit])).done;
}

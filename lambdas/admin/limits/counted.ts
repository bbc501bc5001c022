import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { networksOf } from '#core/http/source.ts';
import { limitsByNetwork } from '#core/limits.ts';
import { networkRates } from '#core/network-rates.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { Grant } from '#core/oauth/types.ts';
import {
  accountRequestsOf,
  approvalsBy,
  callsOf,
  callsUnder,
  codesFor,
  codesForFrom,
  mailsToNewAddress,
  noticesTo,
} from '#core/person-rates.ts';
import { grantsOf } from '#core/store/grants.ts';
import { addressLookup, type Person, personLookup } from '#core/store/people.ts';
import type { Rate } from '#core/store/rates.ts';
import { sessionsOf } from '#core/store/sessions.ts';
import { find } from '#core/store/table.ts';
import { limits } from '#generated';
import { address } from '../inputs.ts';

const network = z.string().check(z.refine((typed) => isIP(typed) !== 0, 'The network must be an IP address'));

/** Whose limits they are: a person's by their address, or a network's by any IP address in it. */
export const whoseLimits = z.strictObject(
  { address: z.optional(address), network: z.optional(network) },
  'The input must be an object',
);

/** A rate, and the grant or the browser that it counts for, where there are many. */
export type Counted = { readonly rate: Rate; readonly of?: string };

/** All that counts for an address, for its person, and, where a network is named too, for the address from there. */
export async function countedForAddress(
  address: string,
  network: string | undefined,
  now: number,
): Promise<readonly Counted[]> {
  const hash = sha256(address);
  const fromThere = network === undefined ? [] : codesForFrom(hash, { sourceIp: network });
  const ofAddress = [
    ...[codesFor(hash), ...fromThere].map((rate) => ({ rate })),
    { rate: mailsToNewAddress(hash), of: 'mails to it as a new address' },
  ];
  const subject = (await find(addressLookup(hash), now))?.subject;
  const person = subject && (await find(personLookup(subject), now));
  return person ? [...ofAddress, ...(await countedForPerson(person, hash, now))] : ofAddress;
}

async function countedForPerson(person: Person, addressHash: string, now: number): Promise<readonly Counted[]> {
  const { subject } = person;
  const [sessions, grants] = await Promise.all([sessionsOf(person, now), grantsUnder(subject, now)]);
  return [
    ...sessions
      .flatMap(({ hash }) => [codesFor(addressHash, hash), accountRequestsOf(subject, hash)])
      .map((rate) => ({ rate, of: 'a browser of theirs' })),
    ...[noticesTo, approvalsBy, callsOf].map((rateOf) => ({ rate: rateOf(subject) })),
    ...grants.map((grant) => ({ rate: callsUnder(grant), of: grant.id })),
  ];
}

async function grantsUnder(subject: string, now: number): Promise<readonly Grant[]> {
  const all: Grant[] = [];
  let after: string | undefined;
  do {
    const { grants, next } = await grantsOf(subject, now, after);
    all.push(...grants);
    after = next;
  } while (after !== undefined);
  return all;
}

/** All that counts for a network, and for those around it, by themselves. */
export function countedForNetwork(sourceIp: string): readonly Counted[] {
  const widest = networksOf({ sourceIp }).at(-1)?.name ?? sourceIp;
  const { mailsReturnedPerNetwork: windows } = limits;
  const returned: Rate = { limit: 'mailsReturnedPerNetwork', subject: widest, windows };
  const others = limitsByNetwork().flatMap((limit) => networkRates(limit, { sourceIp }));
  return [...others, returned].map((rate) => ({ rate, of: shownNetwork(rate.subject) }));
}

/** A network as people write it. The counters have the first half of an IPv6 address in one piece. RFC 5952 §4. */
function shownNetwork(name: string): string {
  const [, first, prefix] = /^([0-9a-f]+)::(\/\d+)$/.exec(name) ?? [];
  if (first === undefined) return name;
  const groups = first.padStart(16, '0').match(/.{4}/g) ?? [];
  const written = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
  return `${written.replace(/(:0)+$/, '')}::${prefix}`;
}

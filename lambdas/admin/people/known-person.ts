import { sha256 } from '#core/oauth/digest.ts';
import { type Address, addressLookup, type Person, personLookup } from '#core/store/people.ts';
import { find } from '#core/store/table.ts';
import { refused } from '../operation.ts';

/** What is known of an address. Throws a refusal when that is nothing. */
export async function requireAddress(address: string, now: number): Promise<Address> {
  const known = await find(addressLookup(sha256(address)), now);
  const isKnown = known?.subject ?? known?.tenant ?? known?.suppressedAt;
  if (!known || isKnown === undefined) throw refused(`Nothing is known of ${address}`);
  return known;
}

/** The person who signs in with an address. Throws a refusal when nobody has yet. */
export async function requirePerson(address: string, now: number): Promise<Person> {
  const { subject } = await requireAddress(address, now);
  const person = subject && (await find(personLookup(subject), now));
  if (!person) throw refused(`${address} has not signed in yet`);
  return person;
}

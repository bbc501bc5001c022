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

/** Throws a refusal for the address of a reviewer, whose password is for one tenant alone. */
export async function requireNoReviewer(address: string, now: number): Promise<void> {
  const known = await find(addressLookup(sha256(address)), now);
  if (known?.reviewer) throw refused(`${address} is a reviewer's and stays where it is: reviewers remove takes it out`);
}

/** The person who signs in with an address. Throws a refusal when nobody has yet. */
export async function requirePerson(address: string, now: number): Promise<Person> {
  const { subject } = await requireAddress(address, now);
  const person = subject && (await find(personLookup(subject), now));
  if (!person) throw refused(`${address} has not signed in yet`);
  return person;
}

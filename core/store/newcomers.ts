import { isPersonal } from '#core/oauth/tenant.ts';
import { type Address, newPerson, type Person } from './people.ts';
import type { Write } from './table.ts';
import { joined, joining } from './tenants.ts';

/**
 * Makes somebody who comes for the first time. If another request did so first, theirs is used. A tenant to which only
 * the domain led may have been removed since; one that expects the address is not removed.
 */
export function newcomer(
  person: Omit<Person, 'createdAt'>,
  address: { readonly address: string; readonly addressHash: string },
  known: Address | undefined,
  now: number,
): Write[] {
  const isLedByDomain = known?.tenant === undefined && !isPersonal(person.tenant);
  return [
    ...newPerson(address.addressHash, person, known, now),
    ...joined(person, address, now),
    ...(isLedByDomain ? [joining(person.tenant)] : []),
  ];
}

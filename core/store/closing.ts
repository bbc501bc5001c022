import { sha256 } from '#core/oauth/digest.ts';
import type { Principal } from '#core/oauth/types.ts';
import { linksOf, unlinked } from './links.ts';
import { addressLookup, personKey, type Resident } from './people.ts';
import type { Key, Lookup, Write } from './table.ts';

/** The partition of the people whose account is closed, and of whom not everything is deleted yet. */
export const closedAccounts = 'OPERATOR#CLOSED';

/** A person whose account is closed, and what is needed to delete what is kept of them. */
export type ClosedAccount = Principal & {
  readonly addressHash: string;
  readonly closedAt: number;
  /** The era that began when it was closed. What is of an earlier one, beside their address too, was theirs. */
  readonly era: number;
};

/** Where it says that a person's account is closed. */
export function closedAccountLookup(subject: string): Key & Lookup<ClosedAccount> {
  return { pk: closedAccounts, sk: subject };
}

/**
 * Closes the account of a person who is as they are known: nothing of theirs counts from now on, the address leads to
 * nobody, and everything is to be deleted. A new person with the address begins in the new era, so that nothing from
 * before is taken for theirs. The links that lead to the person go at once: who comes by one is somebody new. Nobody
 * is closed twice, or on the move.
 */
export async function closedAccount({ person, address }: Resident, now: number): Promise<readonly Write[]> {
  const { subject, tenant, era: before = 0 } = person;
  const addressHash = sha256(address);
  const era = before + 1;
  const { links } = await linksOf(subject);
  const account: ClosedAccount = { subject, tenant, addressHash, closedAt: now, era };
  const isAsKnown = before === 0 ? 'attribute_not_exists(era)' : 'era = :before';
  return [
    {
      ...personKey(subject),
      change: 'SET disabledAt = :now, closedAt = :now, era = :era REMOVE passkeyHandle',
      condition: `tenant = :tenant AND attribute_not_exists(closedAt) AND attribute_not_exists(moving) AND ${isAsKnown}`,
      values: { ':now': now, ':era': era, ':tenant': tenant, ':before': before === 0 ? undefined : before },
    },
    {
      ...addressLookup(addressHash),
      change: 'SET era = :era REMOVE subject, tenant, #role, #language, hasAnsweredOffer',
      condition: 'subject = :subject',
      values: { ':era': era, ':subject': subject },
    },
    { ...closedAccountLookup(subject), put: account },
    ...links.map((link) => unlinked(link, subject)),
  ];
}

import { sha256 } from '#core/oauth/digest.ts';
import type { Reviewer } from '#core/oauth/reviewer.ts';
import { memberKey } from './members.ts';
import { listed } from './memberships.ts';
import { addressLookup } from './people.ts';
import { ALWAYS, commit, type Key, query, type Write } from './table.ts';

const LIST = 'OPERATOR#REVIEWERS';
const PAGE = 100;

/** A reviewer in the list of the operator's. */
export type ListedReviewer = {
  readonly address: string;
  readonly tenant: string;
  readonly addedAt: number;
  readonly expiresAt: number;
  /** When all that was begun with the password ended, once it had expired. */
  readonly endedAt?: number;
};

/** A reviewer, and the address that they sign in with. */
export type AtAddress = { readonly address: string; readonly reviewer: Reviewer };

function listedKey(address: string): Key {
  return { pk: LIST, sk: sha256(address) };
}

/**
 * Makes an address of which nothing is known that of a reviewer, who belongs to the tenant. No mail goes there. True if
 * nothing was known of it, and the tenant is there.
 */
export async function addReviewer({ address, reviewer }: AtAddress, now: number, audit: Write): Promise<boolean> {
  const { tenant, expiresAt } = reviewer;
  const entry: ListedReviewer = { address, tenant, addedAt: now, expiresAt };
  const { done } = await commit([
    {
      ...addressLookup(sha256(address)),
      change: 'SET tenant = :tenant, #role = :role, reviewer = :reviewer, suppressedAt = :now',
      condition: 'attribute_not_exists(tenant) AND attribute_not_exists(subject) AND attribute_not_exists(reviewer)',
      values: { ':tenant': tenant, ':role': 'member', ':reviewer': reviewer, ':now': now },
    },
    ...listed(tenant, { address, role: 'member', since: now }),
    { ...listedKey(address), put: entry },
    audit,
  ]);
  return done;
}

/** Replaces the password. True if the address is still a reviewer's, in the same tenant. */
export async function renewReviewer({ address, reviewer }: AtAddress, audit: Write): Promise<boolean> {
  const { tenant, expiresAt } = reviewer;
  const { done } = await commit([
    {
      ...addressLookup(sha256(address)),
      change: 'SET reviewer = :reviewer',
      condition: 'attribute_exists(reviewer) AND tenant = :tenant',
      values: { ':reviewer': reviewer, ':tenant': tenant },
    },
    {
      ...listedKey(address),
      change: 'SET expiresAt = :until REMOVE endedAt',
      condition: 'attribute_exists(pk)',
      values: { ':until': expiresAt },
    },
    audit,
  ]);
  return done;
}

/** Makes the address anybody's again. True if the reviewer was as they are known, and the address led to no person. */
export async function removeReviewer({ address, reviewer }: AtAddress, audit: Write): Promise<boolean> {
  const hash = sha256(address);
  const { done } = await commit([
    {
      ...addressLookup(hash),
      change: 'REMOVE reviewer, suppressedAt, tenant, #role',
      condition: 'reviewer = :reviewer AND attribute_not_exists(subject)',
      values: { ':reviewer': reviewer },
    },
    { ...memberKey(reviewer.tenant, hash), remove: true, condition: ALWAYS },
    { ...listedKey(address), remove: true, condition: ALWAYS },
    audit,
  ]);
  return done;
}

/** Notes that all has ended that was begun with a password which expired, unless there is a new one. */
export async function reviewerEnded({ address, expiresAt }: ListedReviewer, now: number): Promise<void> {
  await commit([
    {
      ...listedKey(address),
      change: 'SET endedAt = :now',
      condition: 'expiresAt = :known',
      values: { ':now': now, ':known': expiresAt },
    },
  ]);
}

/** A page of the reviewers, and where the next page starts, if there is one. */
export function reviewers(after: string | undefined) {
  return query<ListedReviewer>(LIST, { after, most: PAGE });
}

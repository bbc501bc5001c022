import { sha256 } from '#core/oauth/digest.ts';
import { addressLookup, beginEra, personLookup } from '#core/store/people.ts';
import { type ListedReviewer, reviewerEnded, reviewers } from '#core/store/reviewers.ts';
import { find } from '#core/store/table.ts';
import { addressChange, type Operation } from '../operation.ts';
import { endGrants } from '../people/end-grants.ts';

/** Ends all that was begun with passwords which have expired: sessions, grants and open pages. The clock asks for it. */
export async function endExpiredReviewers(operation: Operation): Promise<object> {
  let [ended, left] = [0, 0];
  let after: string | undefined;
  do {
    const { items, next } = await reviewers(after);
    for (const reviewer of items.filter((one) => isDue(one, operation.now))) {
      if (await hasEnded(reviewer, operation)) ended += 1;
      else left += 1;
    }
    after = next;
  } while (after !== undefined);
  return { ended, left };
}

function isDue({ expiresAt, endedAt }: ListedReviewer, now: number): boolean {
  return expiresAt <= now && endedAt === undefined;
}

/** What one invocation has no time for is left for the next. */
async function hasEnded(reviewer: ListedReviewer, operation: Operation): Promise<boolean> {
  const { address } = reviewer;
  const { subject } = (await find(addressLookup(sha256(address)), operation.now)) ?? {};
  const person = subject === undefined ? undefined : await find(personLookup(subject), operation.now);
  if (person) {
    const isBegun = await beginEra({ person, address }, await addressChange(operation, address));
    if (!isBegun || !(await endGrants(person, operation)).isDone) return false;
  }
  await reviewerEnded(reviewer, operation.now);
  return true;
}

import * as z from 'zod/mini';
import { countEvent } from '#core/http/metrics.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { audited } from '#core/store/audit.ts';
import { type ClosedAccount, closedAccount, closedAccountLookup } from '#core/store/closing.ts';
import { closedAccountsAfter, endDeletion, removeItems } from '#core/store/deletions.ts';
import { commit, find } from '#core/store/table.ts';
import { address } from '../inputs.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requirePerson } from './known-person.ts';

/** How many items one invocation has time for, of all people together and of each. Looking after one costs some too. */
const [MOST, MOST_OF_ONE, LOOKING] = [2_000, 500, 10];
/** Longer than a sign-in that was under way can go on, or a call that was let in before. */
const SETTLED_SECONDS = 20 * 60;
const OVERDUE_SECONDS = 86_400;

const shape = z.strictObject({ address }, 'The input must be an object');
const whose = z._default(z.strictObject({ subject: z.optional(z.string()) }, 'The input must be an object'), {});

/** Closes a person's account: from then on nothing of theirs is valid, and their data is deleted. */
export async function deletePerson(operation: Operation): Promise<object> {
  const { address } = parsed(shape, operation.input);
  const { now, nowMilliseconds } = operation;
  const person = await requirePerson(address, now);
  if (person.moving) throw refused(`${address} is on the way to ${person.moving.to}: finish that first`);
  const { done } = await commit([
    ...(await closedAccount({ person, address }, now)),
    audited(person, { event: 'account_closed', by: 'operator' }, nowMilliseconds),
    await addressChange(operation, address),
  ]);
  if (!done) throw overtaken(address);
  return { address, subject: person.subject };
}

/** Deletes the data of people with a closed account, or of one of them, as far as one invocation can. */
export async function deleteClosed(operation: Operation): Promise<object> {
  const { subject } = parsed(whose, operation.input);
  return subject === undefined ? deleteAll(operation) : deleteOfOne(subject, operation);
}

/** What others still write at this moment is left for the clock. */
async function deleteOfOne(subject: string, operation: Operation): Promise<object> {
  const account = await find(closedAccountLookup(subject), operation.now);
  if (!account) return { subject, items_removed: 0, done: true };
  const { removed } = await deleteOne(account, MOST, operation);
  return { subject, items_removed: removed, done: removed < MOST };
}

async function deleteAll(operation: Operation): Promise<object> {
  const progress = { deleted: 0, left: 0, failed: 0, items_removed: 0 };
  let budget = MOST;
  let after: string | undefined;
  do {
    const { accounts, next } = await closedAccountsAfter(after);
    for (const account of accounts) {
      if (budget <= 0) return progress;
      const { removed, outcome } = await attempt(account, Math.min(MOST_OF_ONE, budget), operation);
      progress.items_removed += removed;
      progress[outcome] += 1;
      budget -= removed + LOOKING;
    }
    after = next;
  } while (after !== undefined);
  return progress;
}

type Attempt = { readonly removed: number; readonly outcome: 'deleted' | 'left' | 'failed' };

/** One that fails does not keep the others waiting: it goes on with the next invocation. */
async function attempt(account: ClosedAccount, most: number, operation: Operation): Promise<Attempt> {
  if (operation.now - account.closedAt > OVERDUE_SECONDS) countEvent('DeletionsOverdue');
  try {
    return await deleteOne(account, most, operation);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    console.warn({ command: operation.command, subject: account.subject, failed: error.message });
    return { removed: 0, outcome: 'failed' };
  }
}

async function deleteOne(account: ClosedAccount, most: number, operation: Operation): Promise<Attempt> {
  const { now, nowMilliseconds } = operation;
  const removed = await removeItems(account, most);
  if (removed > 0 || now - account.closedAt < SETTLED_SECONDS) return { removed, outcome: 'left' };
  await endDeletion(account, audited(account, { event: 'account_deleted' }, nowMilliseconds));
  return { removed, outcome: 'deleted' };
}

import type { Grant } from '#core/oauth/types.ts';
import { audited } from '#core/store/audit.ts';
import { endGrant, grantsOf } from '#core/store/grants.ts';
import type { Person } from '#core/store/people.ts';
import { commit } from '#core/store/table.ts';
import { adminChange, type Operation } from '../operation.ts';

const MOST_AT_ONCE = 20;
const MOST = 200;

/** How many grants were ended, and if all of them are. */
export type Ended = { readonly ended: number; readonly isDone: boolean };

/** Ends the grants of a person, as many as one invocation has time for. Each end is audited for them and the operator. */
export async function endGrants({ subject }: Person, operation: Operation): Promise<Ended> {
  let ended = 0;
  let after: string | undefined;
  do {
    const { grants, next } = await grantsOf(subject, operation.now, after);
    for (let start = 0; start < grants.length; start += MOST_AT_ONCE) {
      const batch = grants.slice(start, start + MOST_AT_ONCE);
      const outcomes = await Promise.all(batch.map((grant) => end(grant, operation)));
      ended += outcomes.filter(Boolean).length;
    }
    after = next;
  } while (after !== undefined && ended < MOST);
  return { ended, isDone: after === undefined };
}

/** Ends one grant. True if nobody else had done so. */
export async function end(grant: Grant, operation: Operation): Promise<boolean> {
  const { id, clientId } = grant;
  const { done } = await commit([
    endGrant(id, operation.now),
    audited(grant, { event: 'revocation', clientId, grantId: id }, operation.nowMilliseconds),
    adminChange(operation, id),
  ]);
  return done;
}

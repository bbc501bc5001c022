import type { Request } from '#core/http/request.ts';
import { grantIdOf } from '#core/oauth/grant.ts';
import type { Grant } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { forgottenApproval } from '#core/store/approvals.ts';
import { audited } from '#core/store/audit.ts';
import { endGrant, grantLookup, grantsOf } from '#core/store/grants.ts';
import { find } from '#core/store/table.ts';
import { requireVisitor, type Visitor } from './visitor.ts';

const MOST = 200;

/** The grant's own part of its id, by which the pages name a connection. */
const CONNECTION = /^\w{1,100}$/;

/** The connection that a text names. Undefined if it can be none. */
export function connectionIn(text: string | null | undefined): string | undefined {
  return CONNECTION.exec(text ?? '')?.[0];
}

/** What became of a wish to end a connection. One that is not theirs is as unknown as one that never was. */
type Outcome = 'ended' | 'ended-before' | 'unknown' | 'signed-out';

/** Ends one connection of a person: its tokens are refused from the next call on. */
export async function disconnect(visitor: Visitor, connection: string | undefined, request: Request): Promise<Outcome> {
  const grantId = connection && grantIdOf(visitor.person.subject, connection);
  const grant = grantId ? await find(grantLookup(grantId), request.now) : undefined;
  if (!grant) return 'unknown';
  if (grant.revokedAt !== undefined) return 'ended-before';
  return end(visitor, grant, request);
}

/**
 * Ends all connections of a person, as many as one request has time for. One after the other: transactions that look at
 * the same person at the same time get in each other's way.
 */
export async function disconnectAll(
  visitor: Visitor,
  request: Request,
): Promise<{ readonly ended: number; readonly isDone: boolean }> {
  let ended = 0;
  let after: string | undefined;
  do {
    const { grants, next } = await grantsOf(visitor.person.subject, request.now, after);
    for (const grant of grants) {
      const outcome = await end(visitor, grant, request);
      if (outcome === 'signed-out') return { ended, isDone: false };
      if (outcome === 'ended') ended += 1;
    }
    after = next;
  } while (after !== undefined && ended < MOST);
  return { ended, isDone: after === undefined };
}

async function end(visitor: Visitor, grant: Grant, { now, nowMilliseconds }: Request): Promise<Outcome> {
  const { id: grantId, clientId } = grant;
  const writes = [
    endGrant(grantId, now),
    audited(grant, { event: 'revocation', clientId, grantId, by: 'person' }, nowMilliseconds),
    forgottenApproval(visitor.address, clientId),
    ...requireVisitor(visitor),
  ];
  const outcome = await record(writes);
  if (outcome.done) return 'ended';
  return outcome.failed === 0 ? 'ended-before' : 'signed-out';
}

import type { Request } from '#core/http/request.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import {
  endedSession,
  endedVisit,
  endedWithVisits,
  inBatches,
  type ListedSession,
  sessionsOf,
} from '#core/store/sessions.ts';
import { requireVisitor, type Visitor } from './visitor.ts';

/** Signs out one other browser, or all. Returns how many sessions ended, and if the visitor was still signed in. */
export async function endOthers(
  visitor: Visitor,
  request: Request,
  isMeant: (session: ListedSession) => boolean,
): Promise<{ readonly ended: number; readonly isDone: boolean }> {
  const sessions = await sessionsOf(visitor.person, request.now);
  const others = sessions.filter((session) => session.hash !== visitor.sessionHash && isMeant(session));
  let ended = 0;
  for (const batch of inBatches(others)) {
    if (!(await end(batch, visitor, request))) return { ended, isDone: false };
    ended += batch.length;
  }
  return { ended, isDone: true };
}

/** The visitor's own visit goes on. */
async function end(sessions: readonly ListedSession[], visitor: Visitor, request: Request): Promise<boolean> {
  const { person, visit: goingOn } = visitor;
  const { now, nowMilliseconds } = request;
  const outcome = await record([
    ...endedWithVisits(sessions, { subject: person.subject, now, goingOn }),
    ...sessions.map(() => audited(person, { event: 'session_end' }, nowMilliseconds)),
    ...requireVisitor(visitor),
  ]);
  return outcome.done;
}

/** Signs the visitor out of this browser. */
export async function endThis(visitor: Visitor, { now, nowMilliseconds }: Request): Promise<void> {
  const { person, sessionHash, visit } = visitor;
  await record([
    ...endedSession(sessionHash, person.subject),
    endedVisit(visit, now),
    audited(person, { event: 'sign_out' }, nowMilliseconds),
  ]);
}

import type { Request } from '#core/http/request.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { endedSession, endedVisit, type ListedSession, sessionsOf } from '#core/store/sessions.ts';
import { requireVisitor, type Visitor } from './visitor.ts';

/** Signs out one other browser, or all. Returns how many sessions ended, and if the visitor was still signed in. */
export async function endOthers(
  visitor: Visitor,
  request: Request,
  isMeant: (session: ListedSession) => boolean,
): Promise<{ readonly ended: number; readonly isDone: boolean }> {
  const sessions = await sessionsOf(visitor.person, request.now);
  const others = sessions.filter((session) => session.hash !== visitor.sessionHash && isMeant(session));
  for (const [at, session] of others.entries()) {
    if (!(await end(session, visitor, request))) return { ended: at, isDone: false };
  }
  return { ended: others.length, isDone: true };
}

/** With the visit that it is of end the sign-ins, pages and codes that came of it. The visitor's own visit goes on. */
async function end({ hash, visit = hash }: ListedSession, visitor: Visitor, request: Request): Promise<boolean> {
  const { person } = visitor;
  const outcome = await record([
    ...endedSession(hash, person.subject),
    ...(visit === visitor.visit ? [] : [endedVisit(visit, request.now)]),
    audited(person, { event: 'session_end' }, request.nowMilliseconds),
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

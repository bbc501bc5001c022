import { parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { isFreshSignIn } from '#core/oauth/sign-in.ts';
import { record } from '#core/record.ts';
import { notify } from '#core/sign-in/notify.ts';
import { clearedSession } from '#core/sign-in/session.ts';
import { audited } from '#core/store/audit.ts';
import { closedAccount } from '#core/store/closing.ts';
import type { Person } from '#core/store/people.ts';
import { requireVisit } from '#core/store/sessions.ts';
import { closedPage, deletePage } from './pages/delete-page.ts';
import { expired } from './refusals.ts';
import type { Posted, Visitor } from './visitor.ts';

/** Shows what deleting the account means, and a form for it to somebody who has signed in just now. */
export async function showDeletion(visitor: Visitor, { now }: Request): Promise<Response> {
  return deletePage(visitor, { isFresh: isFreshSignIn(visitor.session.signedInAt, now) });
}

/** Closes the account of somebody who has signed in just now and confirmed it. Everything in it is deleted afterwards. */
export async function deleteAccount({ visitor, sent }: Posted, request: Request): Promise<Response> {
  const { words, person, address, session, visit } = visitor;
  const { now, nowMilliseconds } = request;
  const isFresh = isFreshSignIn(session.signedInAt, now);
  const isConfirmed = parameter(sent, 'confirm') === 'yes';
  if (person.isReviewer || !isFresh || !isConfirmed)
    return deletePage(visitor, { isFresh, problem: isFresh ? 'unconfirmed' : 'tooOld' });
  const outcome = await record([
    ...(await closedAccount({ person, address }, now)),
    audited(person, { event: 'account_closed', by: 'person' }, nowMilliseconds),
    ...requireVisit(visit),
  ]);
  if (!outcome.done) return isClosed(outcome.item) ? closedPage(words) : expired(words);
  await notify({ kind: 'accountDeleted' }, { to: address, words }, request);
  return { ...closedPage(words), cookies: [clearedSession()] };
}

/** A form that was sent twice finds that the first one has done it. */
function isClosed(inTheWay: Partial<Person> | undefined): boolean {
  return inTheWay?.closedAt !== undefined;
}

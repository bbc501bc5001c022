import { parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { record } from '#core/record.ts';
import { paths } from '#core/routes.ts';
import { clearedSession } from '#core/sign-in/session.ts';
import { audited } from '#core/store/audit.ts';
import { speaking } from '#core/store/people.ts';
import { requireVisit } from '#core/store/sessions.ts';
import { languages } from '#core/words/languages.ts';
import { fill } from '#core/words/say.ts';
import { name } from '#generated';
import { connectionIn, disconnect, disconnectAll } from './disconnect.ts';
import { endEverything } from './end-everything.ts';
import { endOthers, endThis } from './end-sessions.ts';
import { outcomePage, signedOutPage } from './pages/outcome-page.ts';
import { expired } from './refusals.ts';
import type { Posted } from './visitor.ts';

/** Disconnects one client, and says what became of it. */
export async function disconnectOne({ visitor, sent }: Posted, request: Request): Promise<Response> {
  const { words } = visitor;
  const { account } = words;
  switch (await disconnect(visitor, connectionIn(parameter(sent, 'connection')), request)) {
    case 'ended':
      return outcomePage(words, { title: account.disconnectedTitle, text: fill(account.disconnected, { name }) });
    case 'ended-before':
      return outcomePage(words, { title: account.disconnectedTitle, text: account.disconnectedBefore });
    case 'unknown':
      return outcomePage(words, { title: account.unknownTitle, text: account.unknown, status: 404 });
    case 'signed-out':
      return expired(words);
  }
}

/** Disconnects every client. */
export async function disconnectEvery({ visitor }: Posted, request: Request): Promise<Response> {
  const { words } = visitor;
  const { account } = words;
  const { isDone } = await disconnectAll(visitor, request);
  if (!isDone) return outcomePage(words, { title: account.someLeftTitle, text: account.someLeft });
  return outcomePage(words, { title: account.allDisconnectedTitle, text: fill(account.allDisconnected, { name }) });
}

/** Signs one other browser out. */
export async function endOneSession({ visitor, sent }: Posted, request: Request): Promise<Response> {
  const { words } = visitor;
  const meant = parameter(sent, 'session');
  const { ended, isDone } = await endOthers(visitor, request, ({ hash }) => hash === meant);
  if (!isDone) return expired(words);
  const text = ended > 0 ? words.account.sessionEnded : words.account.sessionEndedBefore;
  return outcomePage(words, { title: words.account.sessionEndedTitle, text });
}

/** Signs all other browsers out. */
export async function endOtherSessions({ visitor }: Posted, request: Request): Promise<Response> {
  const { words } = visitor;
  const { isDone } = await endOthers(visitor, request, () => true);
  if (!isDone) return expired(words);
  return outcomePage(words, { title: words.account.sessionEndedTitle, text: words.account.sessionsEnded });
}

/** Signs this browser out. */
export async function signOut({ visitor }: Posted, request: Request): Promise<Response> {
  const { words } = visitor;
  await endThis(visitor, request);
  const answer = signedOutPage(words, { title: words.account.signedOutTitle, text: words.account.signedOut });
  return { ...answer, cookies: [clearedSession()] };
}

/** Signs every browser out and disconnects every client. */
export async function signOutEverywhere({ visitor }: Posted, request: Request): Promise<Response> {
  const { words } = visitor;
  if (!(await endEverything(visitor, request))) return expired(words);
  const { everythingEndedTitle: title, everythingEnded: text } = words.account;
  return { ...signedOutPage(words, { title, text }), cookies: [clearedSession()] };
}

/** Keeps the language that the person chose. The page that follows is in it. */
export async function changeLanguage({ visitor, sent }: Posted, request: Request): Promise<Response> {
  const { words, session, visit } = visitor;
  const chosen = languages.find((language) => language === parameter(sent, 'language'));
  if (chosen === undefined)
    return outcomePage(words, { title: words.account.unknownTitle, text: words.account.unknown, status: 400 });
  const { done } = await record([
    speaking(session.principal, chosen),
    audited(session.principal, { event: 'account_change', setting: 'language' }, request.nowMilliseconds),
    ...requireVisit(visit),
  ]);
  return done ? empty(303, { location: paths.account }) : expired(words);
}

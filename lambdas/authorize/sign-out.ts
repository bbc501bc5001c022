import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { standingOf } from '#core/oauth/sign-in.ts';
import { record } from '#core/record.ts';
import { gone, postingBrowser } from '#core/sign-in/browser.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { clearedSession, sessionHash, shownSession, visitOf } from '#core/sign-in/session.ts';
import { audited } from '#core/store/audit.ts';
import { endedSession, endedVisit } from '#core/store/sessions.ts';
import { signedOut, signInLookup } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';

/** Ends the browser's session with all that it had open, and lets another person go on with the same request. */
export async function signOut(request: Request): Promise<Response> {
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  if (!browser) return lostWindow(request, sent);
  const [signIn, session] = await findAll([signInLookup(browser.id), shownSession(request)], request.now);
  if (!signIn) return unknownWindow(browser.id, request);
  const standing = standingOf(signIn, browser.browserHash, request.now);
  if (standing !== 'open' && standing !== 'signed-in') return closedWindow(standing, signIn, browser);
  const visits = new Set([signIn.visit, session && visitOf(session, request)].filter((visit) => visit !== undefined));
  const { principal } = signIn;
  const outcome = await record([
    signedOut(browser),
    ...endedSession(sessionHash(request), session?.principal.subject),
    ...[...visits].map((visit) => endedVisit(visit, request.now)),
    ...(principal ? [audited(principal, { event: 'sign_out' }, request.nowMilliseconds)] : []),
  ]);
  if (!outcome.done) throw gone(signIn);
  const next = { ...browser, words: await wordsOf(signIn), passkeyUses: signIn.passkeyUses };
  return { ...emailPage(next), cookies: [clearedSession()] };
}

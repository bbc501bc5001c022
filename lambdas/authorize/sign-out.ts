import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { standingOf } from '#core/oauth/sign-in.ts';
import { endSession } from '#core/store/sessions.ts';
import { signedOut, signInLookup } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import { gone, postingBrowser } from './browser.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';
import { emailPage } from './pages/email-page.ts';
import { clearedSession, sessionHash } from './session.ts';

/** Ends the browser's session, and lets another person go on with the same request. */
export async function signOut(request: Request): Promise<Response> {
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  if (!browser) return lostWindow(request, sent);
  const signIn = await find(signInLookup(browser.id), request.now);
  if (!signIn) return unknownWindow(browser.id, request.now);
  const standing = standingOf(signIn, browser.browserHash, request.now);
  if (standing !== 'open' && standing !== 'signed-in') return closedWindow(standing, signIn, browser);
  const outcome = await signedOut(browser);
  if (!outcome.done) throw gone();
  await endSession(sessionHash(request));
  return { ...emailPage(browser), cookies: [clearedSession()] };
}

import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { endSession } from '#core/store/sessions.ts';
import { signedOut } from '#core/store/sign-ins.ts';
import { gone, postingBrowser } from './browser.ts';
import { emailPage } from './pages/email-page.ts';
import { clearedSession, sessionHash } from './session.ts';

/** Ends the browser's session, and lets another person go on with the same request. */
export async function signOut(request: Request): Promise<Response> {
  const browser = postingBrowser(request, form(request));
  const outcome = await signedOut(browser, request.now);
  if (!outcome.done) throw gone();
  await endSession(sessionHash(request));
  return { ...emailPage(browser), cookies: [clearedSession()] };
}

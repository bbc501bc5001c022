import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import type { Site } from '#core/oauth/passkey.ts';
import { postingBrowser } from '#core/sign-in/browser.ts';
import { passkeysPage } from './pages/passkeys-page.ts';
import { signedOutPage, signInPath } from './pages/signed-out-page.ts';
import { visitorOf } from './visitor.ts';

/** Shows a person their passkeys, with the way back if they come from a window in which they connect a client. */
export async function showPasskeys(request: Request, site: Site): Promise<Response> {
  const window = request.method === 'POST' ? postingBrowser(request, form(request)) : undefined;
  const visitor = await visitorOf(request);
  if (visitor) return passkeysPage({ ...visitor, window }, site);
  return request.method === 'GET' ? empty(303, { location: signInPath }) : signedOutPage(request);
}

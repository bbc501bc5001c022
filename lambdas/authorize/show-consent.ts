import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { standingOf } from '#core/oauth/sign-in.ts';
import { visitingBrowser } from '#core/sign-in/browser.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { shownProof } from '#core/sign-in/signed-in-proof.ts';
import { signInLookup } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import { askConsent } from './ask-consent.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';

/** Shows the current page of a window, to a browser that comes back from an outside provider. Changes nothing. */
export async function showConsent(request: Request): Promise<Response> {
  const id = request.query.get('transaction') ?? '';
  const browser = visitingBrowser(request, id);
  if (!browser) return lostWindow(request, new URLSearchParams({ transaction: id }));
  const signIn = await find(signInLookup(id), request.now);
  if (!signIn) return unknownWindow(id, request);
  const standing = standingOf(signIn, browser.browserHash, request.now);
  if (standing === 'open') return emailPage({ ...browser, words: await wordsOf(signIn) }, signIn.address);
  if (standing !== 'signed-in') return closedWindow(standing, signIn, browser);
  if (shownProof(signIn, browser, request) === undefined) return closedWindow('foreign', signIn, browser);
  const { offersPasskey = false } = signIn;
  return askConsent(signIn, { ...browser, offersPasskey }, request.now);
}

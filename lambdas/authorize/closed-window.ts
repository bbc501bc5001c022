import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { parametersOf } from '#core/oauth/authorization-request.ts';
import { promptFor } from '#core/oauth/prompt.ts';
import { lossOf, type Standing, signInSeconds } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { type Browser, begunAtOf, isSignInId, openIn } from '#core/sign-in/browser.ts';
import { type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import {
  alreadySignedInPage,
  answeredPage,
  elsewherePage,
  expiredPage,
  pushedOutPage,
  unknownPage,
} from './pages/closed-pages.ts';

/** The page of a window whose sign-in is not open any more, with the way on from there. */
export function closedWindow(standing: Exclude<Standing, 'open'>, signIn: SignIn, browser: Browser): Response {
  switch (standing) {
    case 'signed-in':
      return alreadySignedInPage(browser);
    case 'decided':
      return answeredPage(browser, signIn.decision?.approved === true);
    case 'expired':
      return expiredPage(beginAgain(signIn));
    case 'foreign':
      return elsewherePage();
  }
}

/** The page of a window whose sign-in is not known: it was over long ago, or never was. */
export function unknownWindow(id: string, now: number): Response {
  return begunAtOf(id) + signInSeconds <= now ? expiredPage(undefined) : unknownPage();
}

/**
 * The page of a window of which the browser has no cookie: it was pushed out by newer ones, has expired, or was begun in
 * another browser. Where the way leads comes from the table, never from the form.
 */
export async function lostWindow(request: Request, sent: URLSearchParams): Promise<Response> {
  const { now } = request;
  const id = sent.get('transaction') ?? '';
  if (!isSignInId(id)) return unknownPage();
  const signIn = await find(signInLookup(id), now);
  const newerWindows = openIn(request).filter((open) => open > id).length;
  const formToken = sent.get('form_token') ?? '';
  switch (lossOf({ signIn, formToken, begunAt: begunAtOf(id), newerWindows, now })) {
    case 'expired':
      return expiredPage(signIn && beginAgain(signIn));
    case 'pushed-out':
      return pushedOutPage(signIn && beginAgain(signIn));
    case 'elsewhere':
      return elsewherePage();
    case 'unknown':
      return unknownPage();
  }
}

/** The address of the same authorization request, which is checked anew. */
function beginAgain({ request, freshness }: SignIn): string {
  const parameters = { ...parametersOf(request), ...(freshness ? promptFor(freshness) : {}) };
  return `${paths.authorize}?${new URLSearchParams(parameters)}`;
}

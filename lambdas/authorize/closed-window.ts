import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsFor, wordsOf } from '#core/http/words-for.ts';
import { lossOf, type Standing, signInSeconds } from '#core/oauth/sign-in.ts';
import { type Browser, begunAtOf, isSignInId, openIn } from '#core/sign-in/browser.ts';
import { type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import { beginAgain } from './begin-again.ts';
import {
  alreadySignedInPage,
  answeredPage,
  elsewherePage,
  expiredPage,
  pushedOutPage,
  unknownPage,
} from './pages/closed-pages.ts';

/** The page of a window whose sign-in is not open any more, with the way on from there. */
export async function closedWindow(
  standing: Exclude<Standing, 'open'>,
  signIn: SignIn,
  browser: Browser,
): Promise<Response> {
  const words = await wordsOf(signIn);
  switch (standing) {
    case 'signed-in':
      return alreadySignedInPage({ ...browser, words });
    case 'decided':
      return answeredPage({ ...browser, words }, signIn.decision?.approved === true);
    case 'expired':
      return expiredPage(words, beginAgain(signIn));
    case 'foreign':
      return elsewherePage(words);
  }
}

/** The page of a window whose sign-in is not known: it was over long ago, or never was. */
export async function unknownWindow(id: string, request: Request): Promise<Response> {
  const words = await wordsFor(request);
  return begunAtOf(id) + signInSeconds <= request.now ? expiredPage(words, undefined) : unknownPage(words);
}

/**
 * The page of a window of which the browser has no cookie: it was pushed out by newer ones, has expired, or was begun in
 * another browser. Where the way leads comes from the table, never from the form.
 */
export async function lostWindow(request: Request, sent: URLSearchParams): Promise<Response> {
  const { now } = request;
  const id = sent.get('transaction') ?? '';
  if (!isSignInId(id)) return unknownPage(await wordsFor(request));
  const signIn = await find(signInLookup(id), now);
  const words = await (signIn ? wordsOf(signIn) : wordsFor(request));
  const newerWindows = openIn(request).filter((open) => open > id).length;
  const formToken = sent.get('form_token') ?? '';
  switch (lossOf({ signIn, formToken, begunAt: begunAtOf(id), newerWindows, now })) {
    case 'expired':
      return expiredPage(words, signIn && beginAgain(signIn));
    case 'pushed-out':
      return pushedOutPage(words, signIn && beginAgain(signIn));
    case 'elsewhere':
      return elsewherePage(words);
    case 'unknown':
      return unknownPage(words);
  }
}

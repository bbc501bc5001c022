import { form, parameter } from '#core/http/parameters.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { networkRates } from '#core/network-rates.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { codeHash as hashOf, readCode } from '#core/oauth/one-time-code.ts';
import { isPassword, isPasswordOf, readPassword } from '#core/oauth/reviewer.ts';
import { isSignedInBy, judgeCode, standingOf } from '#core/oauth/sign-in.ts';
import { arrivalCookies, repeatedCookies } from '#core/sign-in/arrival-cookies.ts';
import { type Browser, gone, postingBrowser } from '#core/sign-in/browser.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { numberIn } from '#core/sign-in/form.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { onToProvider } from '#core/sign-in/required-provider.ts';
import { shownSession } from '#core/sign-in/session.ts';
import { signIn as signInPerson } from '#core/sign-in/sign-in.ts';
import { addressLookup } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import type { Session } from '#core/store/sessions.ts';
import { type SignIn, signInLookup, takeTry } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { plural } from '#core/words/say.ts';
import { askConsent } from './ask-consent.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';
import { offerTo } from './offer.ts';
import { onward } from './onward.ts';
import { goOnFromOtherWindow } from './other-window.ts';
import { codePage } from './pages/code-page.ts';
import { recordUnproven } from './record-unproven.ts';

/** What was typed into which sign-in, and from where. */
type Typed = {
  readonly signIn: SignIn;
  readonly session: Session | undefined;
  readonly browser: Browser;
  readonly hash: string;
  /** How, if it is a reviewer's password. */
  readonly by: 'password' | undefined;
};

/** Checks the code that was typed, and signs the person in. */
export async function checkCode(request: Request): Promise<Response> {
  const { now } = request;
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  if (!browser) return lostWindow(request, sent);
  const [signIn, session] = await findAll([signInLookup(browser.id), shownSession(request)], now);
  if (!signIn) return unknownWindow(browser.id, request);
  const text = parameter(sent, 'code') ?? '';
  const code = readCode(text) ?? readPassword(text);
  const hash = code === undefined ? '' : hashOf(code, browser.secret);
  const standing = standingOf(signIn, browser.browserHash, now);
  if (standing === 'signed-in' || standing === 'decided') return afterSignIn(signIn, browser, hash, now);
  if (standing !== 'open') return closedWindow(standing, signIn, browser);
  const isTheirs = signIn.address !== undefined && signIn.address === session?.address;
  const goingOn = isTheirs && (await goOnFromOtherWindow(signIn, session, browser, request));
  if (goingOn) return goingOn;
  if (code === undefined) return askAgain(signIn, browser, 'unreadable');
  const outcome = await takeTry(browser, { typedHash: hash, triesShown: numberIn(sent, 'tries') });
  const current = outcome.item ?? signIn;
  // A form that was sent twice costs no try, but a password takes long to check: it counts as a wrong code of its network.
  const isTriedAgain = async () => current.lastTried === hash && (await countWrong(request)) === undefined;
  const isTried = isPassword(code) && (outcome.done || (await isTriedAgain()));
  const by = isTried && (await isReviewers(code, current, now)) ? 'password' : undefined;
  const awaited = by ? { ...current, codeHash: hash } : current;
  return judged({ signIn: awaited, session, browser, hash, by }, outcome.done, request);
}

/**
 * True if this is the password of the address, which counts as a code does. For an address that may not sign in it is
 * checked too, so that the time does not tell.
 */
async function isReviewers(password: string, { address = '' }: SignIn, now: number): Promise<boolean> {
  const [known] = await findAll([addressLookup(sha256(address))], now);
  return isPasswordOf(known, password, now) && maySignIn(address);
}

async function judged(typed: Typed, hasTry: boolean, request: Request): Promise<Response> {
  const { signIn, browser, hash } = typed;
  switch (judgeCode(signIn, hash, hasTry)) {
    case 'right':
      return signInWith(typed, request);
    case 'wrong':
      return wrongCode(signIn, browser, hasTry ? await noteWrong(signIn, request) : undefined);
    case 'earlier':
      return askAgain(signIn, browser, 'earlier');
    case 'not-mailed':
      return askAgain(signIn, browser, 'requestFirst');
    case 'signed-in':
      return afterSignIn(signIn, browser, hash, request.now);
    case 'tries-used-up':
      throw triesUsedUp(signIn);
  }
}

async function signInWith({ signIn, session: shown, browser, by }: Typed, request: Request): Promise<Response> {
  const { address, codeHash, tenant, era, pendingLink } = signIn;
  if (address === undefined || codeHash === undefined) throw gone(signIn);
  const { known, cookies } = arrivalCookies(browser, request);
  const expected = { tenant: tenant ?? undefined, era };
  const { language } = signIn;
  const { clientId } = signIn.request;
  const isLinked = pendingLink !== undefined && pendingLink.address === address && !by;
  const provider = isLinked
    ? { link: pendingLink, is: 'proven' as const, subject: undefined, sid: pendingLink.sid }
    : undefined;
  const arrival = {
    browser,
    address,
    codeHash,
    provider,
    by,
    expected,
    shown,
    language,
    clientId,
    ...known,
  };
  const signedIn = await signInPerson(arrival, request);
  if ('other' in signedIn) return afterSignIn(signedIn.other, browser, codeHash, request.now);
  if ('mustUse' in signedIn) return onToProvider(signedIn.mustUse);
  const { uses, before, policy } = signedIn;
  const offered = { scopes: offerTo(signedIn.person, policy, signIn.request.scopes), uses, before };
  const words = await wordsOf(signedIn);
  return {
    ...onward(signIn, offered, { ...browser, words, offersPasskey: signedIn.offersPasskey }),
    cookies,
  };
}

/** The same form sent twice gets the same page, with the same session. Any other learns that the code was used. */
async function afterSignIn(signIn: SignIn, browser: Browser, typedHash: string, now: number): Promise<Response> {
  const { sessionSalt, decision, offersPasskey = false } = signIn;
  if (sessionSalt === undefined || !isSignedInBy(signIn, typedHash, now))
    return closedWindow(decision ? 'decided' : 'signed-in', signIn, browser);
  const cookies = repeatedCookies(browser, sessionSalt);
  return { ...(await askConsent(signIn, { ...browser, offersPasskey }, now)), cookies };
}

async function askAgain(
  signIn: SignIn,
  browser: Browser,
  why: 'unreadable' | 'earlier' | 'requestFirst',
): Promise<Response> {
  const words = await wordsOf(signIn);
  const { codeHash, address, passkeyUses } = signIn;
  if (codeHash === undefined)
    return emailPage({ ...browser, words, passkeyUses, problem: words.code.requestFirst }, address);
  return codePage(signIn, { ...browser, words, problem: words.code[why] });
}

/**
 * Counts and records a wrong code, and returns how long the network has none left. The code has been looked at by then, so that others
 * who share the network cannot stop a right one; what bounds the guesses at a code is its tries.
 */
async function noteWrong(signIn: SignIn, request: Request): Promise<number | undefined> {
  const [waitSeconds] = await Promise.all([countWrong(request), recordUnproven('wrong_code', signIn, request)]);
  return waitSeconds;
}

function countWrong(request: Request): Promise<number | undefined> {
  return count(networkRates('wrongCodesPerIp', request), request.now);
}

async function wrongCode(signIn: SignIn, browser: Browser, waitSeconds: number | undefined): Promise<Response> {
  const { triesLeft } = signIn;
  if (triesLeft <= 0) throw triesUsedUp(signIn);
  const words = await wordsOf(signIn);
  const problem = plural(words, words.code.wrong, triesLeft);
  const answer = codePage(signIn, { ...browser, words, problem });
  if (waitSeconds === undefined) return answer;
  return { ...answer, status: 429, headers: { ...answer.headers, 'retry-after': String(waitSeconds) } };
}

function triesUsedUp({ language }: SignIn): Refusal {
  return new Refusal('access_denied', 'tries', { language });
}

import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import { count, type Rate, waitIfFull } from '#core/store/rates.ts';
import { type SignIn, takeTry } from '#core/store/sign-ins.ts';
import { limits } from '#generated';
import { type Browser, gone, postingBrowser } from './browser.ts';
import { offerTo } from './offer.ts';
import { isCode } from './one-time-code.ts';
import { codePage } from './pages/code-page.ts';
import { consentPage } from './pages/consent-page.ts';
import { alreadySignedInPage } from './pages/notice-page.ts';
import { newSessionCookie } from './session.ts';
import { signIn } from './sign-in.ts';

/** Checks the code that was typed, and signs the person in. */
export async function checkCode(request: Request): Promise<Response> {
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  const rate: Rate = { kind: 'wrong-code-ip', subject: networkOf(request), limits: limits.wrongCodesPerIp };
  const waitSeconds = await waitIfFull(rate, request.now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const outcome = await takeTry(browser, request.now);
  if (!outcome.done) return withoutTry(browser, outcome.item);
  const { address, codeHash } = outcome.item;
  if (!address || !codeHash) throw gone();
  if (!isCode(parameter(sent, 'code') ?? '', browser.secret, codeHash)) {
    await count([rate], request.now);
    return wrongCode(browser, outcome.item, address);
  }
  const session = newSessionCookie();
  const arrival = { browser, address, expectedTenant: outcome.item.tenant ?? undefined, sessionHash: session.hash };
  const { person, tenant } = await signIn(arrival, request);
  const offered = offerTo(person, tenant, outcome.item.request.scopes);
  return { ...consentPage(outcome.item, offered, browser), cookies: [session.cookie] };
}

function withoutTry(browser: Browser, signIn: SignIn | undefined): Response {
  if (signIn?.browserHash !== browser.browserHash) throw gone();
  if (signIn.principal) return alreadySignedInPage(browser);
  if (signIn.triesLeft === 0) throw tooManyWrongCodes();
  throw gone();
}

function wrongCode(browser: Browser, { triesLeft }: SignIn, address: string): Response {
  if (triesLeft === 0) throw tooManyWrongCodes();
  const left = triesLeft === 1 ? 'One try is left.' : `${triesLeft} tries are left.`;
  return codePage({ ...browser, address, problem: `That is not the code. ${left}` });
}

function tooManyWrongCodes(): OAuthError {
  return new OAuthError(
    'access_denied',
    'That was not the code too many times. Go back to your application and connect again.',
  );
}

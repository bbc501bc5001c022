import { randomUUID } from 'node:crypto';
import { countEvent } from '#core/http/metrics.ts';
import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import type { Principal } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { addressLookup, newPerson, personOf, requirePerson } from '#core/store/people.ts';
import { count, type Rate, waitIfFull } from '#core/store/rates.ts';
import { newSession } from '#core/store/sessions.ts';
import { type SignIn, signedIn, takeTry } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import { limits } from '#generated';
import { type Browser, gone, postingBrowser } from './browser.ts';
import { isCode } from './one-time-code.ts';
import { codePage } from './pages/code-page.ts';
import { consentPage } from './pages/consent-page.ts';
import { alreadySignedInPage } from './pages/notice-page.ts';
import { endOfShown, newSessionCookie } from './session.ts';

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
  const principal = await signIn(browser, address, session.hash, request);
  return { ...consentPage({ ...outcome.item, principal }, browser), cookies: [session.cookie] };
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

/** Finds the person of an address, or makes one at their first sign-in. Whoever loses that race finds the winner's. */
async function signIn(browser: Browser, address: string, sessionHash: string, request: Request): Promise<Principal> {
  const { now, nowMilliseconds } = request;
  const addressHash = sha256(address);
  const known = personOf(await find(addressLookup(addressHash), now));
  const principal = known ?? newPrincipal();
  const outcome = await record([
    signedIn(browser, principal, now),
    audited(principal, { event: 'sign_in' }, nowMilliseconds),
    newSession(sessionHash, { principal, address, signedInAt: now }),
    ...(known ? [requirePerson(principal.subject)] : newPerson(addressHash, principal, now)),
    ...endOfShown(request),
  ]);
  if (outcome.done) {
    countEvent('SignIns');
    return principal;
  }
  if (outcome.failed === 0) throw gone();
  if (known) throw new OAuthError('access_denied', 'This address may not sign in here.', 403);
  return signIn(browser, address, sessionHash, request);
}

/** A person comes with a tenant of their own. */
function newPrincipal(): Principal {
  const subject = randomUUID();
  return { subject, tenant: `personal-${subject}` };
}

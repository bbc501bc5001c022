import { setTimeout as wait } from 'node:timers/promises';
import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { send } from '#core/mail/send.ts';
import { isSame, sha256 } from '#core/oauth/digest.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { count } from '#core/store/rates.ts';
import { expectCode, type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import { answerFloorMilliseconds, limits } from '#generated';
import { type Browser, gone, postingBrowser } from './browser.ts';
import { codeMail } from './code-mail.ts';
import { described, destinationOf } from './destination.ts';
import { canonicalAddress } from './email-address.ts';
import { codeHash, newOneTimeCode } from './one-time-code.ts';
import { codePage } from './pages/code-page.ts';
import { emailPage } from './pages/email-page.ts';

/** Mails a code to the address that was typed. Whatever the address is, the answer and its time are the same. */
export async function mailCode(request: Request): Promise<Response> {
  const [outcome] = await Promise.allSettled([answer(request), wait(answerFloorMilliseconds)]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

async function answer(request: Request): Promise<Response> {
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  const address = canonicalAddress(parameter(sent, 'email') ?? '');
  if (!address) return emailPage({ ...browser, problem: 'That is not an e-mail address that mail can be sent to.' });
  const signIn = await openSignIn(browser, request.now);
  await countMail(address, request);
  await mailNewCode(browser, signIn, address, request);
  return codePage({ ...browser, address });
}

async function openSignIn({ id, browserHash }: Browser, now: number): Promise<SignIn> {
  const signIn = await find(signInLookup(id), now);
  if (!signIn || signIn.principal || !isSame(signIn.browserHash, browserHash)) throw gone();
  return signIn;
}

async function countMail(address: string, request: Request): Promise<void> {
  const waitSeconds = await count(
    [
      { kind: 'mail-address', subject: sha256(address), limits: limits.mailsPerAddress },
      { kind: 'mail-ip', subject: networkOf(request), limits: limits.mailsPerIp },
    ],
    request.now,
  );
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
}

async function mailNewCode(
  browser: Browser,
  { request }: SignIn,
  to: string,
  { now, sourceIp }: Request,
): Promise<void> {
  const code = newOneTimeCode();
  const outcome = await expectCode(browser, to, codeHash(code, browser.secret), now);
  if (!outcome.done) throw gone();
  await send(codeMail({ to, code, sourceIp, destination: described(destinationOf(request.redirectUri)) }));
}

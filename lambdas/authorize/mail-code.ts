import { setTimeout as wait } from 'node:timers/promises';
import { countEvent } from '#core/http/metrics.ts';
import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { limitsFor, networkOf } from '#core/http/source.ts';
import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { send } from '#core/mail/send.ts';
import { isSame, sha256 } from '#core/oauth/digest.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { addressLookup } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import type { Session } from '#core/store/sessions.ts';
import { expectCode, type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { domainLookup } from '#core/store/tenants.ts';
import { answerFloorMilliseconds, limits } from '#generated';
import { type Browser, gone, postingBrowser } from './browser.ts';
import { codeMail } from './code-mail.ts';
import { described, destinationOf } from './destination.ts';
import { maySignIn } from './may-sign-in.ts';
import { codeHash, newOneTimeCode } from './one-time-code.ts';
import { codePage } from './pages/code-page.ts';
import { emailPage } from './pages/email-page.ts';
import { sessionHash, shownSession } from './session.ts';

/** Mails a code to the address that was typed. Whatever the address is, the answer and its time are the same. */
export async function mailCode(request: Request): Promise<Response> {
  const [outcome] = await Promise.allSettled([answer(request), wait(answerFloorMilliseconds)]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

async function answer(request: Request): Promise<Response> {
  const { now } = request;
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  const typed = parameter(sent, 'email') ?? '';
  const address = canonicalAddress(typed);
  if (!address)
    return emailPage({ ...browser, problem: 'That is not an e-mail address that mail can be sent to.' }, typed);
  const known = [addressLookup(sha256(address)), domainLookup(domainOf(address))] as const;
  const lookups = [signInLookup(browser.id), shownSession(request), ...known] as const;
  const [signIn, session, person, domain] = await findAll(lookups, now);
  if (!isOpen(signIn, browser)) throw gone();
  await countMail(address, session, request);
  const code = newOneTimeCode();
  const tenant = person?.tenant ?? domain?.tenant;
  const outcome = await expectCode(browser, { address, tenant, codeHash: codeHash(code, browser.secret) }, now);
  if (!outcome.done) throw gone();
  if (maySignIn(address) && person?.suppressedAt === undefined) await mail(code, address, signIn, request);
  return codePage({ ...browser, address });
}

function isOpen(signIn: SignIn | undefined, { browserHash }: Browser): signIn is SignIn {
  return signIn !== undefined && signIn.principal === undefined && isSame(signIn.browserHash, browserHash);
}

/** A browser that has signed in as this address counts for itself, so that strangers cannot use up the owner's mails. */
async function countMail(address: string, session: Session | undefined, request: Request): Promise<void> {
  const own = session?.address === address ? `#${sessionHash(request)}` : '';
  const waitSeconds = await count(
    [
      { kind: 'mail-address', subject: `${sha256(address)}${own}`, limits: limits.mailsPerAddress },
      { kind: 'mail-ip', subject: networkOf(request), limits: limitsFor(request, limits.mailsPerIp) },
    ],
    request.now,
  );
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
}

async function mail(code: string, to: string, { request }: SignIn, { sourceIp }: Request): Promise<void> {
  try {
    await send(codeMail({ to, code, sourceIp, destination: described(destinationOf(request.redirectUri)) }));
  } catch (error) {
    countEvent('MailFailures');
    throw error;
  }
}

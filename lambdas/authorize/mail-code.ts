import { setTimeout as wait } from 'node:timers/promises';
import { countEvent } from '#core/http/metrics.ts';
import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { limitsFor, networkOf } from '#core/http/source.ts';
import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { send } from '#core/mail/send.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { codeHash, newOneTimeCode } from '#core/oauth/one-time-code.ts';
import { isSentTwice, type MailRequest, standingOf } from '#core/oauth/sign-in.ts';
import { addressLookup } from '#core/store/people.ts';
import { countWith, type Rate } from '#core/store/rates.ts';
import type { Session } from '#core/store/sessions.ts';
import { expectCode, mailFailed, type SignIn, signInLookup, withCode } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { domainLookup } from '#core/store/tenants.ts';
import { answerFloorMilliseconds, limits } from '#generated';
import { askConsent } from './ask-consent.ts';
import { type Browser, postingBrowser } from './browser.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';
import { codeMail } from './code-mail.ts';
import { described, destinationOf } from './destination.ts';
import { maySignIn } from './may-sign-in.ts';
import { goOnFromOtherWindow } from './other-window.ts';
import { codePage } from './pages/code-page.ts';
import { emailPage } from './pages/email-page.ts';
import { numberIn } from './pages/form.ts';
import { sessionHash, shownSession } from './session.ts';

const NO_ADDRESS = 'That is not an e-mail address that mail can be sent to.';

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
  if (!browser) return lostWindow(request, sent);
  const typed = parameter(sent, 'email') ?? '';
  const address = canonicalAddress(typed);
  const isNone = address === undefined && typed.trim() !== '';
  if (isNone) return emailPage({ ...browser, problem: NO_ADDRESS }, typed);
  const known = [addressLookup(sha256(address ?? '')), domainLookup(domainOf(address ?? ''))] as const;
  const lookups = [signInLookup(browser.id), shownSession(request), ...known] as const;
  const [signIn, session, person, domain] = await findAll(lookups, now);
  if (!signIn) return unknownWindow(browser.id, now);
  const standing = standingOf(signIn, browser.browserHash, now);
  const isTheirs = address === undefined || address === session?.address;
  const onward = isTheirs && standing === 'open' && (await goOnFromOtherWindow(signIn, session, browser, request));
  if (onward) return onward;
  if (address === undefined) {
    return standing === 'open'
      ? emailPage({ ...browser, problem: NO_ADDRESS })
      : closedWindow(standing, signIn, browser);
  }
  const asked = {
    address,
    mailsBefore: numberIn(sent, 'mails'),
    tenant: person?.tenant ?? domain?.tenant,
    era: person?.era,
  };
  const isMailed = maySignIn(address) && person?.suppressedAt === undefined;
  return expectAndMail(signIn, { ...asked, browser, isMailed, rates: mailRates(address, session, request) }, request);
}

type Asked = MailRequest & {
  readonly browser: Browser;
  readonly tenant: string | undefined;
  readonly era: number | undefined;
  readonly isMailed: boolean;
  readonly rates: readonly Rate[];
};

/** Whoever loses the race for the next mail of a window looks again: it was this very request, or one before it. */
async function expectAndMail(signIn: SignIn, asked: Asked, request: Request): Promise<Response> {
  const { now } = request;
  const { address, tenant, era, browser, isMailed, rates } = asked;
  const standing = standingOf(signIn, browser.browserHash, now);
  if (standing === 'signed-in' && address === signIn.address) return askConsent(signIn, browser, now);
  if (standing !== 'open') return closedWindow(standing, signIn, browser);
  if (isSentTwice(signIn, asked, now)) return codePage(signIn, browser);
  const code = newOneTimeCode();
  const next = withCode(signIn, { address, tenant, era, codeHash: codeHash(code, browser.secret) }, now);
  const outcome = await countWith(rates, expectCode(signIn, next), now);
  if (outcome.waitSeconds !== undefined) throw tooManyRequests(outcome.waitSeconds);
  if (!outcome.done)
    return outcome.item ? expectAndMail(outcome.item as SignIn, asked, request) : unknownWindow(browser.id, now);
  if (isMailed) await mail(code, address, next, request);
  return codePage(next, browser);
}

/** A browser that has signed in as this address counts for itself, so that strangers cannot use up the owner's mails. */
function mailRates(address: string, session: Session | undefined, request: Request): readonly Rate[] {
  const own = session?.address === address ? `#${sessionHash(request)}` : '';
  return [
    { kind: 'mail-address', subject: `${sha256(address)}${own}`, limits: limits.mailsPerAddress },
    { kind: 'mail-ip', subject: networkOf(request), limits: limitsFor(request, limits.mailsPerIp) },
  ];
}

async function mail(code: string, to: string, signIn: SignIn, { sourceIp }: Request): Promise<void> {
  const destination = described(destinationOf(signIn.request.redirectUri));
  try {
    await send(codeMail({ to, code, sourceIp, destination }));
  } catch (error) {
    countEvent('MailFailures');
    await mailFailed(signIn);
    throw error;
  }
}

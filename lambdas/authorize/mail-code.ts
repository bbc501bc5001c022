import { setTimeout as wait } from 'node:timers/promises';
import { countEvent } from '#core/http/metrics.ts';
import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { takesMail } from '#core/mail/mail-exchange.ts';
import { nobody, send } from '#core/mail/send.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import { codeHash, newOneTimeCode } from '#core/oauth/one-time-code.ts';
import { isSentTwice, type MailRequest, standingOf } from '#core/oauth/sign-in.ts';
import { type Browser, postingBrowser } from '#core/sign-in/browser.ts';
import { numberIn } from '#core/sign-in/form.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { sessionHash, shownSession } from '#core/sign-in/session.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { expectCode, mailFailed, type SignIn, signInLookup, withCode } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { domainLookup } from '#core/store/tenants.ts';
import { answerFloorMilliseconds } from '#generated';
import { askConsent } from './ask-consent.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';
import { codeMail } from './code-mail.ts';
import { described, destinationOf } from './destination.ts';
import { countMail, type Recipient } from './mail-limits.ts';
import { goOnFromOtherWindow } from './other-window.ts';
import { codePage } from './pages/code-page.ts';
import { emailPage } from './pages/email-page.ts';
import { recordUnproven } from './record-unproven.ts';

const NO_ADDRESS = 'That is not an e-mail address that mail can be sent to.';
const LEADS_ON = `${NO_ADDRESS} With %, ! or =? before the @ it may lead on to another: give that one.`;

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
  const problem = /(%|!|=\?).*@/s.test(typed) ? LEADS_ON : NO_ADDRESS;
  if (isNone) return emailPage({ ...browser, problem }, typed);
  const known = [addressLookup(sha256(address ?? '')), domainLookup(domainOf(address ?? ''))] as const;
  const lookups = [signInLookup(browser.id), shownSession(request), ...known] as const;
  const domainName = domainOf(address ?? '');
  const [found, isReachable] = await Promise.all([
    findAll(lookups, now),
    address === undefined || takesMail(domainName, now),
  ]);
  const [signIn, session, person, domain] = found;
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
  if (standing === 'open' && !isReachable) return emailPage({ ...browser, problem: takesNone(domainName) }, typed);
  return expectAndMail(
    signIn,
    {
      address,
      mailsBefore: numberIn(sent, 'mails'),
      tenant: person?.tenant ?? domain?.tenant,
      era: person?.era,
      browser,
      recipient: recipientOf(address, person),
      ownSession: session?.address === address ? sessionHash(request) : undefined,
    },
    request,
  );
}

/** The same for every address of the domain, also for one that somebody has signed in with. */
function takesNone(domain: string): string {
  return `${domain} takes no mail. Look at what stands after the @.`;
}

function recipientOf(address: string, known: Address | undefined): Recipient {
  if (!maySignIn(address) || known?.suppressedAt !== undefined) return 'nobody';
  return known?.subject === undefined && known?.tenant === undefined ? 'stranger' : 'known';
}

type Asked = MailRequest & {
  readonly browser: Browser;
  readonly tenant: string | undefined;
  readonly era: number | undefined;
  readonly recipient: Recipient;
  readonly ownSession: string | undefined;
};

/** Whoever loses the race for the next mail of a window looks again: it was this very request, or one before it. */
async function expectAndMail(signIn: SignIn, asked: Asked, request: Request): Promise<Response> {
  const { now } = request;
  const { address, tenant, era, browser, recipient, ownSession } = asked;
  const standing = standingOf(signIn, browser.browserHash, now);
  if (standing === 'signed-in' && address === signIn.address) return askConsent(signIn, browser, now);
  if (standing !== 'open') return closedWindow(standing, signIn, browser);
  if (isSentTwice(signIn, asked, now)) return codePage(signIn, browser);
  const code = newOneTimeCode();
  const next = withCode(signIn, { address, tenant, era, codeHash: codeHash(code, browser.secret) }, now);
  const wanted = { addressHash: sha256(address), recipient, ownSession };
  const outcome = await countMail(wanted, expectCode(signIn, next), request);
  if (outcome.waitSeconds !== undefined) throw tooManyRequests(outcome.waitSeconds);
  if (!outcome.done)
    return outcome.item ? expectAndMail(outcome.item as SignIn, asked, request) : unknownWindow(browser.id, now);
  if (recipient === 'stranger' && !outcome.isMailed) countEvent('MailsHeldBack');
  const [failure] = await Promise.all([
    mail({ code, to: outcome.isMailed ? address : undefined }, next, request),
    outcome.isMailed ? recordUnproven('code_mailed', next, request) : undefined,
  ]);
  const answer = codePage(next, browser);
  return failure === undefined ? answer : { ...answer, reason: failure };
}

type Sent = { readonly code: string; readonly to: string | undefined };

/**
 * Sends the mail. Where none may go, one of the same form goes to SES's mailbox for nobody, so that neither the time nor a
 * failure of SES tells which it was. What SES has against one recipient alone is not told either, but for the log.
 */
async function mail({ code, to }: Sent, signIn: SignIn, { sourceIp }: Request): Promise<string | undefined> {
  const destination = described(destinationOf(signIn.request.redirectUri));
  const sendTo = (recipient: string, text: string) =>
    send(codeMail({ to: recipient, code: text, sourceIp, destination }));
  try {
    await (to === undefined ? sendTo(nobody, newOneTimeCode()) : sendTo(to, code));
    return undefined;
  } catch (error) {
    countEvent('MailFailures');
    await mailFailed(signIn);
    if (to === undefined || !(error instanceof OAuthError)) throw error;
    await sendTo(nobody, newOneTimeCode());
    return `a mail was not taken: ${String(error.cause)}`;
  }
}

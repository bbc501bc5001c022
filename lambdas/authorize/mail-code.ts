import { setTimeout as wait } from 'node:timers/promises';
import { countEvent } from '#core/http/metrics.ts';
import { form, parameter } from '#core/http/parameters.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { canonicalAddress, domainOf, isForwarding } from '#core/mail/email-address.ts';
import { takesMail } from '#core/mail/mail-exchange.ts';
import { nobody, send } from '#core/mail/send.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { codeHash, newOneTimeCode } from '#core/oauth/one-time-code.ts';
import { isSentTwice, type MailRequest, standingOf } from '#core/oauth/sign-in.ts';
import { type Browser, postingBrowser } from '#core/sign-in/browser.ts';
import { destinationOf } from '#core/sign-in/destination.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { isForAccount } from '#core/sign-in/for-account.ts';
import { type Form, numberIn } from '#core/sign-in/form.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { onToProvider, requiredProvider } from '#core/sign-in/required-provider.ts';
import { sessionHash, shownSession } from '#core/sign-in/session.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { expectCode, mailFailed, type SignIn, signInLookup, withCode } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { domainLookup } from '#core/store/tenants.ts';
import { duration, fill } from '#core/words/say.ts';
import { answerFloorMilliseconds } from '#generated';
import { askConsent } from './ask-consent.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';
import { codeMail } from './code-mail.ts';
import { countMail, type Recipient } from './mail-limits.ts';
import { goOnFromOtherWindow } from './other-window.ts';
import { codePage } from './pages/code-page.ts';
import { recordUnproven } from './record-unproven.ts';

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
  const known = [addressLookup(sha256(address ?? '')), domainLookup(domainOf(address ?? ''))] as const;
  const lookups = [signInLookup(browser.id), shownSession(request), ...known] as const;
  const domainName = domainOf(address ?? '');
  const [found, isReachable] = await Promise.all([
    findAll(lookups, now),
    address === undefined || takesMail(domainName, now),
  ]);
  const [signIn, session, person, domain] = found;
  if (!signIn) return unknownWindow(browser.id, request);
  const standing = standingOf(signIn, browser.browserHash, now);
  const isTheirs =
    !sent.has('other') && (typed.trim() === '' || (address !== undefined && address === session?.address));
  const onward = isTheirs && standing === 'open' && (await goOnFromOtherWindow(signIn, session, browser, request));
  if (onward) return onward;
  const required = address && requiredProvider(address, domain);
  const isProof = address === signIn.pendingLink?.address;
  if (required && !isProof && standing === 'open') return onToProvider(required);
  const words = await wordsOf(signIn);
  const { passkeyUses } = signIn;
  if (address === undefined) {
    if (standing !== 'open') return closedWindow(standing, signIn, browser);
    if (sent.has('other')) return emailPage({ ...browser, words, passkeyUses });
    return emailPage(
      { ...browser, words, passkeyUses, problem: words.signIn[isForwarding(typed) ? 'forwarding' : 'invalid'] },
      typed,
    );
  }
  if (standing === 'open' && !isReachable) {
    const problem = fill(words.signIn.noMail, { domain: domainName });
    return emailPage({ ...browser, words, passkeyUses, problem }, typed);
  }
  return expectAndMail(
    signIn,
    {
      address,
      mailsBefore: numberIn(sent, 'mails'),
      tenant: person?.tenant ?? domain?.tenant,
      era: person?.era,
      language: person?.language,
      browser,
      recipient: recipientOf(address, person),
      ownSession: session?.address === address ? sessionHash(request) : undefined,
    },
    request,
  );
}

function recipientOf(address: string, known: Address | undefined): Recipient {
  if (!maySignIn(address) || known?.suppressedAt !== undefined) return 'nobody';
  return known?.subject === undefined && known?.tenant === undefined ? 'stranger' : 'known';
}

type Asked = MailRequest & {
  readonly browser: Browser;
  readonly tenant: string | undefined;
  readonly era: number | undefined;
  /** What the person of the address has chosen, for the mail alone: on the page it would tell that they are known here. */
  readonly language: string | undefined;
  readonly recipient: Recipient;
  readonly ownSession: string | undefined;
};

/** Mails the next code of a window. If another request was quicker, looks again: it was this one sent twice, or one before it. */
async function expectAndMail(signIn: SignIn, asked: Asked, request: Request): Promise<Response> {
  const { now } = request;
  const { address, tenant, era, browser, recipient, ownSession } = asked;
  const standing = standingOf(signIn, browser.browserHash, now);
  if (standing === 'signed-in' && address === signIn.address) return askConsent(signIn, browser, now);
  if (standing !== 'open') return closedWindow(standing, signIn, browser);
  const form = { ...browser, words: await wordsOf(signIn) };
  if (isSentTwice(signIn, asked, now)) return codePage(signIn, form);
  const code = newOneTimeCode();
  const next = withCode(signIn, { address, tenant, era, codeHash: codeHash(code, browser.secret) }, now);
  const wanted = { addressHash: sha256(address), recipient, ownSession };
  const outcome = await countMail(wanted, expectCode(signIn, next), request);
  if (outcome.waitSeconds !== undefined) return waitingPage(signIn, form, outcome.waitSeconds);
  if (!outcome.done)
    return outcome.item ? expectAndMail(outcome.item as SignIn, asked, request) : unknownWindow(browser.id, request);
  if (recipient === 'stranger' && !outcome.isMailed) countEvent('MailsHeldBack');
  const [failure] = await Promise.all([
    mail({ code, to: outcome.isMailed ? address : undefined, language: asked.language }, next, request),
    outcome.isMailed ? recordUnproven('code_mailed', next, request) : undefined,
  ]);
  const answer = codePage(next, form);
  return failure === undefined ? answer : { ...answer, reason: failure };
}

/** Says how long the next mail has to wait. A code that was mailed before can still be typed. */
function waitingPage(signIn: SignIn, form: Form, waitSeconds: number): Response {
  const time = duration(form.words, waitSeconds);
  const answer =
    signIn.codeHash === undefined
      ? emailPage({ ...form, problem: fill(form.words.code.tooMany, { time }) }, signIn.address)
      : codePage(signIn, { ...form, problem: fill(form.words.code.resendLater, { time }) }, waitSeconds);
  return { ...answer, status: 429, headers: { ...answer.headers, 'retry-after': String(waitSeconds) } };
}

type Sent = { readonly code: string; readonly to: string | undefined; readonly language: string | undefined };

/**
 * Sends the mail. Where none may go, one of the same form goes to SES's mailbox for nobody, so that neither the time nor a
 * failure of SES tells which it was. What SES has against one recipient alone is not told either, but for the log.
 */
async function mail({ code, to, language }: Sent, signIn: SignIn, { sourceIp }: Request): Promise<string | undefined> {
  const { request } = signIn;
  const destination = isForAccount(request) ? undefined : destinationOf(request.redirectUri);
  const words = await wordsOf({ language: language ?? signIn.language });
  const sendTo = (recipient: string, text: string) =>
    send(codeMail({ words, to: recipient, code: text, sourceIp, destination }));
  try {
    await (to === undefined ? sendTo(nobody, newOneTimeCode()) : sendTo(to, code));
    return undefined;
  } catch (error) {
    countEvent('MailFailures');
    await mailFailed(signIn);
    if (!(error instanceof OAuthError)) throw error;
    if (to === undefined) throw mailRefused(error, signIn);
    await sendTo(nobody, newOneTimeCode()).catch((cause: OAuthError) => {
      throw mailRefused(cause, signIn);
    });
    return `a mail was not taken: ${String(error.cause)}`;
  }
}

function mailRefused({ cause, retryAfterSeconds = 60 }: OAuthError, { language }: SignIn): Refusal {
  return new Refusal('temporarily_unavailable', 'mail', { status: 503, cause, retryAfterSeconds, language });
}

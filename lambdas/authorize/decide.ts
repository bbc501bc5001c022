import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { issuer } from '#core/issuer.ts';
import { codeRedirect, errorRedirect } from '#core/oauth/authorization-request.ts';
import { sha256, shortHmac } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { newGrantId } from '#core/oauth/grant.ts';
import { standingOf } from '#core/oauth/sign-in.ts';
import type { AuthorizationCode, DatedPrincipal, Principal } from '#core/oauth/types.ts';
import { approvalsBy } from '#core/person-rates.ts';
import { type Browser, gone, postingBrowser, tooOften } from '#core/sign-in/browser.ts';
import { destinationOf } from '#core/sign-in/destination.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { isForAccount } from '#core/sign-in/for-account.ts';
import { countedNotice, notify } from '#core/sign-in/notify.ts';
import { shownProof } from '#core/sign-in/signed-in-proof.ts';
import { approved } from '#core/store/approvals.ts';
import { audited } from '#core/store/audit.ts';
import { newCode } from '#core/store/authorization-codes.ts';
import { countedUse } from '#core/store/client-uses.ts';
import { requirePerson } from '#core/store/people.ts';
import { countWith } from '#core/store/rates.ts';
import { requireVisit } from '#core/store/sessions.ts';
import { type Decision, decided, type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import type { Words } from '#core/words/words.ts';
import { lifetimes } from '#generated';
import { offerNow } from './ask-consent.ts';
import { closedWindow, lostWindow, unknownWindow } from './closed-window.ts';
import { toAccount } from './onward.ts';
import { consentPage } from './pages/consent-page.ts';

const CODE_SECONDS = 5 * 60;

/** Sends the person's decision to the client. The first one counts, so a second click gives the same response. */
export async function decide(request: Request): Promise<Response> {
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  if (!browser) return lostWindow(request, sent);
  const signIn = await find(signInLookup(browser.id), request.now);
  if (!signIn) return unknownWindow(browser.id, request);
  const isRefused = request.query.has('passkey') && !signIn.principal;
  if (isForAccount(signIn.request) && !isRefused) return toAccount(signIn.request);
  const standing = standingOf(signIn, browser.browserHash, request.now);
  if (standing === 'expired' || standing === 'foreign') return closedWindow(standing, signIn, browser);
  const words = await wordsOf(signIn);
  if (!signIn.principal) {
    const problem = words.signIn[whyNotSignedIn(request.query.get('passkey'))];
    return emailPage({ ...browser, words, passkeyUses: signIn.passkeyUses, problem }, signIn.address);
  }
  const proof = shownProof(signIn, browser, request);
  if (proof === undefined) return closedWindow('foreign', signIn, browser);
  const offer = await offerNow(signIn, request.now);
  const decision = decisionIn(sent, offer.scopes, signIn.principal);
  if (signIn.decision && decision !== 'none') return redirect(signIn, codeOf(browser, proof), signIn.decision);
  if (decision === 'none') return consentPage(signIn, offer, { ...browser, words });
  if (decision === 'empty') return consentPage(signIn, offer, { ...browser, words, problem: words.consent.chooseOne });
  const { isNews, isCounted } = offer;
  const made = await firstDecision(
    signIn,
    { principal: signIn.principal, decision, isNews, isCounted, code: codeOf(browser, proof) },
    request,
  );
  if (made.isNews && made.decision.approved) await tellOf(signIn, made.decision.scopes, words, request);
  return redirect(signIn, codeOf(browser, proof), made.decision);
}

/** What to say to somebody who has not signed in: a passkey may have been refused, and a code always serves. */
function whyNotSignedIn(passkey: string | null): 'passkeyRemoved' | 'passkeyRefused' | 'signInFirst' {
  if (passkey === 'removed') return 'passkeyRemoved';
  return passkey === 'refused' ? 'passkeyRefused' : 'signInFirst';
}

function decisionIn(
  sent: URLSearchParams,
  offered: readonly string[],
  { subject }: Principal,
): Decision | 'none' | 'empty' {
  const decision = parameter(sent, 'decision');
  if (decision === 'deny') return { approved: false };
  if (decision !== 'approve') return 'none';
  const scopes = offered.filter((scope) => sent.getAll('scope').includes(scope));
  if (scopes.length === 0) return 'empty';
  return { approved: true, scopes, grantId: newGrantId(subject) };
}

type Made = {
  readonly principal: DatedPrincipal;
  readonly decision: Decision;
  /** True to send a mail about it. */
  readonly isNews: boolean;
  /** True if they already count as a user of the client. */
  readonly isCounted: boolean;
  /** The code that an approval gives. */
  readonly code: string;
};

/** Records the decision, unless one was made already. Skips a notice that would exceed the limit. */
async function firstDecision(signIn: SignIn, made: Made, posted: Request): Promise<Pick<Made, 'decision' | 'isNews'>> {
  const { now, nowMilliseconds } = posted;
  const { id, request, visit, address = '' } = signIn;
  const { state: _, ...asked } = request;
  const { principal, decision, isNews, isCounted } = made;
  const until = now + lifetimes.grantSeconds;
  const code = (approval: Extract<Decision, { approved: true }>): AuthorizationCode => ({
    ...asked,
    ...principal,
    visit,
    hash: sha256(made.code),
    scopes: approval.scopes,
    grantId: approval.grantId,
    expiresAt: now + CODE_SECONDS,
    usedAt: undefined,
  });
  const { clientId } = request;
  const approval = decision.approved
    ? [
        newCode(code(decision)),
        requirePerson(principal),
        ...requireVisit(visit),
        approved({ address, clientId, era: principal.era, at: now, scopes: decision.scopes }, until),
        ...(isCounted ? [] : [countedUse(clientId, now, until)]),
      ]
    : [audited(principal, { event: 'consent_denied', clientId: request.clientId }, nowMilliseconds)];
  const notice = decision.approved && isNews ? countedNotice(principal.subject, now) : [];
  const writes = [decided(id, principal, decision), ...approval, ...notice] as const;
  // Each approval becomes a grant once, so that they count here, where a refusal costs no code.
  const rates = decision.approved ? [approvalsBy(principal.subject)] : [];
  const outcome = await countWith(rates, writes, now);
  if (outcome.waitSeconds !== undefined) throw tooOften(outcome.waitSeconds, signIn);
  if (outcome.done) return { decision, isNews: notice.length > 0 };
  if (notice.length > 0 && outcome.failed === writes.length - 1)
    return firstDecision(signIn, { ...made, isNews: false }, posted);
  const standing = outcome.failed === 0 ? (outcome.item?.decision as Decision | undefined) : undefined;
  if (!standing) throw gone(signIn);
  return { decision: standing, isNews: false };
}

function tellOf(
  { request, address = '' }: SignIn,
  scopes: readonly string[],
  words: Words,
  posted: Request,
): Promise<void> {
  const destination = destinationOf(request.redirectUri);
  return notify({ kind: 'connection', destination, scopes }, { to: address, words }, posted);
}

/** The code follows from the sign-in and the browser's secrets, so that it is the same however often it is asked for. */
function codeOf({ id, secret }: Browser, proof: string): string {
  return shortHmac(`${secret}${proof}`, `authorization code ${id}`);
}

/** 303 turns the post into a get, without the form. RFC 9700 §4.12. */
function redirect({ request: { redirectUri, state } }: SignIn, code: string, { approved }: Decision): Response {
  const address = { redirectUri, state, issuer };
  const denied = new OAuthError('access_denied', 'The person denied the request');
  const location = approved ? codeRedirect(address, code) : errorRedirect(address, denied);
  return empty(303, { location });
}

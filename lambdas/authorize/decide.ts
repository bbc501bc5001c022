import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { issuer } from '#core/issuer.ts';
import { codeRedirect, errorRedirect } from '#core/oauth/authorization-request.ts';
import { isSame, sha256, shortHmac } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { newGrantId } from '#core/oauth/grant.ts';
import type { AuthorizationCode, Principal } from '#core/oauth/types.ts';
import { newCode } from '#core/store/authorization-codes.ts';
import { personLookup } from '#core/store/people.ts';
import { type Decision, decided, type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { commit, find, findAll } from '#core/store/table.ts';
import { policyLookups } from '#core/store/tenants.ts';
import { type Browser, gone, postingBrowser } from './browser.ts';
import { offerTo } from './offer.ts';
import { consentPage } from './pages/consent-page.ts';

const CODE_SECONDS = 5 * 60;

/** Takes the person's decision to the client. The first one stands, so a second click gives the same answer. */
export async function decide(request: Request): Promise<Response> {
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  const signIn = await find(signInLookup(browser.id), request.now);
  if (!signIn?.principal || !isSame(signIn.browserHash, browser.browserHash)) throw gone();
  const offered = await offerNow(signIn.principal, signIn.request.scopes, request.now);
  const decision = decisionIn(sent, offered, signIn.principal);
  if (decision === 'none') return consentPage(signIn, offered, browser);
  if (decision === 'empty')
    return consentPage(signIn, offered, { ...browser, problem: 'Leave at least one box ticked, or deny.' });
  return redirect(signIn, browser, await firstDecision(signIn, signIn.principal, decision, browser, request.now));
}

/** What the person may grant may have changed while the page was open. Throws when they may not sign in any more. */
async function offerNow({ subject, tenant }: Principal, asked: readonly string[], now: number) {
  const [person, found] = await findAll([personLookup(subject), ...policyLookups(tenant)], now);
  if (!person || person.disabledAt !== undefined || person.tenant !== tenant) throw gone();
  return offerTo(person, found, asked);
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

async function firstDecision(
  { id, request }: SignIn,
  principal: Principal,
  decision: Decision,
  browser: Browser,
  now: number,
): Promise<Decision> {
  const code = (approval: Extract<Decision, { approved: true }>): AuthorizationCode => ({
    ...principal,
    hash: sha256(codeOf(browser)),
    clientId: request.clientId,
    redirectUri: request.redirectUri,
    resource: request.resource,
    codeChallenge: request.codeChallenge,
    scopes: approval.scopes,
    grantId: approval.grantId,
    expiresAt: now + CODE_SECONDS,
    usedAt: undefined,
  });
  const outcome = await commit([decided(id, decision), ...(decision.approved ? [newCode(code(decision))] : [])]);
  if (outcome.done) return decision;
  const standing = outcome.item?.decision as Decision | undefined;
  if (!standing) throw gone();
  return standing;
}

/** The code follows from the sign-in and the browser's secret, so that it is the same however often it is asked for. */
function codeOf({ id, secret }: Browser): string {
  return shortHmac(secret, `authorization code ${id}`);
}

/** 303 turns the post into a get, and takes none of the form along. RFC 9700 §4.12. */
function redirect({ request: { redirectUri, state } }: SignIn, browser: Browser, { approved }: Decision): Response {
  const address = { redirectUri, state, issuer };
  const denied = new OAuthError('access_denied', 'The person denied the request');
  const location = approved ? codeRedirect(address, codeOf(browser)) : errorRedirect(address, denied);
  return empty(303, { location });
}

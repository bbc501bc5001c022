import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { type Claims, wrongSignIn } from '#core/oauth/id-token.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { standingOf } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { visitingBrowser } from '#core/sign-in/browser.ts';
import { shownSession } from '#core/sign-in/session.ts';
import { signInLookup, takeWayBack } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { arrive } from './arrive.ts';
import { metadataOf } from './ask.ts';
import { failedPage } from './failed-page.ts';
import { Failure } from './failure.ts';
import { githubClaims } from './github.ts';
import { providerAt, redirectUriOf } from './known-provider.ts';
import { openidClaims } from './openid.ts';
import { pageOf, type Returned } from './returned.ts';
import { answerUnmet, askedBy } from './unmet.ts';
import { isStateOf, signInIdIn, type Way, wayOf } from './way.ts';

/** What an answer may have. Apple sends the name of a person too, which nobody here needs. */
const NAMES = ['code', 'state', 'iss', 'error'] as const;

/** The answer of a provider. OpenID Connect Core 1.0 §3.1.2.5, RFC 9207 §2.4. */
export async function comeBack(request: Request): Promise<Response> {
  const provider = providerAt(request.path);
  if (request.method === 'POST') return asGet(provider, request);
  const state = request.query.get('state') ?? '';
  const id = signInIdIn(state);
  const browser = visitingBrowser(request, id);
  const [signIn, session] = await findAll([signInLookup(browser ? id : '-'), shownSession(request)], request.now);
  const isHere = signIn !== undefined && browser !== undefined;
  const failed = { request, provider, browser: isHere ? browser : undefined, signIn: isHere ? signIn : undefined };
  try {
    if (!isHere) throw new Failure('otherWindow', 'the browser has no sign-in of this state open');
    const standing = standingOf(signIn, browser.browserHash, request.now);
    if (standing === 'foreign') throw new Failure('otherWindow', 'the sign-in of this state is another browser’s');
    // Sent twice, or too late: the window gets the page for how it stands.
    if (standing !== 'open') return empty(303, { location: pageOf(browser) });
    const returned = { provider, browser, signIn, session, state };
    const claims = await claimsOf(returned, request);
    const unmet = wrongSignIn(claims, askedBy(signIn), request.now);
    return await (unmet === undefined ? arrive(returned, claims, request) : answerUnmet(unmet, returned, request));
  } catch (error) {
    return failedPage(error, failed);
  }
}

/** Who signed in at the provider. The way back is used up first, so that an answer serves once. */
async function claimsOf(returned: Returned, request: Request): Promise<Claims> {
  const { provider, browser, signIn, state } = returned;
  const { query, now } = request;
  const { providerSalt } = signIn;
  if (signIn.provider !== provider.id) throw new Failure('otherWindow', 'the window was not sent to this provider');
  if (providerSalt === undefined) throw new Failure('otherWindow', 'the answer was used before');
  const way = wayOf(browser, provider, providerSalt);
  if (!isStateOf(state, way)) throw new Failure('otherWindow', 'state is of another way to the provider');
  const { done } = await takeWayBack(browser, providerSalt);
  if (!done) throw new Failure('otherWindow', 'the answer was used before');
  const names = NAMES.map((name) => query.getAll(name).length);
  if (names.some((count) => count > 1)) throw new Failure('failed', 'a parameter of the answer is repeated');
  const error = query.get('error');
  if (provider.kind !== 'github') await requireIssuer(provider, query.get('iss'), now);
  if (error !== null) throw refusalOf(error);
  const code = query.get('code');
  if (!code) throw new Failure('failed', 'the answer has neither code nor error');
  return askFor(provider, { ...way, code }, now);
}

/** With several providers, an answer could be another's than the one that was asked. RFC 9207 §2.4. */
async function requireIssuer(provider: Provider, iss: string | null, now: number): Promise<void> {
  const { issuer, namesIssuer } = await metadataOf(provider, now);
  if (iss === null && namesIssuer)
    throw new Failure('failed', 'the answer names no issuer, though the provider says it does');
  if (iss !== null && iss !== issuer)
    throw new Failure('failed', `the answer is of another issuer: ${iss.slice(0, 200)}`);
}

/** What the person or the provider refused. Others mean that the two of us do not fit. OpenID Connect Core 1.0 §3.1.2.6. */
function refusalOf(error: string): Failure {
  const shown = error.replace(/[^\w.-]/g, '').slice(0, 60);
  if (error === 'temporarily_unavailable' || error === 'server_error')
    return new Failure('unreachable', `it answered ${shown}`);
  const isStopped = ['access_denied', 'user_cancelled_authorize', 'login_required', 'consent_required'].includes(error);
  return new Failure(isStopped ? 'stopped' : 'failed', `it answered ${shown}`);
}

function askFor(
  provider: Provider,
  { code, verifier, nonce }: Way & { readonly code: string },
  now: number,
): Promise<Claims> {
  const redemption = { code, verifier, redirectUri: redirectUriOf(provider) };
  if (provider.kind === 'github') return githubClaims(provider, redemption, now);
  return openidClaims(provider, redemption, { nonce, now });
}

/**
 * An answer that a page of the provider posts comes without our cookies, which are not sent with forms of other sites. We
 * have the browser ask for it once more, by itself: then they come. OAuth 2.0 Form Post Response Mode §2.
 */
function asGet(provider: Provider, request: Request): Response {
  const sent = form(request);
  const answer = new URLSearchParams();
  for (const name of NAMES) for (const value of sent.getAll(name)) answer.append(name, value);
  return empty(303, { location: `${paths.provider}/${provider.id}?${answer}` });
}

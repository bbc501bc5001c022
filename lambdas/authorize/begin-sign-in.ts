import { ulid } from 'ulid';
import { registrationOf } from '#core/authenticate.ts';
import { type Parameters, parameter, parameters } from '#core/http/parameters.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { canonicalAddress } from '#core/mail/email-address.ts';
import { networkRates } from '#core/network-rates.ts';
import { authorizationRequest, errorRedirect, requireRedirectUri } from '#core/oauth/authorization-request.ts';
import { isClientId } from '#core/oauth/client-id.ts';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { freshnessOf, mustSignIn } from '#core/oauth/prompt.ts';
import type { AuthorizationRequest, Client } from '#core/oauth/types.ts';
import { bindingCookies, formHash, tooOften } from '#core/sign-in/browser.ts';
import { emailPage } from '#core/sign-in/email-page.ts';
import { leavingPage } from '#core/sign-in/leaving-page.ts';
import { shownSession, visitOf } from '#core/sign-in/session.ts';
import { clientLookup, hasRegisteredItself, type Registration } from '#core/store/clients.ts';
import { denialLookups } from '#core/store/denials.ts';
import { countWith } from '#core/store/rates.ts';
import type { Session } from '#core/store/sessions.ts';
import { newSignIn, startSignIn } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { scopes as catalogue, registration } from '#generated';
import { requireAllowed, requireClient } from './known-client.ts';
import { livingSession } from './living-session.ts';
import { byDefault } from './offer.ts';
import { consentPage } from './pages/consent-page.ts';

type Begun = {
  readonly client: Client;
  readonly isOfOperator: boolean;
  readonly authorization: AuthorizationRequest;
  readonly sent: Parameters;
};

/**
 * The authorization request. Until the client and its redirect URI are proven, a failure is a page;
 * from then on it goes back to the client, to one that nobody vouches for by the person's hand. RFC 6749 §4.1.2.1.
 * Too many requests get a page all the same.
 */
export async function beginSignIn(request: Request): Promise<Response> {
  const { query, now } = request;
  const clientId = requireClientId(query);
  const lookups = [clientLookup(clientId), shownSession(request), ...denialLookups(clientId)] as const;
  const [found, session, ...denials] = await findAll(lookups, now);
  requireAllowed(denials);
  const client = await requireClient(clientId, found, request);
  const redirectUri = requireRedirectUri(client, parameter(query, 'redirect_uri'), registration.privateSchemes);
  try {
    const sent = parameters(query);
    const authorization = authorizationRequest(client, redirectUri, sent, { mcpUrl, catalogue, byDefault });
    const isOfOperator = !isClientUrl(clientId) && !isStranger(clientId, found);
    return await firstPage(request, { client, isOfOperator, authorization, sent }, session);
  } catch (error) {
    if (!(error instanceof OAuthError) || error instanceof Refusal) throw error;
    const [state, ...repeated] = query.getAll('state');
    const echoed = repeated.length > 0 ? undefined : state || undefined;
    const location = errorRedirect({ redirectUri, state: echoed, issuer }, error);
    const isTrusted = !isStranger(clientId, found) || (await livingSession(session, clientId, now))?.hasApproved;
    return isTrusted
      ? empty(302, { location })
      : leavingPage({ words: await wordsFor(request), error, redirectUri, location });
  }
}

/** Anybody may register a client, of whom nobody but the person who approved it knows anything. */
function isStranger(clientId: string, found: Registration | undefined): boolean {
  return registrationOf(clientId) === undefined && found !== undefined && hasRegisteredItself(found);
}

function requireClientId(query: URLSearchParams): string {
  const clientId = parameter(query, 'client_id');
  if (!clientId) throw new OAuthError('invalid_request', 'client_id is required');
  if (!isClientId(clientId)) throw new OAuthError('invalid_client', 'Unknown client');
  return clientId;
}

/** A person whom this browser knows goes straight to consent, which is always asked. */
async function firstPage(request: Request, begun: Begun, shown: Session | undefined): Promise<Response> {
  const { now } = request;
  const { client, authorization } = begun;
  const session = await livingSession(shown, client.id, now);
  const known = mustSignIn(begun.sent, session, now) ? undefined : session;
  const words = await wordsFor(request, session?.language);
  const [id, secret] = [ulid(request.nowMilliseconds), randomSecret()];
  const begunHere = {
    id,
    browserHash: sha256(secret),
    formHash: formHash(secret),
    request: authorization,
    freshness: freshnessOf(begun.sent),
    clientName: client.name,
    logoUri: client.logoUri,
    isOfOperator: begun.isOfOperator,
    language: words.language,
    ...(known && {
      principal: known.principal,
      address: known.address,
      provider: known.provider,
      visit: visitOf(known, request),
    }),
  };
  const signIn = newSignIn(begunHere, now);
  const { waitSeconds } = await countWith(networkRates('authorizationsPerIp', request), startSignIn(signIn), now);
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, words);
  const cookies = bindingCookies(request, id, secret);
  const form = { id, secret, words };
  if (known) return { ...consentPage(signIn, known.offer(authorization.scopes), form), cookies };
  const address = canonicalAddress(begun.sent.login_hint ?? '');
  return { ...emailPage(form, address), cookies };
}

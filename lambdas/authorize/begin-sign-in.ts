import { ulid } from 'ulid';
import { parameter, parameters } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { authorizationRequest, errorRedirect, requireRedirectUri } from '#core/oauth/authorization-request.ts';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import type { AuthorizationRequest, Client } from '#core/oauth/types.ts';
import { clientLookup } from '#core/store/clients.ts';
import { startSignIn } from '#core/store/sign-ins.ts';
import { find } from '#core/store/table.ts';
import { scopes as catalogue } from '#generated';
import { bindingCookies } from './browser.ts';
import { emailPage } from './pages/email-page.ts';

/**
 * The authorization request. Until the client and its redirect URI are proven, a failure is a page;
 * from then on it goes back to the client. RFC 6749 §4.1.2.1.
 */
export async function beginSignIn(request: Request): Promise<Response> {
  const { query, now } = request;
  const client = requireClient(await find(clientLookup(requireClientId(query)), now));
  const redirectUri = requireRedirectUri(client, parameter(query, 'redirect_uri'));
  try {
    const authorization = authorizationRequest(client, redirectUri, parameters(query), { mcpUrl, catalogue });
    return await askForAddress(request, client, authorization);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const [state, ...repeated] = query.getAll('state');
    const echoed = repeated.length > 0 ? undefined : state;
    return empty(302, { location: errorRedirect({ redirectUri, state: echoed, issuer }, error) });
  }
}

function requireClientId(query: URLSearchParams): string {
  const clientId = parameter(query, 'client_id');
  if (!clientId) throw new OAuthError('invalid_request', 'The application did not say who it is.');
  return clientId;
}

function requireClient(client: Client | undefined): Client {
  if (client) return client;
  throw new OAuthError(
    'invalid_client',
    'The application is not known here any more. Remove the connector from it, add it again, and connect.',
  );
}

async function askForAddress(request: Request, client: Client, authorization: AuthorizationRequest): Promise<Response> {
  const [id, secret] = [ulid(request.nowMilliseconds), randomSecret()];
  await startSignIn({ id, request: authorization, clientName: client.name, browserHash: sha256(secret) }, request.now);
  return { ...emailPage({ id, secret }), cookies: bindingCookies(request, id, secret) };
}

import * as oauth from 'oauth4webapi';
import { callback } from './flow.ts';
import { signIn } from './sign-in.ts';

/** On this machine the issuer is http. It is the only thing in which oauth4webapi is told to be less strict. */
export const onLoopback = { [oauth.allowInsecureRequests]: true };

/** Finds the authorization server of this issuer. RFC 8414. */
export async function discovered(issuer: string): Promise<oauth.AuthorizationServer> {
  const server = new URL(issuer);
  const response = await oauth.discoveryRequest(server, { ...onLoopback, algorithm: 'oauth2' });
  return oauth.processDiscoveryResponse(server, response);
}

/** The authorization request of a client, with PKCE and these parameters. */
export async function authorizationRequest(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  verifier: string,
  parameters: Record<string, string>,
): Promise<URL> {
  const request = new URL(as.authorization_endpoint ?? '');
  request.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: callback,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  }).toString();
  return request;
}

/** Has a person approve a client, and validates what it is sent. RFC 9207. */
export async function authorized(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  verifier: string,
  parameters: Record<string, string> = {},
): Promise<URLSearchParams> {
  const state = oauth.generateRandomState();
  const request = await authorizationRequest(as, client, verifier, { ...parameters, state });
  return oauth.validateAuthResponse(as, client, await signIn(request), state);
}

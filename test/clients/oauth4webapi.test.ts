import * as oauth from 'oauth4webapi';
import { describe, expect, inject, test } from 'vitest';
import { Clock, moreThanAnHour } from '../support/clock.ts';
import { callback, newSourceIp } from '../support/flow.ts';
import { signIn } from '../support/sign-in.ts';
import { authorizationRequest, authorized, discovered, onLoopback } from '../support/strict-client.ts';

const issuer = inject('issuer');
const mcpUrl = new URL(`${issuer}/mcp`);
const asked = { scope: 'todos:read todos:write', resource: mcpUrl.href };

const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
type Method = (typeof methods)[number];

/** Finds the authorization server of the MCP server: RFC 9728, then RFC 8414. */
async function discover(): Promise<oauth.AuthorizationServer> {
  const resource = await oauth.processResourceDiscoveryResponse(
    mcpUrl,
    await oauth.resourceDiscoveryRequest(mcpUrl, onLoopback),
  );
  return discovered(resource.authorization_servers?.[0] ?? '');
}

type Registered = {
  readonly as: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
};

/** Registers a client that authenticates in this way. RFC 7591. */
async function register(method: Method): Promise<Registered> {
  const as = await discover();
  const { privateKey, publicKey } = await oauth.generateKeyPair('ES256');
  const key = (await crypto.subtle.exportKey('jwk', publicKey)) as oauth.JsonObject;
  const metadata = {
    client_name: 'Strict',
    redirect_uris: [callback],
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt' && { jwks: { keys: [key] } }),
  };
  const options = { ...onLoopback, headers: newSourceIp() };
  const response = await oauth.dynamicClientRegistrationRequest(as, metadata, options);
  const { client_id, client_secret } = await oauth.processDynamicClientRegistrationResponse(response);
  const secret = typeof client_secret === 'string' ? client_secret : '';
  const ways = {
    none: () => oauth.None(),
    client_secret_basic: () => oauth.ClientSecretBasic(secret),
    client_secret_post: () => oauth.ClientSecretPost(secret),
    private_key_jwt: () => oauth.PrivateKeyJwt(privateKey),
  };
  return { as, client: { client_id }, authentication: ways[method]() };
}

/** Asks for authorization, and validates what comes back. */
function authorize({ as, client }: Registered, verifier: string): Promise<URLSearchParams> {
  return authorized(as, client, verifier, asked);
}

async function redeem(
  registered: Registered,
  parameters: URLSearchParams,
  verifier: string,
): Promise<oauth.TokenEndpointResponse> {
  const { as, client, authentication } = registered;
  const options = { ...onLoopback, additionalParameters: { resource: mcpUrl.href } };
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    parameters,
    callback,
    verifier,
    options,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

async function tokensFor(registered: Registered): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier();
  return redeem(registered, await authorize(registered, verifier), verifier);
}

async function refresh(
  { as, client, authentication }: Registered,
  token: string | undefined,
  clock = new Clock(),
): Promise<oauth.TokenEndpointResponse> {
  const options = { ...onLoopback, headers: clock.headers };
  const later = { ...client, [oauth.clockSkew]: clock.aheadSeconds };
  const response = await oauth.refreshTokenGrantRequest(as, later, authentication, token ?? '', options);
  return oauth.processRefreshTokenResponse(as, client, response);
}

/** Asks the protected resource for its tools, with a token and at a time. */
function listTools(accessToken: string, clock = new Clock()): Promise<Response> {
  const accept = 'application/json, text/event-stream';
  const headers = new Headers({ 'content-type': 'application/json', accept, ...clock.headers });
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  return oauth.protectedResourceRequest(accessToken, 'POST', mcpUrl, headers, body, onLoopback);
}

describe.for(methods)('oauth4webapi with client authentication %s', (method) => {
  test('discovers, registers, gets tokens with PKCE, and uses them', async () => {
    const tokens = await tokensFor(await register(method));
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'todos:read todos:write', expires_in: 3600 });
    expect((await listTools(tokens.access_token)).status).toBe(200);
  });

  test('refreshes when the access token has expired, and every refresh token is a new one', async () => {
    const registered = await register(method);
    const clock = new Clock();
    const first = await tokensFor(registered);
    clock.advance(moreThanAnHour);
    const refused = await listTools(first.access_token, clock).catch((error) => error);
    expect(refused).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    expect(refused.cause).toMatchObject([{ scheme: 'bearer', parameters: { error: 'invalid_token' } }]);
    const second = await refresh(registered, first.refresh_token, clock);
    expect((await listTools(second.access_token, clock)).status).toBe(200);
    const third = await refresh(registered, second.refresh_token, clock);
    expect(new Set([first, second, third].map(({ refresh_token }) => refresh_token)).size).toBe(3);
  });

  test('revokes a refresh token, and nothing of its grant works any more', async () => {
    const registered = await register(method);
    const { as, client, authentication } = registered;
    const tokens = await tokensFor(registered);
    const response = await oauth.revocationRequest(as, client, authentication, tokens.refresh_token ?? '', onLoopback);
    await oauth.processRevocationResponse(response);
    await expect(listTools(tokens.access_token)).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
    const refused = await refresh(registered, tokens.refresh_token).catch((error) => error);
    expect(refused).toBeInstanceOf(oauth.ResponseBodyError);
    expect(refused).toMatchObject({ status: 400, error: 'invalid_grant' });
  });
});

describe('oauth4webapi', () => {
  test('introspects its token, which is active until it is revoked', async () => {
    const registered = await register('client_secret_basic');
    const { as, client, authentication } = registered;
    const { access_token } = await tokensFor(registered);
    const introspect = async () => {
      const response = await oauth.introspectionRequest(as, client, authentication, access_token, onLoopback);
      return oauth.processIntrospectionResponse(as, client, response);
    };
    expect(await introspect()).toMatchObject({
      active: true,
      client_id: client.client_id,
      aud: mcpUrl.href,
      iss: issuer,
    });
    const response = await oauth.revocationRequest(as, client, authentication, access_token, onLoopback);
    await oauth.processRevocationResponse(response);
    expect(await introspect()).toEqual({ active: false });
  });

  test('is refused tokens when the verifier is another one', async () => {
    const registered = await register('none');
    const parameters = await authorize(registered, oauth.generateRandomCodeVerifier());
    const refused = await redeem(registered, parameters, oauth.generateRandomCodeVerifier()).catch((error) => error);
    expect(refused).toBeInstanceOf(oauth.ResponseBodyError);
    expect(refused).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('is refused tokens when the client secret is another one', async () => {
    const registered = await register('client_secret_basic');
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = await authorize(registered, verifier);
    const impostor = { ...registered, authentication: oauth.ClientSecretBasic('another secret') };
    const refused = await redeem(impostor, parameters, verifier).catch((error) => error);
    expect(refused).toMatchObject({ status: 401 });
    expect((await redeem(registered, parameters, verifier)).access_token).toBeDefined();
  });

  test('takes no authorization response without the issuer, or of another one, for valid', async () => {
    const registered = await register('none');
    const { as, client } = registered;
    const redirect = await signIn(
      await authorizationRequest(registered.as, registered.client, oauth.generateRandomCodeVerifier(), {
        ...asked,
        state: 'the-state',
      }),
    );
    expect(oauth.validateAuthResponse(as, client, redirect, 'the-state').get('code')).toMatch(/./);
    redirect.searchParams.set('iss', 'https://other.example');
    expect(() => oauth.validateAuthResponse(as, client, redirect, 'the-state')).toThrow('"iss"');
    redirect.searchParams.delete('iss');
    expect(() => oauth.validateAuthResponse(as, client, redirect, 'the-state')).toThrow('"iss"');
  });

  test('reads in the challenge where the metadata of the resource is', async () => {
    const refused = await listTools('no-token-of-ours').catch((error) => error);
    expect(refused).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    const [challenge] = refused.cause;
    const { resource } = (await (await fetch(challenge.parameters.resource_metadata)).json()) as { resource: string };
    expect(resource).toBe(mcpUrl.href);
  });
});

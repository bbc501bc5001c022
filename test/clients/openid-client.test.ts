import * as openid from 'openid-client';
import { describe, expect, inject, test } from 'vitest';
import { Clock, moreThanAnHour } from '../support/clock.ts';
import { callback, newSourceIp } from '../support/flow.ts';
import { signIn } from '../support/sign-in.ts';

const issuer = inject('issuer');
const mcpUrl = new URL(`${issuer}/mcp`);

type Way = { readonly method: string; readonly authentication: openid.ClientAuth | undefined };
/** How a client authenticates. Without a choice of its own the library sends the secret in the form. */
const ways: readonly Way[] = [
  { method: 'none', authentication: openid.None() },
  { method: 'client_secret_basic', authentication: openid.ClientSecretBasic() },
  { method: 'client_secret_post', authentication: undefined },
];
const [publicly, confidentially] = ways as [Way, Way, Way];

type Registered = { readonly config: openid.Configuration; readonly clock: Clock };

/** Finds the server, and registers there. On this machine the issuer is http: nothing else is less strict. RFC 7591. */
async function register({ method, authentication }: Way): Promise<Registered> {
  const clock = new Clock();
  const network = newSourceIp();
  const metadata = { client_name: 'Certified', redirect_uris: [callback], token_endpoint_auth_method: method };
  const config = await openid.dynamicClientRegistration(new URL(issuer), metadata, authentication, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
    [openid.customFetch]: (url, { headers, ...init }) =>
      clock.fetch(url, { ...(init as RequestInit), headers: { ...headers, ...network } }),
  });
  return { config, clock };
}

type Asked = { readonly redirect: URL; readonly pkceCodeVerifier: string; readonly expectedState: string };

/** Asks for authorization, and has a person approve. */
async function ask({ config }: Registered): Promise<Asked> {
  const [pkceCodeVerifier, expectedState] = [openid.randomPKCECodeVerifier(), openid.randomState()];
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'todos:read todos:write',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    resource: mcpUrl.href,
  });
  return { redirect: await signIn(url), pkceCodeVerifier, expectedState };
}

function redeem({ config }: Registered, { redirect, ...checks }: Asked) {
  return openid.authorizationCodeGrant(config, redirect, checks, { resource: mcpUrl.href });
}

async function tokensFor(registered: Registered) {
  return redeem(registered, await ask(registered));
}

/** Asks the protected resource for its tools. */
function listTools({ config }: Registered, accessToken: string): Promise<Response> {
  const accept = 'application/json, text/event-stream';
  const headers = new Headers({ 'content-type': 'application/json', accept });
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  return openid.fetchProtectedResource(config, accessToken, mcpUrl, 'POST', body, headers);
}

describe.for(ways)('openid-client with client authentication $method', (way) => {
  test('discovers, registers, gets tokens with PKCE, and uses them', async () => {
    const registered = await register(way);
    const tokens = await tokensFor(registered);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'todos:read todos:write' });
    expect(tokens.expiresIn()).toBeGreaterThan(0);
    expect((await listTools(registered, tokens.access_token)).status).toBe(200);
  });

  test('refreshes when the access token has expired', async () => {
    const registered = await register(way);
    const { config, clock } = registered;
    const first = await tokensFor(registered);
    clock.advance(moreThanAnHour);
    await expect(listTools(registered, first.access_token)).rejects.toMatchObject({
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    });
    const second = await openid.refreshTokenGrant(config, first.refresh_token ?? '', { resource: mcpUrl.href });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await listTools(registered, second.access_token)).status).toBe(200);
  });

  test('revokes a token, and nothing of its grant works any more', async () => {
    const registered = await register(way);
    const { config } = registered;
    const { access_token, refresh_token = '' } = await tokensFor(registered);
    await openid.tokenRevocation(config, refresh_token, { token_type_hint: 'refresh_token' });
    await expect(listTools(registered, access_token)).rejects.toThrow(openid.WWWAuthenticateChallengeError);
    await expect(openid.refreshTokenGrant(config, refresh_token)).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
  });
});

describe('openid-client', () => {
  test.for(['oauth2', 'oidc'] as const)('discovers the server as one of %s', async (algorithm) => {
    const options = { algorithm, execute: [openid.allowInsecureRequests] };
    const config = await openid.discovery(new URL(issuer), 'any', undefined, openid.None(), options);
    expect(config.serverMetadata()).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      authorization_endpoint: `${issuer}/authorize`,
      authorization_response_iss_parameter_supported: true,
    });
    expect(config.serverMetadata().supportsPKCE()).toBe(true);
  });

  test('introspects its token, which is active until it is revoked', async () => {
    const registered = await register(confidentially);
    const { config } = registered;
    const { access_token } = await tokensFor(registered);
    expect(await openid.tokenIntrospection(config, access_token)).toMatchObject({
      active: true,
      iss: issuer,
      aud: mcpUrl.href,
      scope: 'todos:read todos:write',
      client_id: config.clientMetadata().client_id,
    });
    await openid.tokenRevocation(config, access_token);
    expect(await openid.tokenIntrospection(config, access_token)).toEqual({ active: false });
  });

  test.for([
    ['of another issuer', (redirect: URL) => redirect.searchParams.set('iss', 'https://other.example')],
    ['without an issuer', (redirect: URL) => redirect.searchParams.delete('iss')],
    ['with another state', (redirect: URL) => redirect.searchParams.set('state', 'other')],
  ] as const)('takes no answer %s for its own, RFC 9207 §2.4', async ([, change]) => {
    const registered = await register(publicly);
    const asked = await ask(registered);
    const redirect = new URL(asked.redirect);
    change(redirect);
    await expect(redeem(registered, { ...asked, redirect })).rejects.toThrow(openid.ClientError);
    expect((await redeem(registered, asked)).access_token).toMatch(/./);
  });

  test('is refused tokens when the verifier is another one', async () => {
    const registered = await register(publicly);
    const asked = { ...(await ask(registered)), pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await expect(redeem(registered, asked)).rejects.toMatchObject({ status: 400, error: 'invalid_grant' });
  });
});

/* How a client gets tokens: it registers, has somebody approve, and redeems the code with PKCE. */
import { createHash, randomBytes } from 'node:crypto';

const redirectUri = 'http://localhost:7777/callback';

/** Asks, and throws at whatever is no success. */
export async function ask(url, options = {}) {
  const response = await fetch(url, { redirect: 'manual', ...options });
  if (response.status >= 400) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

export const asJson = (body, headers = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** How many callers refresh tokens at once, each with tokens of its own. */
const CALLERS = 16;

/**
 * What the measuring process is told of a server: an access token, and what its callers refresh. `approve` gets the
 * address of an authorization request, and gives where the browser is sent in the end.
 */
export async function connected(server, approve) {
  const connections = [];
  for (let caller = 0; caller < CALLERS; caller += 1) connections.push(await connect(server, approve));
  const { token: url, resource } = server;
  return { url: resource, token: connections[0].accessToken, refreshed: { url, resource, connections } };
}

async function connect({ register, authorize, token, resource, scope }, approve) {
  const client = {
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
  };
  const { client_id } = await (await ask(register, asJson(client))).json();
  const verifier = randomBytes(32).toString('base64url');
  const asked = {
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    scope,
    state: 'the-state',
    resource,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const sentTo = await approve(`${authorize}?${new URLSearchParams(asked)}`);
  const code = new URL(sentTo).searchParams.get('code');
  if (!code) throw new Error(`No code: ${sentTo}`);
  const redemption = { grant_type: 'authorization_code', client_id, redirect_uri: redirectUri, code, resource };
  const body = new URLSearchParams({ ...redemption, code_verifier: verifier });
  const { access_token, refresh_token } = await (await ask(token, { method: 'POST', body })).json();
  if (!refresh_token) throw new Error(`${token} gave no refresh token`);
  return { clientId: client_id, accessToken: access_token, refreshToken: refresh_token };
}

import { randomUUID } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientSite, document } from '../support/client-site.ts';
import { authorizedCode, callback, refresh, requestTokens } from '../support/flow.ts';
import { titles } from '../support/mcp.ts';
import { publishedClients } from '../support/published-clients.ts';
import { tokensIn } from '../support/redemption.ts';
import { signIn } from '../support/sign-in.ts';
import type { RunningStack } from '../support/stack.ts';
import { authorized, discovered, onLoopback } from '../support/strict-client.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

let running: TrustingStack;
let site: ClientSite;
let stack: RunningStack;
beforeAll(async () => {
  running = await startTrustingStack();
  ({ site, stack } = running);
});
afterAll(() => running?.stop());

/** A client that is described at its id, and the key that it signs with when it must. */
type Published = { readonly id: string; readonly key: oauth.CryptoKey | undefined };

/** Publishes a client that has no secret. */
async function publishPublic(): Promise<Published> {
  const metadata = { client_name: 'Public', redirect_uris: [callback], token_endpoint_auth_method: 'none' };
  return { id: site.publish(metadata), key: undefined };
}

/** Publishes a client that signs, and its key at another address. RFC 7523 §2.2. */
async function publishSigning(): Promise<Published> {
  const { privateKey, publicKey } = await oauth.generateKeyPair('ES256');
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), alg: 'ES256', use: 'sig', kid: randomUUID() };
  const id = site.publish({
    client_name: 'Signing',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [jwk] })),
  });
  return { id, key: privateKey };
}

const clients = [
  ['a public client', publishPublic],
  ['a client that signs', publishSigning],
] as const;

/** What every authorization request here asks for. */
const asked = () => ({ scope: 'todos:read todos:write', resource: stack.mcpUrl });

const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
const listHeaders = () =>
  new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' });

describe.for(clients)('oauth4webapi as %s whose id is the URL of its description', ([, publish]) => {
  test('is known without registering: code, tokens, tools, refresh, revocation', async () => {
    const { id, key } = await publish();
    const client = { client_id: id };
    const authentication = key ? oauth.PrivateKeyJwt(key) : oauth.None();
    const as = await discovered(stack.issuer);
    expect(as).toMatchObject({ client_id_metadata_document_supported: true });
    const verifier = oauth.generateRandomCodeVerifier();
    const validated = await authorized(as, client, verifier, asked());
    const answer = await oauth.authorizationCodeGrantRequest(
      ...([as, client, authentication, validated, callback, verifier] as const),
      onLoopback,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer);
    const { refresh_token: first = '' } = tokens;
    const renewal = await oauth.refreshTokenGrantRequest(as, client, authentication, first, onLoopback);
    const renewed = await oauth.processRefreshTokenResponse(as, client, renewal);
    const listTools = (token: string) =>
      oauth.protectedResourceRequest(token, 'POST', new URL(stack.mcpUrl), listHeaders(), list, onLoopback);
    for (const { access_token } of [tokens, renewed]) expect((await listTools(access_token)).status).toBe(200);
    const { refresh_token: last = '' } = renewed;
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, last, onLoopback));
    await expect(listTools(renewed.access_token)).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
  });
});

/** Walks to tokens with openid-client, and with whatever proof the client has. */
async function walk(id: string, authentication: openid.ClientAuth) {
  const options = { algorithm: 'oauth2' as const, execute: [openid.allowInsecureRequests] };
  const config = await openid.discovery(new URL(stack.issuer), id, undefined, authentication, options);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(config, {
    ...asked(),
    redirect_uri: callback,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: 'the-state',
  });
  const redirect = await signIn(url);
  const checks = { pkceCodeVerifier, expectedState: 'the-state' };
  return { config, tokens: await openid.authorizationCodeGrant(config, redirect, checks) };
}

describe.for(clients)('openid-client as %s whose id is the URL of its description', ([, publish]) => {
  const proofOf = ({ key }: Published) => (key ? openid.PrivateKeyJwt(key) : openid.None());

  test('is known without registering: code, tokens, tools, refresh, revocation', async () => {
    const client = await publish();
    const { config, tokens } = await walk(client.id, proofOf(client));
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    const listTools = (token: string) =>
      openid.fetchProtectedResource(config, token, new URL(stack.mcpUrl), 'POST', list, listHeaders());
    for (const { access_token } of [tokens, renewed]) expect((await listTools(access_token)).status).toBe(200);
    await openid.tokenRevocation(config, renewed.refresh_token ?? '');
    await expect(listTools(renewed.access_token)).rejects.toThrow(openid.WWWAuthenticateChallengeError);
  });
});

describe('a client that must sign', () => {
  test('gets no tokens without its signature, nor with one by another key', async () => {
    const { id } = await publishSigning();
    const other = (await oauth.generateKeyPair('ES256')).privateKey;
    for (const authentication of [openid.None(), openid.PrivateKeyJwt(other)]) {
      await expect(walk(id, authentication)).rejects.toMatchObject({ status: 401 });
    }
  });
});

describe.for(publishedClients)(
  '$name, whose id is the URL of its document',
  ({ document: metadata, redirects, authorization }) => {
    test.for(redirects)('is answered at %s, calls tools and refreshes', async (redirect_uri) => {
      const client_id = site.publish(metadata);
      const request = { ...authorization, redirect_uri, resource: stack.mcpUrl };
      const { code, verifier, redirect } = await authorizedCode(stack.issuer, client_id, { request });
      expect(redirect.href.startsWith(`${redirect_uri}?`)).toBe(true);
      expect(redirect.searchParams.get('state')).toBe(authorization.state ?? 'the-state');
      const redemption = { client_id, redirect_uri, code, code_verifier: verifier, resource: stack.mcpUrl };
      const response = await requestTokens(stack.issuer, { grant_type: 'authorization_code', ...redemption });
      const tokens = await tokensIn(response);
      expect(tokens.scope).toBe('todos:read todos:write');
      expect(await titles(stack.issuer, tokens.access_token)).toEqual([]);
      const renewed = await tokensIn(await refresh(stack.issuer, client_id, tokens.refresh_token));
      expect(renewed.scope).toBe(tokens.scope);
    });
  },
);

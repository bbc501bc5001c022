import { randomUUID } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examine } from '../cli/doctor-process.ts';
import { operate } from '../support/admin-lambda.ts';
import type { ClientSite } from '../support/client-site.ts';
import { callback, newAddress, newSourceIp, postMcp } from '../support/flow.ts';
import { machineRequest, newMachine, newTenant } from '../support/machines.ts';
import { newProofKey, proofOf, proving } from '../support/proofs.ts';
import { later, refusal } from '../support/redemption.ts';
import { authorized, discovered, onLoopback } from '../support/strict-client.ts';
import { idJagClaims, newIssuer, signIdJag, trust } from '../support/trusted-issuer.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

/** A server that takes only bound tokens, and only proofs with a nonce of its own. */
let running: TrustingStack;
let site: ClientSite;
let issuer: string;
let as: oauth.AuthorizationServer;

beforeAll(async () => {
  running = await startTrustingStack({ dpop: { required: true, nonce: true } });
  ({ site, issuer } = running);
  as = await discovered(issuer);
});
afterAll(() => running?.stop());

/** Does as the library has it: once more where a nonce is asked for. */
async function withNonce<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    if (oauth.isDPoPNonceError(error)) return work();
    throw error;
  });
}

/** Lists the tools with a bound token. */
async function toolsBy(token: string, DPoP: oauth.DPoPHandle): Promise<number> {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' });
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const ask = () =>
    oauth.protectedResourceRequest(token, 'POST', new URL(`${issuer}/mcp`), headers, body, { ...onLoopback, DPoP });
  return (await withNonce(ask)).status;
}

describe('oauth4webapi binds its tokens, with nonces, where nothing else is taken', () => {
  test('by a code of which the request names the key, and by refreshing', async () => {
    expect(as.dpop_signing_alg_values_supported).toContain('ES256');
    const options = { ...onLoopback, headers: newSourceIp() };
    const metadata = {
      client_name: 'Strict',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
    };
    const registered = await oauth.dynamicClientRegistrationRequest(as, metadata, options);
    const { client_id } = await oauth.processDynamicClientRegistrationResponse(registered);
    const client: oauth.Client = { client_id };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const verifier = oauth.generateRandomCodeVerifier();
    const answer = await authorized(as, client, verifier, { dpop_jkt: await DPoP.calculateThumbprint() });
    const none = oauth.None();
    const redeem = async () => {
      const bound = { ...onLoopback, DPoP };
      const response = await oauth.authorizationCodeGrantRequest(as, client, none, answer, callback, verifier, bound);
      return oauth.processAuthorizationCodeResponse(as, client, response);
    };
    const first = await withNonce(redeem);
    expect(first).toMatchObject({ token_type: 'dpop' });
    expect(await toolsBy(first.access_token, DPoP)).toBe(200);
    const refresh = async () => {
      const token = first.refresh_token ?? '';
      const response = await oauth.refreshTokenGrantRequest(as, client, none, token, { ...onLoopback, DPoP });
      return oauth.processRefreshTokenResponse(as, client, response);
    };
    const second = await withNonce(refresh);
    expect(second).toMatchObject({ token_type: 'dpop' });
    expect(await toolsBy(second.access_token, DPoP)).toBe(200);
  });

  test('by client credentials', async () => {
    const { client_id, client_secret } = await newMachine(issuer);
    const client: oauth.Client = { client_id };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('PS256'));
    const by = oauth.ClientSecretBasic(client_secret);
    const ask = async () => {
      const parameters = new URLSearchParams({ scope: 'profile:read' });
      const response = await oauth.clientCredentialsGrantRequest(as, client, by, parameters, { ...onLoopback, DPoP });
      return oauth.processClientCredentialsResponse(as, client, response);
    };
    const { access_token, token_type } = await withNonce(ask);
    expect(token_type).toBe('dpop');
    expect(await toolsBy(access_token, DPoP)).toBe(200);
  });

  test('by an assertion about a person, which names the key or none, but no other', async () => {
    const [tenant, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
    const address = `ada@${randomUUID()}.example`;
    await operate(issuer, 'tenants add-member', { id: tenant, address });
    await trust(issuer, tenant, { issuer: from.url });
    const { client_id, client_secret } = (await operate(issuer, 'clients add', {
      client_name: 'Assistant',
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [callback],
    })) as { readonly client_id: string; readonly client_secret: string };
    const client: oauth.Client = { client_id };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('Ed25519'));
    const redeem = async (cnf: object | undefined) => {
      const claims = { ...idJagClaims(from, issuer, client_id), sub: 'ada', email: address, cnf };
      const parameters = new URLSearchParams({ assertion: await signIdJag(from, claims) });
      const by = oauth.ClientSecretBasic(client_secret);
      const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      const bound = { ...onLoopback, DPoP };
      const response = await oauth.genericTokenEndpointRequest(as, client, by, grant, parameters, bound);
      return oauth.processGenericTokenEndpointResponse(as, client, response);
    };
    const jkt = await DPoP.calculateThumbprint();
    for (const cnf of [undefined, { jkt }]) {
      const { access_token, token_type } = await withNonce(() => redeem(cnf));
      expect(token_type).toBe('dpop');
      expect(await toolsBy(access_token, DPoP)).toBe(200);
    }
    const other = await oauth.DPoP(client, await oauth.generateKeyPair('ES256')).calculateThumbprint();
    for (const cnf of [{ jkt: other }, { jkt, 'x5t#S256': other }, {}])
      await expect(redeem(cnf)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a nonce, RFC 9449 §8 and §9', () => {
  const nonceIn = ({ headers }: Response) => headers.get('dpop-nonce') ?? '';

  test('is given with each answer to a proof, serves while the next one does, and then no more', async () => {
    const machine = await newMachine(issuer);
    const key = await newProofKey();
    const ask = async (claims: object, headers: Record<string, string> = {}) => {
      const dpop = await proofOf(key, { url: `${issuer}/token` }, { ...claims });
      return machineRequest(issuer, machine, {}, { ...headers, dpop });
    };
    const first = await ask({});
    const nonce = nonceIn(first);
    expect(nonce).toMatch(/^[\w-]{22}$/);
    expect(await refusal(first)).toBe('400 use_dpop_nonce');
    expect(await refusal(await ask({ nonce: 'made-up' }))).toBe('400 use_dpop_nonce');
    expect(await refusal(await ask({ nonce: [nonce] }))).toBe('400 use_dpop_nonce');
    const given = await ask({ nonce });
    expect(given.status).toBe(200);
    expect(nonceIn(given)).toMatch(/^[\w-]{22}$/);
    const soon = Math.floor(Date.now() / 1_000) + 300;
    const next = await ask({ nonce, iat: soon }, later(300));
    expect(next.status).toBe(200);
    expect(nonceIn(next)).not.toBe(nonce);
    expect(await refusal(await ask({ nonce, iat: soon + 300 }, later(600)))).toBe('400 use_dpop_nonce');
  });

  test('is asked for by the MCP endpoint too, which gives it, and lets web pages read it', async () => {
    const machine = await newMachine(issuer);
    const key = await newProofKey();
    const url = `${issuer}/token`;
    const nonce = nonceIn(await machineRequest(issuer, machine, {}, await proving(key, { url })));
    const dpop = await proofOf(key, { url }, { nonce });
    const { access_token: token } = (await (await machineRequest(issuer, machine, {}, { dpop })).json()) as {
      readonly access_token: string;
    };
    const call = async (claims: object) =>
      postMcp(
        issuer,
        undefined,
        { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        {
          authorization: `DPoP ${token}`,
          dpop: await proofOf(key, { url: `${issuer}/mcp`, token }, { ...claims }),
        },
      );
    const refused = await call({});
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP error="use_dpop_nonce"/);
    expect(refused.headers.get('access-control-expose-headers')).toContain('DPoP-Nonce');
    const taken = await call({ nonce: nonceIn(refused) });
    expect(taken.status).toBe(200);
    expect(nonceIn(taken)).toMatch(/^[\w-]{22}$/);
  });
});

describe('a server that takes only bound tokens', () => {
  test('says so in its metadata and its challenge, and gives no other', async () => {
    const resource = await fetch(`${issuer}/.well-known/oauth-protected-resource/mcp`);
    expect(await resource.json()).toMatchObject({
      dpop_bound_access_tokens_required: true,
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
    });
    const { headers, status } = await postMcp(issuer, undefined, {});
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^DPoP algs="ES256 /);
    expect(await refusal(await machineRequest(issuer, await newMachine(issuer)))).toBe('400 invalid_dpop_proof');
  });
});

test('doctor signs in to a server that asks everybody for bound tokens, with nonces, and finds all well', async () => {
  const report = await examine(['--local', issuer, '--sign-in', '--email', newAddress()]);
  expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  const says = (name: string) => report.checks.find((check) => check.name === name)?.says;
  expect(says('DPoP')).toBe('required');
  expect(says('token bound to a key')).toBe('the server asks for that');
  const unchecked = report.checks.filter(({ outcome }) => outcome === 'not checked').map(({ name }) => name);
  expect(unchecked).toEqual(['TLS certificate', 'TLS versions', 'HSTS', 'plain http']);
});

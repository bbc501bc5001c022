import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { openAccount } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { callback, connect, newAddress, postMcp, refresh, register, type Tokens } from '../support/flow.ts';
import { machineRequest, machineToken, newMachine, newTenant, trailOf } from '../support/machines.ts';
import { callTool, outputOf } from '../support/mcp.ts';
import { principalIn } from '../support/people.ts';
import { newProofKey, type ProofKey, proofOf, proving, showing } from '../support/proofs.ts';
import { basic, later, newRedemption, redeem, redeemed, refusal, secretOf, tokensIn } from '../support/redemption.ts';

const issuer = inject('issuer');
const [tokenUrl, mcpUrl] = [`${issuer}/token`, `${issuer}/mcp`];
const atToken = { url: tokenUrl };
const now = () => Math.floor(Date.now() / 1_000);

type Bound = { readonly clientId: string; readonly tokens: Tokens; readonly key: ProofKey };

/** A public client with a person's tokens, which are bound to its key. */
async function newBound(address = newAddress()): Promise<Bound> {
  const key = await newProofKey();
  const redemption = await newRedemption(issuer, {}, { address });
  const tokens = await redeemed(issuer, redemption, {}, await proving(key, atToken));
  return { clientId: redemption.client.client_id, tokens, key };
}

function refreshWith({ clientId, tokens }: Bound, headers: Record<string, string> = {}): Promise<Response> {
  return refresh(issuer, clientId, tokens.refresh_token, {}, headers);
}

/** What the MCP endpoint says to a request with these headers: its status, and the scheme and error of the challenge. */
async function said(headers: Record<string, string>): Promise<string> {
  const { status, headers: given } = await postMcp(
    issuer,
    undefined,
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    headers,
  );
  const challenge = given.get('www-authenticate');
  if (challenge === null) return String(status);
  return `${status} ${challenge.split(' ', 1)[0]} ${/\berror="(\w+)"/.exec(challenge)?.[1]}`;
}

/** Why a grant's code or refresh token was refused, as the audit has it. */
async function reasonsOf({ tokens }: Bound): Promise<readonly unknown[]> {
  const { tenant } = principalIn(tokens.access_token);
  return (await trailOf(issuer, tenant)).filter(({ event }) => event === 'refusal').map(({ reason }) => reason);
}

describe('access tokens are bound to the key of a proof, RFC 9449 §5', () => {
  test('by the code of a public client, and again by each refresh', async () => {
    const bound = await newBound();
    const { tokens, key } = bound;
    expect(tokens).toMatchObject({ token_type: 'DPoP' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ cnf: { jkt: key.jkt } });
    expect(await said(await showing(issuer, key, tokens.access_token))).toBe('200');
    const next = await tokensIn(await refreshWith(bound, await proving(key, atToken)));
    expect(next).toMatchObject({ token_type: 'DPoP' });
    expect(await said(await showing(issuer, key, next.access_token))).toBe('200');
  });

  test.for(['ES256', 'ES384', 'PS256', 'RS256', 'Ed25519'])('by a key of %s', async (alg) => {
    const key = await newProofKey(alg);
    const token = await machineToken(issuer, await newMachine(issuer), {}, await proving(key, atToken));
    expect(await said(await showing(issuer, key, token))).toBe('200');
  });

  test('only where there is a proof: the next one without gives a bearer token again', async () => {
    const machine = await newMachine(issuer);
    const key = await newProofKey();
    expect(
      await said(await showing(issuer, key, await machineToken(issuer, machine, {}, await proving(key, atToken)))),
    ).toBe('200');
    const response = await machineRequest(issuer, machine);
    expect(await response.json()).toMatchObject({ token_type: 'Bearer' });
  });

  test('and whoami, introspection, the operator’s list and the account page say so', async () => {
    const address = newAddress();
    const { tokens, key } = await newBound(address);
    const token = tokens.access_token;
    const me = await callTool(issuer, undefined, 'whoami', {}, await showing(issuer, key, token));
    expect(outputOf(me)).toMatchObject({ bound: true });
    const server = (await operate(issuer, 'clients add', {
      client_name: 'Files API',
      token_endpoint_auth_method: 'client_secret_basic',
      is_resource_server: true,
    })) as { readonly client_id: string; readonly client_secret: string };
    const description = await fetch(`${issuer}/introspect`, {
      method: 'POST',
      headers: basic(server.client_id, server.client_secret),
      body: new URLSearchParams({ token }),
    });
    expect(await description.json()).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.jkt } });
    await connect(issuer, { address });
    const { grants } = (await operate(issuer, 'people grants', { address })) as { readonly grants: object[] };
    expect(grants.map((grant) => 'bound' in grant && grant.bound).sort()).toEqual([false, true]);
    const { page } = await openAccount(issuer, { address });
    expect(page.html.match(/only works with a key that the app keeps/g)).toHaveLength(1);
  });
});

describe('a refresh token of a public client is bound too, RFC 9449 §5', () => {
  test('so it is refused without a proof and with one of another key, which costs it nothing and is recorded', async () => {
    const bound = await newBound();
    expect(await refusal(await refreshWith(bound))).toBe('400 invalid_dpop_proof');
    const other = await newProofKey();
    expect(await refusal(await refreshWith(bound, await proving(other, atToken)))).toBe('400 invalid_grant');
    expect(await reasonsOf(bound)).toEqual([
      'The refresh token is bound to a key: send a DPoP proof',
      'a proof of another key',
    ]);
    expect((await refreshWith(bound, await proving(bound.key, atToken))).status).toBe(200);
  });

  test('and one that was spent long ago ends the grant with any key or none', async () => {
    const bound = await newBound();
    const next = await tokensIn(await refreshWith(bound, await proving(bound.key, atToken)));
    expect(await refusal(await refreshWith(bound, later(120)))).toBe('400 invalid_grant');
    expect(await said(await showing(issuer, bound.key, next.access_token))).toBe('401 DPoP invalid_token');
  });

  test('but a client that proves who it is may change its key, though not go without one', async () => {
    const redemption = await newRedemption(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
    const { client } = redemption;
    const proven = basic(client.client_id, secretOf(client));
    const [first, second] = [await newProofKey(), await newProofKey()];
    const headers = { ...proven, ...(await proving(first, atToken)) };
    const tokens = await redeemed(issuer, redemption, { client_id: undefined }, headers);
    const bound = { clientId: client.client_id, tokens, key: second };
    expect(await refusal(await refreshWith(bound, proven))).toBe('400 invalid_dpop_proof');
    const next = await tokensIn(await refreshWith(bound, { ...proven, ...(await proving(second, atToken)) }));
    expect(await said(await showing(issuer, second, next.access_token))).toBe('200');
  });

  test('while one that was given without a proof stays good without', async () => {
    const redemption = await newRedemption(issuer);
    const bound = {
      clientId: redemption.client.client_id,
      tokens: await redeemed(issuer, redemption),
      key: await newProofKey(),
    };
    const next = await tokensIn(await refreshWith(bound, await proving(bound.key, atToken)));
    expect(next).toMatchObject({ token_type: 'DPoP' });
    expect((await refreshWith({ ...bound, tokens: next })).status).toBe(200);
  });
});

type Members = Readonly<Record<string, unknown>>;
type Wrong = readonly [
  what: string,
  claims: ((url: string) => Members) | undefined,
  header?: (key: ProofKey) => Members,
];

/** What is wrong with a proof in one way, wherever it is sent. */
const wrong: readonly Wrong[] = [
  ['of another type', undefined, () => ({ typ: 'JWT' })],
  ['of no type', undefined, () => ({ typ: undefined })],
  ['with the type of an access token', undefined, () => ({ typ: 'at+jwt' })],
  ['without a key', undefined, () => ({ jwk: undefined })],
  ['with a key that is a text', undefined, () => ({ jwk: 'key' })],
  ['with the private half of its key', undefined, ({ whole }) => ({ jwk: whole })],
  ['with a part of a private key', undefined, ({ jwk }) => ({ jwk: { ...jwk, p: 'AQ' } })],
  ['without an id', () => ({ jti: undefined })],
  ['with an empty id', () => ({ jti: '' })],
  ['with a number for an id', () => ({ jti: 7 })],
  ['with a long id', () => ({ jti: 'x'.repeat(301) })],
  ['for another method', () => ({ htm: 'GET' })],
  ['for a method in lower case', () => ({ htm: 'post' })],
  ['for no method', () => ({ htm: undefined })],
  ['for another path', (url) => ({ htu: `${url}/other` })],
  ['for another server', () => ({ htu: 'https://elsewhere.example/token' })],
  ['for another scheme', (url) => ({ htu: url.replace(/^http:/, 'https:') })],
  ['for an address with a name before it', (url) => ({ htu: url.replace('//', '//somebody@') })],
  ['for no address', () => ({ htu: undefined })],
  ['for something that is no address', () => ({ htu: '/token' })],
  ['for a list of addresses', (url) => ({ htu: [url] })],
  ['from long ago', () => ({ iat: now() - 400 })],
  ['from the future', () => ({ iat: now() + 400 })],
  ['from no time', () => ({ iat: undefined })],
  ['from a time that is a text', () => ({ iat: String(now()) })],
  ['that says that it has expired', () => ({ exp: now() - 400 })],
];

/** What is sent in place of a proof. */
const noProofs: readonly (readonly [what: string, header: (proof: string) => string | Promise<string>])[] = [
  ['nothing', () => ''],
  ['a text', () => 'proof'],
  ['three parts of nothing', () => 'a.b.c'],
  ['two proofs', (proof) => `${proof}, ${proof}`],
  ['a proof with another’s signature', async (proof) => `${proof.slice(0, -8)}AAAAAAAA`],
  ['a proof without a signature', (proof) => proof.replace(/[^.]*$/, '')],
  ['a proof by alg none', (proof) => unsigned(proof)],
  ['a giant', () => 'x'.repeat(7_000)],
];

function unsigned(proof: string): string {
  const [, claims] = proof.split('.');
  return `${Buffer.from('{"alg":"none","typ":"dpop+jwt","jwk":{}}').toString('base64url')}.${claims}.`;
}

describe('a proof that is wrong in one way is refused', () => {
  let bound: Bound;
  beforeAll(async () => {
    bound = await newBound();
  });

  /** What both endpoints say to a proof. */
  async function refusals(make: (url: string, token?: string) => string | Promise<string>): Promise<readonly string[]> {
    const token = bound.tokens.access_token;
    const [atTokens, atMcp] = [await make(tokenUrl), await make(mcpUrl, token)];
    return [
      await refusal(await refreshWith(bound, { dpop: atTokens })),
      await said({ authorization: `DPoP ${token}`, dpop: atMcp }),
    ];
  }
  const both = ['400 invalid_dpop_proof', '401 DPoP invalid_dpop_proof'];

  test.for(wrong)('%s', async ([, claims, header]) => {
    const { key } = bound;
    const make = (url: string, token?: string) =>
      proofOf(key, token === undefined ? { url } : { url, token }, claims?.(url), header?.(key));
    expect(await refusals(make)).toEqual(both);
  });

  test.for(noProofs)('%s', async ([, instead]) => {
    const make = async (url: string, token?: string) =>
      instead(await proofOf(bound.key, token === undefined ? { url } : { url, token }));
    expect(await refusals(make)).toEqual(both);
  });

  test('and the honest one beside them is taken, with a query, a fragment and capitals in its address', async () => {
    const { key, tokens } = bound;
    const token = tokens.access_token;
    for (const htu of [
      mcpUrl,
      `${mcpUrl}/`,
      `${mcpUrl}?x=1`,
      `${mcpUrl}#x`,
      mcpUrl.replace('http', 'HTTP'),
      mcpUrl.replace('/mcp', '/%6Dcp'),
    ]) {
      const dpop = await proofOf(key, { url: mcpUrl, token }, { htu });
      expect(await said({ authorization: `DPoP ${token}`, dpop }), htu).toBe('200');
    }
  });

  test('and the host that a request names says nothing', async () => {
    const { key, tokens } = bound;
    const token = tokens.access_token;
    const dpop = await proofOf(key, { url: 'http://elsewhere.example/mcp', token });
    const headers = { authorization: `DPoP ${token}`, dpop, 'x-forwarded-host': 'elsewhere.example' };
    expect(await said(headers)).toBe('401 DPoP invalid_dpop_proof');
  });
});

describe('a bound access token, RFC 9449 §7', () => {
  let bound: Bound;
  beforeAll(async () => {
    bound = await newBound();
  });

  test('is refused as a bearer token, with a proof and without', async () => {
    const { key, tokens } = bound;
    const headers = await showing(issuer, key, tokens.access_token);
    const authorization = `Bearer ${tokens.access_token}`;
    expect(await said({ authorization })).toBe('401 DPoP invalid_token');
    expect(await said({ ...headers, authorization })).toBe('401 DPoP invalid_token');
  });

  test('is refused with a proof that is for another token, for none, or of another key, and without one', async () => {
    const token = bound.tokens.access_token;
    const authorization = `DPoP ${token}`;
    const [other, key] = [await newProofKey(), bound.key];
    const proofs = [
      await proofOf(key, { url: mcpUrl, token: 'another' }),
      await proofOf(key, { url: mcpUrl }),
      await proofOf(other, { url: mcpUrl, token }),
    ];
    for (const dpop of proofs) expect(await said({ authorization, dpop })).toBe('401 DPoP invalid_dpop_proof');
    expect(await said({ authorization })).toBe('401 DPoP invalid_dpop_proof');
  });

  test('is taken once with each proof, also when it comes four times at once', async () => {
    const { key, tokens } = bound;
    const headers = await showing(issuer, key, tokens.access_token);
    const answers = await Promise.all(Array.from({ length: 4 }, () => said(headers)));
    expect(answers.sort()).toEqual(['200', ...Array.from({ length: 3 }, () => '401 DPoP invalid_dpop_proof')]);
    expect(await said({ ...headers, ...later(200) })).toBe('401 DPoP invalid_dpop_proof');
  });

  test('ends by revocation as any other', async () => {
    const { key, tokens, clientId } = await newBound();
    await fetch(`${issuer}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: tokens.access_token, client_id: clientId }),
    });
    expect(await said(await showing(issuer, key, tokens.access_token))).toBe('401 DPoP invalid_token');
  });

  test('and one that is bound to no key is refused with the scheme DPoP', async () => {
    const token = await machineToken(issuer, await newMachine(issuer));
    expect(await said(await showing(issuer, bound.key, token))).toBe('401 DPoP invalid_token');
    expect(await said({ authorization: `Bearer ${token}` })).toBe('200');
  });

  test('is told what a scope lacks in its own scheme', async () => {
    const key = await newProofKey();
    const machine = await newMachine(issuer, { scopes: ['profile:read', 'todos:write'] });
    const scope = { scope: 'profile:read' };
    const token = await machineToken(issuer, machine, scope, await proving(key, atToken));
    const { status, headers } = await callTool(issuer, undefined, 'list_todos', {}, await showing(issuer, key, token));
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toMatch(/^DPoP error="insufficient_scope".*algs="ES256 /);
  });

  test('has its challenge say which signatures are taken, and where to sign in', async () => {
    const { headers } = await postMcp(issuer, bound.tokens.access_token, {});
    const challenge = headers.get('www-authenticate');
    expect(challenge).toContain('algs="ES256 ES384 PS256 RS256 Ed25519 EdDSA"');
    expect(challenge).toContain(`resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`);
  });
});

describe('a proof at the token endpoint', () => {
  test('serves once, and a second time costs the code nothing', async () => {
    const key = await newProofKey();
    const proof = await proving(key, atToken);
    await machineToken(issuer, await newMachine(issuer), {}, proof);
    const redemption = await newRedemption(issuer);
    expect(await refusal(await redeem(issuer, redemption, {}, proof))).toBe('400 invalid_dpop_proof');
    expect((await redeem(issuer, redemption, {}, await proving(key, atToken))).status).toBe(200);
  });

  test('serves four requests at once one time', async () => {
    const machine = await newMachine(issuer);
    const proof = await proving(await newProofKey(), atToken);
    const answers = await Promise.all(Array.from({ length: 4 }, () => machineRequest(issuer, machine, {}, proof)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  test('is of the key that the authorization request named, or the code is refused and serves on', async () => {
    const [key, other] = [await newProofKey(), await newProofKey()];
    const redemption = await newRedemption(issuer, {}, { request: { dpop_jkt: key.jkt } });
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_grant');
    const wrongKey = await proving(other, atToken);
    expect(await refusal(await redeem(issuer, redemption, {}, wrongKey))).toBe('400 invalid_grant');
    expect((await redeem(issuer, redemption, {}, await proving(key, atToken))).status).toBe(200);
  });
});

describe('who takes only bound tokens', () => {
  test('a client that registered so', async () => {
    const metadata = { dpop_bound_access_tokens: true };
    const client = await register(issuer, metadata);
    expect(client).toMatchObject(metadata);
    const redemption = await newRedemption(issuer, metadata);
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_dpop_proof');
    const key = await newProofKey();
    expect((await redeem(issuer, redemption, {}, await proving(key, atToken))).status).toBe(200);
  });

  test('and what else stands there is refused', async () => {
    const response = await fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [callback], dpop_bound_access_tokens: 'true' }),
    });
    expect(await refusal(response)).toBe('400 invalid_client_metadata');
  });

  test('a client of which the operator says so', async () => {
    const tenant = await newTenant(issuer);
    const client = (await operate(issuer, 'clients add', {
      client_name: 'Nightly report',
      token_endpoint_auth_method: 'client_secret_basic',
      machine: { tenant, scopes: ['profile:read'] },
      dpop_bound_access_tokens: true,
    })) as { readonly client_id: string; readonly client_secret: string };
    expect(client).toMatchObject({ dpop_bound_access_tokens: true });
    const machine = { ...client, tenant };
    expect(await refusal(await machineRequest(issuer, machine))).toBe('400 invalid_dpop_proof');
    const proof = await proving(await newProofKey(), atToken);
    expect((await machineRequest(issuer, machine, {}, proof)).status).toBe(200);
  });

  test('a tenant, from the next call on, and no longer when that is lifted', async () => {
    const machine = await newMachine(issuer);
    const authorization = `Bearer ${await machineToken(issuer, machine)}`;
    const { tenant: id } = machine;
    expect(await operate(issuer, 'tenants policy', { id, dpop: 'required' })).toMatchObject({ dpop: 'required' });
    expect(await said({ authorization })).toBe('401 DPoP invalid_token');
    expect(await refusal(await machineRequest(issuer, machine))).toBe('400 invalid_dpop_proof');
    const key = await newProofKey();
    const token = await machineToken(issuer, machine, {}, await proving(key, atToken));
    expect(await said(await showing(issuer, key, token))).toBe('200');
    await operate(issuer, 'tenants policy', { id, calls: { minute: 100 } });
    await operate(issuer, 'tenants sso', { id, provider: null });
    expect(await said({ authorization })).toBe('401 DPoP invalid_token');
    await operate(issuer, 'tenants policy', { id, dpop: null });
    expect(await said({ authorization })).toBe('200');
  });

  test('a tenant, of its people too: the code and the refresh token are not lost by it', async () => {
    const id = await newTenant(issuer);
    const domain = `${id}.example`;
    await operate(issuer, 'tenants add-domain', { id, domain });
    const redemption = await newRedemption(issuer, {}, { address: `anna@${domain}` });
    await operate(issuer, 'tenants policy', { id, dpop: 'required' });
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_dpop_proof');
    await operate(issuer, 'tenants policy', { id, dpop: null });
    const tokens = await redeemed(issuer, redemption);
    await operate(issuer, 'tenants policy', { id, dpop: 'required' });
    const unbound = { clientId: redemption.client.client_id, tokens, key: await newProofKey() };
    expect(await refusal(await refreshWith(unbound))).toBe('400 invalid_dpop_proof');
    const next = await tokensIn(await refreshWith(unbound, await proving(unbound.key, atToken)));
    expect(await said(await showing(issuer, unbound.key, next.access_token))).toBe('200');
  });
});

import { randomUUID } from 'node:crypto';
import { decodeJwt, exportSPKI, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import { type ClientKey, newClientKey, signClaims } from '../support/assertion.ts';
import { Browser } from '../support/browser.ts';
import { type ClientSite, document, failing } from '../support/client-site.ts';
import {
  authorizePath,
  callback,
  connect,
  isAccepted,
  newAddress,
  newPkce,
  newSourceIp,
  register,
  requestTokens,
} from '../support/flow.ts';
import { newMachine, newTenant, trailOf } from '../support/machines.ts';
import { callTool, outputOf } from '../support/mcp.ts';
import { principalIn } from '../support/people.ts';
import { basic, HOUR, later, refusal } from '../support/redemption.ts';
import { idJagClaims, newIssuer, signIdJag, type TrustedIssuer, trust } from '../support/trusted-issuer.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

let running: TrustingStack;
let site: ClientSite;
let issuer: string;

beforeAll(async () => {
  running = await startTrustingStack();
  ({ site, issuer } = running);
});
afterAll(() => running?.stop());

type Claims = Record<string, unknown>;

/** A company: its tenant with a domain, its identity provider, which is trusted, and a client of the operator's. */
type Company = {
  readonly tenant: string;
  readonly domain: string;
  readonly from: TrustedIssuer;
  readonly trustId: string;
  readonly client: { readonly client_id: string; readonly client_secret: string };
};

async function newCompany(input: object = {}): Promise<Company> {
  const [tenant, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
  const domain = `${randomUUID()}.example`;
  await operate(issuer, 'tenants add-domain', { id: tenant, domain });
  const trustId = await trust(issuer, tenant, { issuer: from.url, ...input });
  const client = (await operate(issuer, 'clients add', {
    client_name: 'Assistant',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'client_secret_basic',
  })) as Company['client'];
  return { tenant, domain, from, trustId, client };
}

/** Somebody new at a company, as its provider names them. */
function newEmployee({ domain }: Company): { readonly sub: string; readonly email: string } {
  return { sub: randomUUID(), email: `${randomUUID()}@${domain}` };
}

async function assertionOf(company: Company, changes: Claims = {}, header: Claims = {}): Promise<string> {
  const honest = { ...idJagClaims(company.from, issuer, company.client.client_id), ...newEmployee(company) };
  return signIdJag(company.from, { ...honest, ...changes }, header);
}

function show({ client }: Company, assertion: string, parameters: Record<string, string> = {}): Promise<Response> {
  const headers = { ...newSourceIp(), ...basic(client.client_id, client.client_secret) };
  return requestTokens(issuer, { grant_type: jwtBearer, assertion, ...parameters }, headers);
}

async function tokenOf(
  company: Company,
  changes: Claims = {},
  parameters: Record<string, string> = {},
): Promise<string> {
  const response = await show(company, await assertionOf(company, changes), parameters);
  const body = (await response.json()) as { readonly access_token?: string };
  if (!body.access_token) throw new Error(`No token: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

/** Why the last assertion was refused, as the audit of the company has it. */
async function lastReason({ tenant }: Company): Promise<unknown> {
  return (await trailOf(issuer, tenant)).filter(({ event }) => event === 'assertion_refused').at(-1)?.reason;
}

describe('an assertion of a trusted identity provider', () => {
  test('gives its person an access token, and no refresh token', async () => {
    const company = await newCompany();
    const response = await show(company, await assertionOf(company), { resource: `${issuer}/mcp` });
    const tokens = (await response.json()) as { readonly access_token: string; readonly scope: string };
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: expect.stringContaining('todos:read'),
    });
    expect(tokens.scope).not.toContain('workspace:admin');
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      tenant: company.tenant,
      client_id: company.client.client_id,
    });
    expect(decodeJwt(tokens.access_token)).not.toHaveProperty('kind');
    expect(outputOf(await callTool(issuer, tokens.access_token, 'whoami'))).toMatchObject({ kind: 'person' });
  });

  test('finds the same person again, by issuer and subject, whatever their address is by then', async () => {
    const company = await newCompany();
    const { sub, email } = newEmployee(company);
    const first = principalIn(await tokenOf(company, { sub, email }));
    expect(principalIn(await tokenOf(company, { sub, email: undefined }))).toEqual(first);
    expect(principalIn(await tokenOf(company, { sub, email: newAddress() }))).toEqual(first);
    expect(principalIn(await tokenOf(company))).not.toEqual(first);
  });

  test('finds the person who signs in by mail, and the other way around', async () => {
    const company = await newCompany();
    const [one, other] = [newEmployee(company), newEmployee(company)];
    const { tokens } = await connect(issuer, { address: one.email });
    expect(principalIn(await tokenOf(company, one))).toEqual(principalIn(tokens.access_token));
    const asserted = principalIn(await tokenOf(company, other));
    const signedIn = await connect(issuer, { address: other.email });
    expect(principalIn(signedIn.tokens.access_token)).toEqual(asserted);
  });

  test('finds somebody whom the operator entered by their address, with their role', async () => {
    const company = await newCompany();
    const address = newAddress();
    await operate(issuer, 'tenants add-member', { id: company.tenant, address, role: 'admin' });
    const token = await tokenOf(company, { email: address });
    expect(outputOf(await callTool(issuer, token, 'whoami'))).toMatchObject({ role: 'admin', tenant: company.tenant });
  });

  test('reuses the grant of person, client and scopes', async () => {
    const company = await newCompany();
    const who = newEmployee(company);
    const grantOf = (token: string) => String(decodeJwt(token).jti).split('.')[0];
    const [first, second] = [await tokenOf(company, who), await tokenOf(company, who)];
    const narrow = await tokenOf(company, who, { scope: 'profile:read' });
    expect(grantOf(second)).toBe(grantOf(first));
    expect(grantOf(narrow)).not.toBe(grantOf(first));
    expect(decodeJwt(narrow).scope).toBe('profile:read');
  });

  test('bounds the scopes, whatever the client asks for', async () => {
    const company = await newCompany();
    const scoped = { scope: 'todos:read workspace:admin' };
    expect(decodeJwt(await tokenOf(company, scoped)).scope).toBe('todos:read');
    expect(decodeJwt(await tokenOf(company, scoped, { scope: 'todos:read profile:read' })).scope).toBe('todos:read');
    const wider = await show(company, await assertionOf(company, scoped), { scope: 'todos:write' });
    expect(await refusal(wider)).toBe('400 invalid_scope');
  });

  test('is bounded by the trust and the policy of the tenant', async () => {
    const company = await newCompany({ scopes: ['todos:write', 'profile:read'] });
    await operate(issuer, 'tenants policy', { id: company.tenant, scopes: ['profile:read', 'workspace:read'] });
    expect(decodeJwt(await tokenOf(company)).scope).toBe('profile:read');
  });

  test('is in the audit: who came, by what, and each time', async () => {
    const company = await newCompany();
    const who = newEmployee(company);
    const { subject } = principalIn(await tokenOf(company, who));
    await tokenOf(company, who);
    const trail = (await trailOf(issuer, company.tenant)).filter((item) => item.subject === subject);
    expect(trail).toEqual([
      expect.objectContaining({ event: 'trusted_person', did: 'made', trust: company.trustId }),
      expect.objectContaining({ event: 'grant', means: 'id-jag', clientId: company.client.client_id }),
      expect.objectContaining({ event: 'grant_use', means: 'id-jag' }),
    ]);
  });

  test('is taken once, also when it comes four times at once', async () => {
    const company = await newCompany();
    const assertion = await assertionOf(company);
    const answers = await Promise.all(Array.from({ length: 4 }, () => show(company, assertion)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    expect(await refusal(await show(company, assertion))).toBe('400 invalid_grant');
    expect(await lastReason(company)).toBe('it was used before');
  });

  test('is checked with keys that are read anew when the issuer changes them', async () => {
    const company = await newCompany();
    await tokenOf(company);
    const key = await newClientKey('ES256');
    company.from.publish(company.from.key, key);
    const changed = { ...company, from: { ...company.from, key } };
    const assertion = await assertionOf(changed);
    expect(await refusal(await show(changed, assertion))).toBe('400 invalid_grant');
    const headers = {
      ...newSourceIp(),
      ...basic(company.client.client_id, company.client.client_secret),
      ...later(90),
    };
    const aMinuteLater = await requestTokens(issuer, { grant_type: jwtBearer, assertion }, headers);
    expect(aMinuteLater.status).toBe(200);
  });

  test('is checked with known keys while the issuer is out of order, and costs nothing where none serve', async () => {
    const company = await newCompany();
    site.serve(new URL(company.from.keysUrl).pathname, failing(503));
    expect(await isAccepted(issuer, await tokenOf(company))).toBe(true);
  });
});

const now = () => Math.floor(Date.now() / 1_000);
/** What is wrong with an assertion in one way, and what the audit says of it. */
type Wrong = readonly [what: string, reason: RegExp, changes: (company: Company) => Claims, header?: Claims];
const wrong: readonly Wrong[] = [
  ['for the token endpoint', /^aud is not/, () => ({ aud: `${issuer}/token` })],
  ['for the issuer with a slash', /^aud is not/, () => ({ aud: `${issuer}/` })],
  ['for another server', /^aud is not/, () => ({ aud: 'https://elsewhere.example' })],
  ['for several servers', /^aud names several/, () => ({ aud: [issuer, 'https://elsewhere.example'] })],
  ['for nobody', /aud/, () => ({ aud: undefined })],
  ['for another client', /^client_id is not/, () => ({ client_id: 'other' })],
  ['for no client', /^client_id is not/, () => ({ client_id: undefined })],
  ['that has expired', /exp/, () => ({ iat: now() - 400, exp: now() - 100 })],
  ['that never expires', /exp/, () => ({ exp: undefined })],
  ['that is not valid yet', /nbf/, () => ({ nbf: now() + 300 })],
  ['of the future', /^iat is in the future/, () => ({ iat: now() + 300, exp: now() + 600 })],
  ['without a time', /iat/, () => ({ iat: undefined })],
  ['that lives too long', /^it lives longer/, () => ({ exp: now() + 3_600 })],
  ['for another resource', /^resource is not/, () => ({ resource: 'https://elsewhere.example/mcp' })],
  [
    'for another resource beside ours',
    /^resource is not/,
    () => ({ resource: [`${issuer}/mcp`, 'https://x.example/'] }),
  ],
  ['for a resource that is a number', /^resource is not/, () => ({ resource: 7 })],
  ['without an id', /^jti is missing/, () => ({ jti: undefined })],
  ['with a number for an id', /^jti is missing/, () => ({ jti: 7 })],
  ['without a subject', /sub/, () => ({ sub: undefined })],
  ['with an empty subject', /^sub is missing/, () => ({ sub: '' })],
  ['with half a character for a subject', /^sub is missing/, () => ({ sub: '\ud800' })],
  ['for another tenant', /^aud_tenant is not/, () => ({ aud_tenant: 'other' })],
  ['about somebody else here', /^aud_sub is somebody else/, () => ({ aud_sub: 'other' })],
  ['bound to a key that is not proven', /^cnf is not the key/, () => ({ cnf: { jkt: 'x' } })],
  ['with details', /^authorization_details/, () => ({ authorization_details: [] })],
  ['with scopes that are no text', /^scope is no text/, () => ({ scope: ['todos:read'] })],
  ['about somebody without an address', /email gives no address/, () => ({ email: undefined })],
  ...[false, 'false', 0, null, 'no'].map(
    (email_verified): Wrong => [
      `about somebody whose address is not verified, as ${JSON.stringify(email_verified)} says`,
      /email gives no address/,
      () => ({ email_verified }),
    ],
  ),
  ['about somebody of another domain', /does not belong to/, () => ({ email: newAddress() })],
  ['of another type', /^typ is not/, () => ({}), { typ: 'JWT' }],
  ['of a type with something behind it', /^typ is not/, () => ({}), { typ: 'oauth-id-jag+jwt;x=1' }],
  ['of a list of types', /^typ is not/, () => ({}), { typ: ['oauth-id-jag+jwt'] }],
  ['of no type', /^typ is not/, () => ({}), { typ: undefined }],
  ['with the type of an access token', /^typ is not/, () => ({}), { typ: 'at+jwt' }],
];

describe('an assertion that is wrong in one way is refused in the same words, and the audit says which', () => {
  let company: Company;
  beforeAll(async () => {
    company = await newCompany();
  });

  test.for(wrong)('%s', async ([, reason, changes, header]) => {
    const response = await show(company, await assertionOf(company, changes(company), header));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'The assertion is not valid; the audit says why',
    });
    expect(await lastReason(company)).toMatch(reason);
  });

  test('signed by another key under the same name, by another issuer, or by nobody', async () => {
    const { from, client } = company;
    const forger = await newClientKey('RS256', from.key.jwk.kid);
    const claims = { ...idJagClaims(from, issuer, client.client_id), ...newEmployee(company) };
    const forged = await signClaims(forger, claims, { typ: 'oauth-id-jag+jwt' });
    expect(await refusal(await show(company, forged))).toBe('400 invalid_grant');
    const other = await newCompany();
    const foreign = await signClaims(other.from.key, claims, { typ: 'oauth-id-jag+jwt' });
    expect(await refusal(await show(company, foreign))).toBe('400 invalid_grant');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'HS256']) {
      const unsigned = `${part({ alg, typ: 'oauth-id-jag+jwt' })}.${part(claims)}.${alg === 'none' ? '' : 'AA'}`;
      expect(await refusal(await show(company, unsigned))).toBe('400 invalid_grant');
    }
  });

  test('signed with the public key as if that were a secret', async () => {
    const { from, client } = company;
    const claims = { ...idJagClaims(from, issuer, client.client_id), ...newEmployee(company) };
    const pem = await exportSPKI((await importJWK(from.key.jwk, 'RS256')) as ClientKey['privateKey']);
    for (const secret of [pem, JSON.stringify(from.key.jwk), from.key.jwk.n ?? '']) {
      const confused = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: from.key.jwk.kid, typ: 'oauth-id-jag+jwt' })
        .sign(new TextEncoder().encode(secret));
      expect(await refusal(await show(company, confused))).toBe('400 invalid_grant');
    }
  });

  test('with a header that must be understood, and is not', async () => {
    const { from, client } = company;
    const critical = await new SignJWT({ ...idJagClaims(from, issuer, client.client_id), ...newEmployee(company) })
      .setProtectedHeader({ alg: 'RS256', kid: from.key.jwk.kid, typ: 'oauth-id-jag+jwt', crit: ['x'], x: 1 })
      .sign(from.key.privateKey, { crit: { x: true } });
    expect(await refusal(await show(company, critical))).toBe('400 invalid_grant');
  });

  test('with a key that it brings along or names the place of, where nobody looks', async () => {
    const forger = await newClientKey('RS256');
    const jku = site.serve(`/${randomUUID()}/keys`, document({ keys: [forger.jwk] }));
    const { from, client } = company;
    const claims = { ...idJagClaims(from, issuer, client.client_id), ...newEmployee(company) };
    const header = { typ: 'oauth-id-jag+jwt', jku, x5u: jku, jwk: forger.jwk };
    expect(await refusal(await show(company, await signClaims(forger, claims, header)))).toBe('400 invalid_grant');
    expect(site.visits(jku)).toBe(0);
  });

  test.for([
    (url: string) => `${url}/`,
    (url: string) => url.toUpperCase(),
    (url: string) => `${url}?tenant=1`,
    (url: string) => url.replace('127.0.0.1', 'localhost'),
    (url: string) => ` ${url}`,
  ])('of an issuer that is spelled otherwise: %s', async (spelled) => {
    const assertion = await assertionOf(company, { iss: spelled(company.from.url) });
    expect(await refusal(await show(company, assertion))).toBe('400 invalid_grant');
  });

  test('with keys that are not known, for which the issuer is asked once a minute', async () => {
    const mine = await newCompany();
    const before = site.visits(mine.from.keysUrl);
    const strange = { ...mine, from: { ...mine.from, key: await newClientKey('RS256') } };
    const assertions = await Promise.all(Array.from({ length: 6 }, () => assertionOf(strange)));
    const clock = later(90);
    const answers = await Promise.all(
      assertions.map((assertion) =>
        requestTokens(
          issuer,
          { grant_type: jwtBearer, assertion },
          { ...newSourceIp(), ...basic(mine.client.client_id, mine.client.client_secret), ...clock },
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(400));
    expect(site.visits(mine.from.keysUrl)).toBe(before + 1);
  });

  test.for(['', 'x', 'a.b.c', 'x'.repeat(20_000)])('that is none: %s', async (assertion) => {
    const response = await show(company, assertion);
    expect(await refusal(response)).toBe(assertion ? '400 invalid_grant' : '400 invalid_request');
  });

  test('of an issuer that nobody trusts, which the operator reads where their client showed it', async () => {
    const stranger = await newIssuer(site);
    expect(await refusal(await show(company, await assertionOf({ ...company, from: stranger })))).toBe(
      '400 invalid_grant',
    );
    const trail = await trailOf(issuer, 'operator');
    expect(trail.at(-1)).toMatchObject({ event: 'assertion_refused', issuer: stranger.url });
  });

  test('of an issuer that another tenant trusts says nothing for this one', async () => {
    const other = await newCompany();
    const who = newEmployee(company);
    const response = await show(
      { ...other, client: company.client },
      await assertionOf({ ...other, client: company.client }, who),
    );
    expect(await refusal(response)).toBe('400 invalid_grant');
    expect(await lastReason(other)).toMatch(/does not belong to/);
  });

  test('about a person of another tenant, whom the same issuer vouched for there', async () => {
    const one = await newCompany({ claims: { org: 'one' } });
    const id = await newTenant(issuer);
    await trust(issuer, id, { issuer: one.from.url, claims: { org: 'two' } });
    const who = newEmployee(one);
    const there = principalIn(await tokenOf(one, { ...who, org: 'one' }));
    expect(there.tenant).toBe(one.tenant);
    const assertion = await assertionOf(one, { ...who, org: 'two' });
    expect(await refusal(await show(one, assertion))).toBe('400 invalid_grant');
    expect(await lastReason({ ...one, tenant: id })).toMatch(/does not belong to/);
  });

  test('about the same subject at another issuer, which is somebody else', async () => {
    const [one, other] = await Promise.all([newCompany(), newCompany()]);
    const { sub } = newEmployee(one);
    expect(principalIn(await tokenOf(one, { sub }))).not.toEqual(principalIn(await tokenOf(other, { sub })));
  });

  test('about somebody who is not in the directory of the tenant any more', async () => {
    const mine = await newCompany();
    const who = newEmployee(mine);
    await tokenOf(mine, who);
    const id = await newTenant(issuer);
    await operate(issuer, 'people move', { address: who.email, tenant: id });
    expect(await refusal(await show(mine, await assertionOf(mine, who)))).toBe('400 invalid_grant');
    expect(await lastReason(mine)).toMatch(/does not belong to/);
  });

  test('about somebody whose address led to another identity of the issuer before', async () => {
    const first = newEmployee(company);
    await tokenOf(company, first);
    const heir = await assertionOf(company, { ...first, sub: randomUUID() });
    expect(await refusal(await show(company, heir))).toBe('400 invalid_grant');
    expect(await lastReason(company)).toMatch(/given away/);
  });

  test('and none of that costs a good one', async () => {
    const assertion = await assertionOf(company);
    expect(await refusal(await show(company, assertion, { resource: 'https://elsewhere.example' }))).toBe(
      '400 invalid_target',
    );
    expect(await refusal(await show(company, assertion, { scope: 'nonsense' }))).toBe('400 invalid_scope');
    expect((await show(company, assertion)).status).toBe(200);
  });
});

describe('who may show an assertion', () => {
  test('nobody who does not prove who they are', async () => {
    const company = await newCompany();
    const assertion = await assertionOf(company);
    const parameters = { grant_type: jwtBearer, assertion };
    expect(await refusal(await requestTokens(issuer, parameters, newSourceIp()))).toBe('401 invalid_client');
    const { client_id } = company.client;
    expect(await refusal(await requestTokens(issuer, { ...parameters, client_id }, newSourceIp()))).toBe(
      '401 invalid_client',
    );
    expect(await refusal(await requestTokens(issuer, parameters, basic(client_id, 'wrong')))).toBe(
      '401 invalid_client',
    );
    expect((await show(company, assertion)).status).toBe(200);
  });

  test('no client whose published document lets it do without a proof', async () => {
    const company = await newCompany();
    const client_id = site.publish({ redirect_uris: [callback], token_endpoint_auth_method: 'none' });
    await new Browser(issuer, newSourceIp()).open(authorizePath(client_id, newPkce().challenge));
    const parameters = { grant_type: jwtBearer, assertion: await assertionOf(company, { client_id }), client_id };
    expect(await refusal(await requestTokens(issuer, parameters, newSourceIp()))).toBe('400 unauthorized_client');
  });

  test('no machine, which acts for itself alone', async () => {
    const company = await newCompany();
    const client = await newMachine(issuer, { tenant: company.tenant });
    expect(await refusal(await show({ ...company, client }, await assertionOf({ ...company, client })))).toBe(
      '400 unauthorized_client',
    );
  });

  test('no client that registered itself, though the provider names it', async () => {
    const company = await newCompany();
    const { client_id, client_secret = '' } = await register(issuer, {
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const client = { client_id, client_secret };
    expect(await refusal(await show({ ...company, client }, await assertionOf({ ...company, client })))).toBe(
      '400 unauthorized_client',
    );
  });
});

test('two assertions about somebody new that come at once make one person', async () => {
  const company = await newCompany();
  const who = newEmployee(company);
  const principals = await Promise.all([tokenOf(company, who), tokenOf(company, who)]).then((all) =>
    all.map(principalIn),
  );
  expect(principals[0]).toEqual(principals[1]);
});

describe('what ends it acts on the very next call', () => {
  const ends: readonly (readonly [what: string, end: (company: Company, email: string) => Promise<unknown>])[] = [
    [
      'the trust is disabled',
      ({ tenant, trustId }) => operate(issuer, 'trusts disable', { id: tenant, trust: trustId }),
    ],
    ['the trust is removed', ({ tenant, trustId }) => operate(issuer, 'trusts remove', { id: tenant, trust: trustId })],
    ['the person is disabled', (_company, address) => operate(issuer, 'people disable', { address })],
    ['everything of theirs is ended', (_company, address) => operate(issuer, 'people end-everything', { address })],
  ];

  test.for(ends)('when %s', async ([, end]) => {
    const company = await newCompany();
    const who = newEmployee(company);
    const token = await tokenOf(company, who);
    expect(await isAccepted(issuer, token)).toBe(true);
    await end(company, who.email);
    expect(await isAccepted(issuer, token)).toBe(false);
  });

  test('and nothing of it comes back when the trust is enabled again', async () => {
    const company = await newCompany();
    const { tenant: id, trustId } = company;
    const token = await tokenOf(company);
    await operate(issuer, 'trusts disable', { id, trust: trustId });
    expect(await refusal(await show(company, await assertionOf(company)))).toBe('400 invalid_grant');
    expect(await lastReason(company)).toContain('is disabled');
    await operate(issuer, 'trusts enable', { id, trust: trustId });
    expect(await isAccepted(issuer, token)).toBe(false);
    expect(await isAccepted(issuer, await tokenOf(company))).toBe(true);
  });

  test('and its token and grant end within the hour by themselves', async () => {
    const company = await newCompany();
    const token = await tokenOf(company);
    const headers = { ...later(2 * HOUR), authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await fetch(`${issuer}/mcp`, { method: 'POST', headers, body })).status).toBe(401);
  });
});

describe('what the operator says of trusts', () => {
  test('counts once it is enabled, for which the keys must be there', async () => {
    const [id, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
    const added = (await operate(issuer, 'trusts add', { id, issuer: from.url })) as { readonly trust: string };
    expect(added).toMatchObject({ state: 'disabled', kind: 'id-jag' });
    site.serve(new URL(from.keysUrl).pathname, document({ keys: [] }));
    await expect(operate(issuer, 'trusts enable', { id, trust: added.trust })).rejects.toThrow(/is no key set/);
    from.publish(from.key);
    expect(await operate(issuer, 'trusts enable', { id, trust: added.trust })).toMatchObject({
      state: 'enabled',
      keys: 1,
    });
    expect(await operate(issuer, 'trusts list', { id })).toMatchObject({
      trusts: [{ trust: added.trust, state: 'enabled' }],
    });
    await expect(operate(issuer, 'tenants remove', { id })).rejects.toThrow(`${id} still has trusts`);
  });

  test('is refused where a token would fit two trusts', async () => {
    const company = await newCompany({ claims: { org: 'a' } });
    const id = await newTenant(issuer);
    const add = (claims: object) => operate(issuer, 'trusts add', { id, issuer: company.from.url, claims });
    await expect(add({})).rejects.toThrow('could be meant for the trust');
    await expect(add({ org: 'a', more: 'x' })).rejects.toThrow('could be meant for the trust');
    await add({ org: 'b' });
  });

  test('is refused where the issuer leads to a place that is not public', async () => {
    const id = await newTenant(issuer);
    for (const [jwks_uri, says] of [
      ['http://169.254.169.254/latest/meta-data', 'is no https address'],
      ['https://127.0.0.1:1/keys', 'not public'],
      ['https://[::1]/keys', 'not public'],
      ['file:///etc/passwd', 'is no https address'],
    ] as const) {
      const from = await newIssuer(site);
      site.serve(
        `${new URL(from.url).pathname}/.well-known/openid-configuration`,
        document({ issuer: from.url, jwks_uri }),
      );
      const { trust: added } = (await operate(issuer, 'trusts add', { id, issuer: from.url })) as { trust: string };
      await expect(operate(issuer, 'trusts enable', { id, trust: added })).rejects.toThrow(says);
    }
  });

  test('is refused where the metadata is of another issuer', async () => {
    const [id, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
    const path = `${new URL(from.url).pathname}/.well-known/openid-configuration`;
    site.serve(path, document({ issuer: `${from.url}/`, jwks_uri: from.keysUrl }));
    const { trust: added } = (await operate(issuer, 'trusts add', { id, issuer: from.url })) as { trust: string };
    await expect(operate(issuer, 'trusts enable', { id, trust: added })).rejects.toThrow('names another issuer');
  });

  test('may not let an assertion about a person serve twice', async () => {
    const id = await newTenant(issuer);
    const add = operate(issuer, 'trusts add', { id, issuer: 'https://corp.okta.com', is_reusable: true });
    await expect(add).rejects.toThrow('serves once');
  });

  test.for([
    ['http://elsewhere.example', 'https'],
    ['https://elsewhere.example/?tenant=1', 'without a query'],
    ['elsewhere', 'https'],
  ])('is refused for the issuer %s', async ([url, says]) => {
    const id = await newTenant(issuer);
    await expect(operate(issuer, 'trusts add', { id, issuer: url })).rejects.toThrow(says);
  });
});

import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import { signClaims } from '../support/assertion.ts';
import type { ClientSite } from '../support/client-site.ts';
import { isAccepted, newSourceIp, requestTokens } from '../support/flow.ts';
import { newTenant, trailOf } from '../support/machines.ts';
import { callTool, newTodo, outputOf, resultOf, titles } from '../support/mcp.ts';
import { refusal } from '../support/redemption.ts';
import { newIssuer, type TrustedIssuer, trust } from '../support/trusted-issuer.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

let running: TrustingStack;
let site: ClientSite;
let issuer: string;

beforeAll(async () => {
  running = await startTrustingStack();
  ({ site, issuer } = running);
});
afterAll(() => running?.stop());

type Claims = Record<string, unknown>;

/** A platform whose programs a tenant trusts: those of one repository. */
type Platform = { readonly tenant: string; readonly from: TrustedIssuer; readonly trustId: string };

async function newPlatform(input: object = {}, from?: TrustedIssuer): Promise<Platform> {
  from ??= await newIssuer(site);
  const tenant = await newTenant(issuer);
  const about = { kind: 'workload', claims: { repository_id: '123' }, scopes: ['todos:write', 'profile:read'] };
  return { tenant, from, trustId: await trust(issuer, tenant, { issuer: from.url, ...about, ...input }) };
}

function tokenOf({ from }: Platform, changes: Claims = {}, header: Claims = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: from.url,
    sub: 'repo:acme/notes:ref:refs/heads/main',
    aud: issuer,
    jti: randomUUID(),
    iat: now,
    exp: now + 300,
    repository_id: '123',
  };
  return signClaims(from.key, { ...claims, ...changes }, header);
}

function show(assertion: string, parameters: Record<string, string> = {}, headers = {}): Promise<Response> {
  return requestTokens(issuer, { grant_type, assertion, ...parameters }, { ...newSourceIp(), ...headers });
}

async function accessOf(platform: Platform, changes: Claims = {}, parameters: Record<string, string> = {}) {
  const response = await show(await tokenOf(platform, changes), parameters);
  const body = (await response.json()) as { readonly access_token?: string };
  if (!body.access_token) throw new Error(`No token: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

async function lastReason({ tenant }: Platform): Promise<unknown> {
  return (await trailOf(issuer, tenant)).filter(({ event }) => event === 'assertion_refused').at(-1)?.reason;
}

describe('a token of a trusted platform, SEP-1933', () => {
  test('is worth an access token, without any client', async () => {
    const platform = await newPlatform();
    const response = await show(await tokenOf(platform), { resource: `${issuer}/mcp` });
    const tokens = (await response.json()) as { readonly access_token: string };
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'todos:read todos:write profile:read',
    });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: expect.stringMatching(/^workload:/),
      kind: 'workload',
      tenant: platform.tenant,
      client_id: `workload:${platform.trustId}`,
    });
    expect(JSON.stringify(decodeJwt(tokens.access_token))).not.toContain('repo:acme');
    expect(outputOf(await callTool(issuer, tokens.access_token, 'whoami'))).toMatchObject({
      kind: 'workload',
      role: 'member',
      tenant: platform.tenant,
    });
  });

  test('stands for one principal for each subject, which keeps what is its own', async () => {
    const platform = await newPlatform();
    const token = await accessOf(platform);
    await newTodo(issuer, token);
    expect(await titles(issuer, await accessOf(platform))).toHaveLength(1);
    expect(await titles(issuer, await accessOf(platform, { sub: 'repo:acme/notes:pull_request' }))).toHaveLength(0);
  });

  test('may name the issuer alone in a list or with a slash, or the token endpoint, and say its type', async () => {
    const platform = await newPlatform();
    for (const aud of [[issuer], `${issuer}/`, `${issuer}/token`])
      expect((await show(await tokenOf(platform, { aud }))).status).toBe(200);
    for (const typ of ['JWT', 'application/jwt'])
      expect((await show(await tokenOf(platform, {}, { typ }))).status).toBe(200);
  });

  test('is not known by a subject of another platform, nor of another trust', async () => {
    const [one, other] = [await newPlatform(), await newPlatform()];
    const second = await trust(issuer, one.tenant, {
      issuer: one.from.url,
      kind: 'workload',
      claims: { repository_id: '456' },
      scopes: ['profile:read'],
    });
    const tokens = [await accessOf(one), await accessOf(other), await accessOf(one, { repository_id: '456' })];
    expect(new Set(tokens.map((token) => decodeJwt(token).sub)).size).toBe(3);
    expect(decodeJwt(tokens[2] ?? '').client_id).toBe(`workload:${second}`);
  });

  test('is cut by the policy of the tenant, and by what is asked for', async () => {
    const platform = await newPlatform();
    expect(decodeJwt(await accessOf(platform, {}, { scope: 'profile:read' })).scope).toBe('profile:read');
    await operate(issuer, 'tenants policy', { id: platform.tenant, scopes: ['todos:read'] });
    expect(decodeJwt(await accessOf(platform)).scope).toBe('todos:read');
    expect(await refusal(await show(await tokenOf(platform), { scope: 'profile:read' }))).toBe('400 invalid_scope');
  });

  test('reuses its grant, and is in the audit each time', async () => {
    const platform = await newPlatform();
    const grantOf = (token: string) => String(decodeJwt(token).jti).split('.')[0];
    expect(grantOf(await accessOf(platform))).toBe(grantOf(await accessOf(platform)));
    const trail = await trailOf(issuer, platform.tenant);
    expect(trail.map(({ event, means }) => [event, means])).toEqual([
      ['grant', 'workload'],
      ['grant_use', 'workload'],
    ]);
  });

  test('may not do what a person is asked first', async () => {
    const token = await accessOf(await newPlatform());
    const id = await newTodo(issuer, token);
    const { content } = resultOf(await callTool(issuer, token, 'delete_todo', { id }));
    expect(JSON.stringify(content)).toContain('acts for a workload: a person must call it');
  });

  test('may be shown again where the trust says so, even without an id', async () => {
    const platform = await newPlatform({ is_reusable: true });
    const token = await tokenOf(platform, { jti: undefined });
    for (const _ of [1, 2]) expect((await show(token)).status).toBe(200);
  });
});

describe('a token of a platform that is refused', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await newPlatform();
  });

  test.for<[what: string, changes: Claims, reason: RegExp, header?: Claims]>([
    ['for another server', { aud: 'https://elsewhere.example' }, /^aud is not/],
    ['for another endpoint', { aud: 'ISSUER/mcp' }, /^aud is not/],
    ['for the issuer with two slashes', { aud: 'ISSUER//' }, /^aud is not/],
    ['for several', { aud: ['https://one.example', 'https://elsewhere.example'] }, /^aud names several/],
    ['for another resource', { resource: 'https://elsewhere.example/mcp' }, /^resource is not/],
    ['that has expired', { exp: 1 }, /exp/],
    ['without an id', { jti: undefined }, /^jti is missing/],
    ['without a subject', { sub: undefined }, /sub/],
    ['with a list of subjects', { sub: ['repo:acme/notes'] }, /sub/],
    ['that is not valid yet', { nbf: 4_000_000_000 }, /nbf/],
    ['of the future', { iat: 4_000_000_000, exp: 4_000_000_300 }, /^iat is in the future/],
    ['that lives longer than a day', { exp: 4_000_000_000 }, /^it lives longer/],
    ['that is bound to a key that is not proven', { cnf: { jkt: 'x' } }, /^cnf is not the key/],
    ['with half a character for a subject', { sub: '\ud800' }, /^sub is missing/],
    ['with half a character for an id', { jti: '\ud800' }, /^jti is missing/],
    ['for an audience in a list in a list', { aud: [['ISSUER']] }, /^aud is not/],
    ['for a resource in a list in a list', { resource: [['https://elsewhere.example/mcp']] }, /^resource is not/],
    ['whose times are texts', { exp: '4000000000' }, /exp/],
    ['of a type that is a list', {}, /^typ is of a token/, { typ: ['JWT'] }],
    ['of a type that is a number', {}, /^typ is of a token/, { typ: 7 }],
    ['that is an access token', {}, /^typ is of a token/, { typ: 'at+jwt' }],
    ['that is a logout token', {}, /^typ is of a token/, { typ: 'application/logout+jwt' }],
  ])('%s', async ([, changes, reason, header]) => {
    const aud = typeof changes.aud === 'string' ? changes.aud.replace('ISSUER', issuer) : (changes.aud ?? issuer);
    expect(await refusal(await show(await tokenOf(platform, { ...changes, aud }, header)))).toBe('400 invalid_grant');
    expect(await lastReason(platform)).toMatch(reason);
  });

  test.for<[what: string, changes: Claims]>([
    ['another repository', { repository_id: '124' }],
    ['a list of repositories', { repository_id: ['123'] }],
    ['nothing of a repository', { repository_id: undefined }],
    ['an object', { repository_id: { toString: '123' } }],
  ])('because it names %s leaves nothing in the audit, as anybody may come with one', async ([, changes]) => {
    const before = (await trailOf(issuer, platform.tenant)).length;
    expect(await refusal(await show(await tokenOf(platform, changes)))).toBe('400 invalid_grant');
    expect(await trailOf(issuer, platform.tenant)).toHaveLength(before);
  });

  test('when it says a number that others are read as too', async () => {
    const claims = { repository_id: String(2 ** 53) };
    const mine = await newPlatform({ claims });
    expect((await show(await tokenOf(mine, claims))).status).toBe(200);
    const response = await show(await tokenOf(mine, { repository_id: 2 ** 53 }));
    expect(await refusal(response)).toBe('400 invalid_grant');
  });

  test('when the key that signed it names another issuer that it signs for', async () => {
    const naming = async (named?: string) => {
      const from = await newIssuer(site);
      from.publish({ ...from.key, jwk: { ...from.key.jwk, issuer: named ?? from.url } });
      return newPlatform({}, from);
    };
    expect((await show(await tokenOf(await naming()))).status).toBe(200);
    const other = await naming('https://elsewhere.example');
    expect(await refusal(await show(await tokenOf(other)))).toBe('400 invalid_grant');
    expect(await lastReason(other)).toBe('its key signs for another issuer');
  });

  test('when it is shown twice', async () => {
    const token = await tokenOf(platform);
    expect((await show(token)).status).toBe(200);
    expect(await refusal(await show(token))).toBe('400 invalid_grant');
  });

  test('when it is shown often, which costs its program nothing', async () => {
    const mine = await newPlatform();
    const token = await tokenOf(mine);
    const answers = await Promise.all(Array.from({ length: 70 }, () => show(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await show(await tokenOf(mine))).status).toBe(200);
  });

  test('in a second tenant, when it was shown in a first', async () => {
    const other = await newTenant(issuer);
    await trust(issuer, other, {
      issuer: platform.from.url,
      kind: 'workload',
      claims: { repository_id: '789' },
      scopes: ['profile:read'],
    });
    const jti = randomUUID();
    expect((await show(await tokenOf(platform, { jti }))).status).toBe(200);
    expect(await refusal(await show(await tokenOf(platform, { jti, repository_id: '789' })))).toBe('400 invalid_grant');
    expect(await lastReason({ ...platform, tenant: other })).toBe('it was used before');
  });

  test('when the issuer is trusted for people alone, and the other way around', async () => {
    const typ = 'oauth-id-jag+jwt';
    expect(await refusal(await show(await tokenOf(platform, {}, { typ })))).toBe('401 invalid_client');
    const people = await newIssuer(site);
    const tenant = await newTenant(issuer);
    const trustId = await trust(issuer, tenant, { issuer: people.url });
    const asWorkload = await tokenOf({ tenant, from: people, trustId });
    expect(await refusal(await show(asWorkload))).toBe('400 invalid_grant');
  });

  test('too often from one network', async () => {
    const headers = {
      'x-local-source-ip': '203.0.113.77',
      'x-local-clock-offset': String(86_400 - (Math.floor(Date.now() / 1_000) % 86_400)),
    };
    const assertion = await tokenOf(platform, { repository_id: '0' });
    const statuses: number[] = [];
    for (let at = 0; at < 31; at += 1) statuses.push((await show(assertion, {}, headers)).status);
    expect(statuses.slice(0, 30).every((status) => status === 400)).toBe(true);
    expect(statuses[30]).toBe(429);
  });
});

describe('a trust that ends', () => {
  test.for(['trusts disable', 'trusts remove'])('by %s ends its workloads on the very next call', async (command) => {
    const platform = await newPlatform();
    const token = await accessOf(platform);
    expect(await isAccepted(issuer, token)).toBe(true);
    await operate(issuer, command, { id: platform.tenant, trust: platform.trustId });
    expect(await isAccepted(issuer, token)).toBe(false);
    expect(await refusal(await show(await tokenOf(platform)))).toBe('400 invalid_grant');
  });

  test.for([{ claims: {} }, { scopes: [] }, { scopes: undefined }])('is not made without bounds: %j', async (input) => {
    await expect(newPlatform(input)).rejects.toThrow(/A workload needs/);
  });
});

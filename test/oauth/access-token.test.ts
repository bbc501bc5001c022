import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { accessTokenClaims } from '#core/oauth/access-token.ts';
import { newId } from '#core/oauth/digest.ts';
import { newGrantId } from '#core/oauth/grant.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import { personalTenant } from '#core/oauth/tenant.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { scopes as everyScope } from '#tools/scopes.ts';

const expectation = { issuer: 'https://mcp.example', resource: 'https://mcp.example/mcp', now: 1_000 };
const issue = {
  ...expectation,
  subject: 'subject',
  tenant: 'tenant',
  grantId: 'subject~grant',
  clientId: 'client',
  scopes: ['notes:read', 'notes:write'],
  lifetimeSeconds: 3_600,
};
const claims = accessTokenClaims(issue);
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'current' };
type Signed = {
  readonly header?: object;
  readonly claims?: object;
  readonly withKey?: 'current' | 'retired' | 'foreign';
};

describe('access tokens, RFC 9068', () => {
  const pairs = new Map<string, CryptoKey>();
  let verify: ReturnType<typeof accessTokenVerifier>;

  beforeAll(async () => {
    const jwks = [];
    for (const kid of ['current', 'retired', 'foreign']) {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      pairs.set(kid, privateKey);
      if (kid !== 'foreign') jwks.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' });
    }
    verify = accessTokenVerifier({ keys: jwks });
  });

  async function signed({ withKey = 'current', ...changes }: Signed = {}): Promise<string> {
    const token = new SignJWT({ ...claims, ...changes.claims });
    token.setProtectedHeader({ ...header, kid: withKey, ...changes.header });
    return token.sign(pairs.get(withKey) as CryptoKey);
  }

  test('prove who, for what, through which client, and until when', async () => {
    expect(await verify(await signed(), expectation)).toEqual({
      subject: 'subject',
      tenant: 'tenant',
      grantId: 'subject~grant',
      clientId: 'client',
      scopes: ['notes:read', 'notes:write'],
      id: expect.stringMatching(/^grant\.[A-Za-z0-9]{11}$/),
      issuedAt: 1_000,
      expiresAt: 4_600,
    });
  });

  test('have every claim that RFC 9068 §2.2 asks for', () => {
    for (const claim of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti', 'scope'])
      expect(claims).toHaveProperty(claim);
  });

  test('say nothing of a tenant that is the person’s own, which follows from the subject', async () => {
    const own = accessTokenClaims({ ...issue, tenant: personalTenant('subject') });
    expect(own).not.toHaveProperty('tenant');
    const token = await signed({ claims: { ...own, tenant: undefined } });
    expect(await verify(token, expectation)).toMatchObject({ tenant: 'personal-subject' });
  });

  test('have an id each, also those of one grant', () => {
    const ids = Array.from({ length: 100 }, () => accessTokenClaims(issue).jti);
    expect(new Set(ids).size).toBe(100);
  });

  test('from before their claims were shorter are taken until they expire', async () => {
    const old = { tenant: 'personal-subject', grant_id: 'subject~grant', jti: 'an-id-of-its-own' };
    expect(await verify(await signed({ claims: old }), expectation)).toMatchObject({
      subject: 'subject',
      tenant: 'personal-subject',
      grantId: 'subject~grant',
      id: 'an-id-of-its-own',
    });
  });

  test('are taken with every key that is in use', async () => {
    expect(await verify(await signed({ withKey: 'retired' }), expectation)).toBeDefined();
  });

  test.for<[string, Signed]>([
    ['signed with a key that is not ours', { withKey: 'foreign' }],
    [
      'signed with a key that is not ours, under the id of one that is',
      { withKey: 'foreign', header: { kid: 'current' } },
    ],
    ['of another issuer', { claims: { iss: 'https://other.example' } }],
    ['for another resource', { claims: { aud: 'https://mcp.example/mcp-other' } }],
    ['that are no access tokens', { header: { typ: 'JWT' } }],
    ['that have expired', { claims: { exp: 1_000 } }],
    ['without an id', { claims: { jti: undefined } }],
    ['whose id names no grant', { claims: { jti: 'an-id-of-its-own' } }],
    ['whose id names the grant of nobody', { claims: { jti: '.' } }],
    ['whose id has three parts', { claims: { jti: 'grant.token.more' } }],
    ['whose tenant is no text', { claims: { tenant: 7 } }],
    ['whose grant is no text', { claims: { grant_id: {} } }],
  ])('%s are refused', async ([, changes]) => {
    expect(await verify(await signed(changes), expectation)).toBeUndefined();
  });

  test.for(['none', 'HS256'])('with the algorithm %s are refused', async (alg) => {
    const [, payload] = (await signed()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...header, alg })).toString('base64url');
    expect(await verify(`${forged}.${payload}.`, expectation)).toBeUndefined();
    expect(await verify(`${forged}.${payload}.c2lnbmF0dXJl`, expectation)).toBeUndefined();
  });

  test.for(['', 'x', 'a.b.c', '....'])('that are none, like %j, are refused', async (text) => {
    expect(await verify(text, expectation)).toBeUndefined();
  });
});

describe('what a client has to keep, where a credential store has room for 1,280 characters', () => {
  const issuer = 'https://abcdefghij.execute-api.eu-central-1.amazonaws.com';
  const subject = newId();
  const grantId = newGrantId(subject);
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  /** The answer of the token endpoint for all scopes that there are. Signature and key id are as long as ES256 makes them. */
  function tokensOf(clientId: string) {
    const asked = { subject, tenant: personalTenant(subject), grantId, clientId, scopes: Object.keys(everyScope) };
    const own = { issuer, resource: `${issuer}/mcp`, now: 1_790_000_000, lifetimeSeconds: 3_600 };
    const body = accessTokenClaims({ ...asked, ...own });
    const head = { ...header, kid: 'k'.repeat(43) };
    return {
      access_token: `${encoded(head)}.${encoded(body)}.${'s'.repeat(86)}`,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: body.scope,
      refresh_token: startRatchet(grantId, { now: 0, network: '192.0.2.1' }).token,
    };
  }

  test.for([
    ['a client that registered', newId(), 720],
    ['a client known by a document', 'https://claude.ai/oauth/mcp-oauth-client-metadata', 760],
  ] as const)('the token of %s is at most so long on AWS', ([, clientId, most]) => {
    expect(tokensOf(clientId).access_token.length).toBeLessThanOrEqual(most);
  });

  test('a refresh token is at most 100 characters long, even after many refreshes', () => {
    const { refresh_token } = tokensOf('client');
    expect(refresh_token.length).toBeLessThanOrEqual(100 - '999999'.length);
  });

  test('both fit in with all that comes with them, and there is room left for the client', () => {
    const clientId = 'https://claude.ai/oauth/mcp-oauth-client-metadata';
    expect(JSON.stringify(tokensOf(clientId)).length).toBeLessThanOrEqual(1_050);
  });
});

import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { accessTokenClaims } from '#core/oauth/access-token.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';

const expectation = { issuer: 'https://mcp.example', resource: 'https://mcp.example/mcp', now: 1_000 };
const claims = accessTokenClaims({
  ...{ subject: 'subject', tenant: 'tenant', grantId: 'subject~grant', clientId: 'client', id: 'id' },
  ...{ scopes: ['notes:read', 'notes:write'], lifetimeSeconds: 3_600 },
  ...expectation,
});
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
      ...{ subject: 'subject', tenant: 'tenant', grantId: 'subject~grant', clientId: 'client' },
      ...{ scopes: ['notes:read', 'notes:write'], id: 'id', issuedAt: 1_000, expiresAt: 4_600 },
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
    ['without a grant', { claims: { grant_id: undefined } }],
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

import { createHash } from 'node:crypto';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keySetIn } from '#core/oauth/client-assertion.ts';
import { verifyIdToken, wrongSignIn } from '#core/oauth/id-token.ts';
import { verifyLogoutToken } from '#core/oauth/logout-token.ts';
import type { Provider } from '#core/oauth/provider.ts';
import type { ProviderMetadata } from '#core/oauth/provider-metadata.ts';
import type { PublicKeys } from '#core/oauth/types.ts';

const now = 1_800_000_000;
const us = 'our client';
const issuer = 'https://id.example';
const tenantId = '11111111-2222-3333-4444-555555555555';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let [mine, next, theirs]: Pair[] = [];
let keys: PublicKeys;

const pair = () => generateKeyPair('RS256', { extractable: true });
const jwkOf = async ({ publicKey }: Pair, kid: string) => ({ ...(await exportJWK(publicKey)), kid });

beforeAll(async () => {
  [mine, next, theirs] = await Promise.all([pair(), pair(), pair()]);
  keys = { keys: [await jwkOf(mine, 'mine')] };
});

const provider: Provider = {
  id: 'corp',
  name: 'Corp',
  kind: 'oidc',
  issuer,
  clientId: us,
  clientSecret: '/x',
  scopes: ['openid'],
  organizations: [],
  domains: [],
};

function metadataOf(named = issuer, algorithms: readonly string[] = ['RS256', 'ES256']): ProviderMetadata {
  return {
    issuer: named,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    keysUrl: `${issuer}/keys`,
    userinfoEndpoint: undefined,
    authMethod: 'client_secret_basic',
    algorithms,
    namesIssuer: true,
  };
}

const claims = { iss: issuer, sub: 'somebody', aud: us, iat: now, exp: now + 300, nonce: 'the nonce' };
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const logout = { iss: issuer, sub: 'somebody', aud: us, iat: now, jti: 'one', events };

type Header = Readonly<Record<string, unknown>>;
const header: Header = { alg: 'RS256', kid: 'mine' };

function signed(payload: object, by: Pair | undefined = mine, more: Header = {}): Promise<string> {
  const protectedHeader = { ...header, ...more } as { readonly alg: string };
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader(protectedHeader)
    .sign((by as Pair).privateKey);
}

/** A token of these very texts, for what no library would write. */
function signedText(payload: string, by: Pair | undefined = mine): Promise<string> {
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: 'RS256', kid: 'mine' })
    .sign((by as Pair).privateKey);
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function becomes(token: string, changes: { provider?: Provider; metadata?: ProviderMetadata } = {}) {
  const expected = { provider, metadata: metadataOf(), keys, nonce: 'the nonce', accessToken: 'access', now };
  const verified = await verifyIdToken(token, { ...expected, ...changes });
  return 'refusal' in verified ? verified.refusal : verified.claims;
}

async function logsOut(token: string) {
  const read = await verifyLogoutToken(token, { provider, metadata: metadataOf(), keys, now });
  return 'refusal' in read ? read.refusal : read.claims;
}

describe('the signature of an ID token or logout token, OpenID Connect Core 1.0 §3.1.3.7', () => {
  test('of the provider is taken', async () => {
    expect(await becomes(await signed(claims))).toMatchObject({ sub: 'somebody' });
    expect(await logsOut(await signed(logout))).toMatchObject({ sub: 'somebody' });
  });

  test.for<[string, (payload: object) => Promise<string>, string]>([
    ['none at all', async (payload) => `${part({ alg: 'none' })}.${part(payload)}.`, 'alg'],
    ['none, in other letters', async (payload) => `${part({ alg: 'nOnE' })}.${part(payload)}.`, 'alg'],
    ['left out', async (payload) => `${part(header)}.${part(payload)}.`, 'signature'],
    [
      'that everybody can make: HS256 with the public key',
      async (payload) => {
        const secret = Buffer.from(await exportSPKI((mine as Pair).publicKey));
        return new SignJWT({ ...payload }).setProtectedHeader({ alg: 'HS256', kid: 'mine' }).sign(secret);
      },
      'alg',
    ],
    ['of another key under the same name', (payload) => signed(payload, theirs), 'signature'],
    [
      'of a key that the token brings along',
      async (payload) => signed(payload, theirs, { jwk: await exportJWK((theirs as Pair).publicKey) }),
      'signature',
    ],
    [
      'of keys that the token says where to find',
      (payload) => signed(payload, theirs, { jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' }),
      'signature',
    ],
    [
      'of a key that the set does not have, or no more',
      (payload) => signed(payload, next, { kid: 'next' }),
      'unknown-key',
    ],
    ['with a header that must be understood', (payload) => signed(payload, mine, { crit: ['exp'], exp: 1 }), 'crit'],
    [
      'that was there for another token',
      async (payload) => {
        const [, , signature] = (await signed({ ...payload, sub: 'another' })).split('.');
        return `${part(header)}.${part(payload)}.${signature}`;
      },
      'signature',
    ],
  ])('%s is refused', async ([, tokenOf, why]) => {
    const refusals = [
      await becomes(await tokenOf(claims).catch(() => '')),
      await logsOut(await tokenOf(logout).catch(() => '')),
    ];
    for (const refusal of refusals) {
      expect(refusal).toBeTypeOf('string');
      if (why !== 'crit') expect(String(refusal).toLowerCase()).toContain(why);
    }
  });

  test('by an algorithm that the provider does not name is refused', async () => {
    const metadata = metadataOf(issuer, ['ES256']);
    expect(await becomes(await signed(claims), { metadata })).toContain('alg');
  });

  test('of any of several keys, where the token names none', async () => {
    keys = { keys: [await jwkOf(next as Pair, 'next'), await jwkOf(mine as Pair, 'mine')] };
    expect(await becomes(await signed(claims, mine, { kid: undefined }))).toMatchObject({ sub: 'somebody' });
    expect(await becomes(await signed(claims, theirs, { kid: undefined }))).toContain('signature');
  });
});

describe('what an ID token says', () => {
  test.for<[string, object, string]>([
    ['for another client', { aud: 'another' }, 'aud'],
    ['for a client whose id begins as ours', { aud: `${us} ` }, 'aud'],
    ['for us and another, without azp', { aud: [us, 'another'] }, 'azp'],
    ['for us and another, given to that one', { aud: [us, 'another'], azp: 'another' }, 'azp'],
    ['of another issuer', { iss: 'https://other.example' }, 'iss is https://other.example'],
    ['of the same issuer with a slash', { iss: `${issuer}/` }, 'iss is'],
    ['of the same issuer in capitals', { iss: issuer.toUpperCase() }, 'iss is'],
    ['without an issuer', { iss: undefined }, 'iss'],
    ['without a person', { sub: undefined }, 'sub'],
    ['of a person who is a number', { sub: 7 }, 'sub'],
    ['of a person of half a character', { sub: '\ud800' }, 'sub'],
    ['of a person of 256 characters', { sub: 's'.repeat(256) }, 'sub'],
    ['without an end', { exp: undefined }, 'exp'],
    ['that has ended', { exp: now - 61 }, 'exp'],
    ['that does not count yet', { nbf: now + 61 }, 'nbf'],
    ['without a beginning', { iat: undefined }, 'iat'],
    ['from two minutes ahead', { iat: now + 120 }, 'iat is in the future'],
    ['from twelve minutes ago', { iat: now - 720 }, 'iat is too long ago'],
    ['without a nonce', { nonce: undefined }, 'nonce is missing'],
    ['with the nonce of another sign-in', { nonce: 'another' }, 'nonce is of another'],
    ['with the nonce in a list', { nonce: ['the nonce'] }, 'nonce is missing'],
    ['with the hash of another access token', { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'at_hash'],
    ['with the hash of an access token that is a number', { at_hash: 7 }, 'at_hash'],
  ])('%s is refused', async ([, more, why]) => {
    expect(await becomes(await signed({ ...claims, ...more }))).toContain(why);
  });

  test('for us and another, given to us, is taken, and so is the hash of our access token', async () => {
    const at_hash = createHash('sha256').update('access').digest().subarray(0, 16).toString('base64url');
    const token = await signed({ ...claims, aud: [us, 'another'], azp: us, at_hash });
    expect(await becomes(token)).toMatchObject({ sub: 'somebody' });
  });

  test('twice counts as it stands last, as every reader of it has it', async () => {
    const twice = (first: string, last: string) =>
      `{"aud":"${first}",${JSON.stringify({ ...claims, aud: undefined }).slice(1, -1)},"aud":"${last}"}`;
    expect(await becomes(await signedText(twice(us, 'another')))).toContain('aud');
    expect(await becomes(await signedText(twice('another', us)))).toMatchObject({ aud: us });
  });

  test.for(['[]', 'null', '"text"', '{"iss"', ''])('that is no object is refused: %s', async (payload) => {
    expect(await becomes(await signedText(payload))).toBeTypeOf('string');
  });

  test.for([
    '',
    'x',
    'a.b',
    'a.b.c',
    'a.b.c.d.e',
    '..',
    'x'.repeat(200_000),
    `${part(header)}.${'A'.repeat(200_000)}.A`,
  ])('that is no token is refused, however long it is: %#', async (token) => {
    expect(await becomes(token)).toBeTypeOf('string');
    expect(await logsOut(token)).toBeTypeOf('string');
  });
});

test.for<[string, object, string]>([
  ['of another issuer', { iss: 'https://other.example' }, 'iss is https://other.example'],
  ['of the same issuer with a slash', { iss: `${issuer}/` }, 'iss is'],
  ['that has ended', { exp: now - 61 }, 'exp'],
  ['of half a character', { sub: '\ud800' }, 'sub'],
  ['of a session of half a character', { sid: '\ud800' }, 'sid'],
])('a logout token %s is refused, though the provider signed it', async ([, more, why]) => {
  expect(await logsOut(await signed({ ...logout, ...more }))).toContain(why);
});

describe('the issuer of a token of Entra for many tenants', () => {
  const many: Provider = { ...provider, kind: 'entra', issuer: 'https://login.example/organizations/v2.0' };
  const metadata = metadataOf('https://login.example/{tenantid}/v2.0');
  const from = (tenant: string, tid: unknown = tenant) => ({
    ...claims,
    iss: `https://login.example/${tenant}/v2.0`,
    tid,
  });

  test('is that of its tenant', async () => {
    expect(await becomes(await signed(from(tenantId)), { provider: many, metadata })).toMatchObject({ tid: tenantId });
  });

  test.for<[string, object]>([
    ['another tenant', from('99999999-2222-3333-4444-555555555555', tenantId)],
    ['the place for a tenant', from('{tenantid}')],
    ['no tenant', from(tenantId, null)],
    ['nothing', from('', '')],
    ['a path', from('..', '..')],
    ['several tenants', from(tenantId, [tenantId])],
  ])('is not that of %s', async ([, token]) => {
    expect(await becomes(await signed(token), { provider: many, metadata })).toContain('iss is');
  });
});

describe('a key that names the issuer that it signs for', () => {
  const [one, another] = [tenantId, '99999999-2222-3333-4444-555555555555'];
  const at = (tenant: string) => `https://login.example/${tenant}/v2.0`;
  const many: Provider = { ...provider, kind: 'entra', issuer: at('organizations') };
  const ofMany = { provider: many, metadata: metadataOf(at('{tenantid}')) };
  const from = (tenant: string, tid: unknown = tenant) => ({ iss: at(tenant), tid });
  const naming = async (...named: readonly (string | null | undefined)[]): Promise<PublicKeys> => {
    const jwk = await jwkOf(mine as Pair, 'mine');
    const set = { keys: named.map((name) => ({ ...jwk, issuer: name })) };
    return keySetIn(JSON.parse(JSON.stringify(set))) as PublicKeys;
  };
  const refusal = 'signs for another issuer';
  let before: PublicKeys;
  beforeAll(() => {
    before = keys;
  });
  afterAll(() => {
    keys = before;
  });

  test.for<[string, readonly (string | null | undefined)[], object, object]>([
    ['the token’s', [at(one)], from(one), ofMany],
    ['any tenant’s', [at('{tenantid}')], from(one), ofMany],
    ['none', [undefined], from(one), ofMany],
    ['none, with null', [null], from(one), ofMany],
    ['the token’s, beside the same key for another', [at(another), at(one)], from(one), ofMany],
    ['the token’s, of one that has no tenants', [issuer], {}, {}],
  ])('signs for it: %s', async ([, named, more, changes]) => {
    keys = await naming(...named);
    expect(await becomes(await signed({ ...claims, ...more }), changes)).toMatchObject({ sub: 'somebody' });
    expect(await becomes(await signed({ ...claims, ...more }, mine, { kid: undefined }), changes)).toMatchObject(more);
  });

  test.for<[string, readonly string[], object, object]>([
    ['another tenant’s', [at(another)], from(one), ofMany],
    ['several others’', [at(another), `${at(one)}/`], from(one), ofMany],
    ['any tenant’s elsewhere', ['https://evil.example/{tenantid}/v2.0'], from(one), ofMany],
    ['any tenant’s, in capitals', [at('{TENANTID}')], from(one), ofMany],
    ['any tenant’s, and the token says none', [at('{tenantid}')], { iss: at(one) }, ofMany],
    ['any tenant’s, and the token is of that very name', [at('{tenantid}')], { iss: at('{tenantid}') }, ofMany],
    ['any tenant’s, and the token says a list', [at('{tenantid}')], from(one, [one]), ofMany],
    ['any tenant’s, and the token says another', [at('{tenantid}')], from(one, another), ofMany],
    ['another, of one that has no tenants', ['https://other.example'], {}, {}],
  ])('signs for no other: %s', async ([, named, more, changes]) => {
    keys = await naming(...named);
    for (const kid of ['mine', undefined])
      expect(await becomes(await signed({ ...claims, ...more }, mine, { kid }), changes)).toContain(refusal);
  });

  test('signs no logout token for another', async () => {
    keys = await naming('https://other.example');
    expect(await logsOut(await signed(logout))).toContain(refusal);
    keys = await naming(issuer);
    expect(await logsOut(await signed(logout))).toMatchObject({ sub: 'somebody' });
  });

  test('leaves a token of a key that is not there to a newer set', async () => {
    keys = await naming('https://other.example');
    expect(await becomes(await signed(claims, next, { kid: 'next' }))).toBe('unknown-key');
  });

  test.for([7, ['https://id.example'], { of: 'https://id.example' }])('is none where it names %j', async (named) => {
    const jwk = await jwkOf(mine as Pair, 'mine');
    expect(keySetIn({ keys: [{ ...jwk, issuer: named }] })).toEqual({ keys: [] });
  });
});

describe('what was asked of the sign-in, OpenID Connect Core 1.0 §3.1.2.1', () => {
  const said = (more: object) => ({ ...claims, ...more });

  test.for<[string, object, object, string | undefined]>([
    ['nothing', {}, {}, undefined],
    ['recent enough', { auth_time: now - 300 }, { maxAgeSeconds: 300 }, undefined],
    ['recent enough, by clocks a minute apart', { auth_time: now - 360 }, { maxAgeSeconds: 300 }, undefined],
    ['too long ago', { auth_time: now - 361 }, { maxAgeSeconds: 300 }, 'longer ago'],
    ['when, which is not said', {}, { maxAgeSeconds: 300 }, 'auth_time is missing'],
    ['when, which is said as a text', { auth_time: String(now) }, { maxAgeSeconds: 300 }, 'auth_time is missing'],
    ['how', { acr: 'phr' }, { acrValues: ['mfa', 'phr'] }, undefined],
    ['how, which is not said', {}, { acrValues: ['phr'] }, 'acr is none'],
    ['how, otherwise', { acr: 'pwd' }, { acrValues: ['phr'] }, 'acr is none'],
    ['how, in part', { acr: 'ph' }, { acrValues: ['phr'] }, 'acr is none'],
    ['how, in a list', { acr: ['phr'] }, { acrValues: ['phr'] }, 'acr is none'],
  ])('%s', ([, more, asked, why]) => {
    const found = wrongSignIn(said(more), asked, now);
    expect(found ?? '').toContain(why ?? '');
    expect(found === undefined).toBe(why === undefined);
  });

  test('by the settings is checked with the token', async () => {
    const strict = { ...provider, acrValues: ['phr'], maxAgeSeconds: 300 };
    expect(await becomes(await signed({ ...claims, acr: 'phr' }), { provider: strict })).toContain('auth_time');
    expect(await becomes(await signed({ ...claims, auth_time: now }), { provider: strict })).toContain('acr');
    const token = await signed({ ...claims, acr: 'phr', auth_time: now });
    expect(await becomes(token, { provider: strict })).toMatchObject({ acr: 'phr' });
  });
});

import { beforeAll, describe, expect, test } from 'vitest';
import { keySetIn, namesKeyOf, verifyAssertion } from '#core/oauth/client-assertion.ts';
import type { PublicKeys } from '#core/oauth/types.ts';
import { type ClientKey, newClientKey, signClaims } from '../support/assertion.ts';

const now = 1_000_000;
const issuer = 'https://mcp.example';
const expectation = { clientId: 'client', audience: issuer, now };
const claims = { iss: 'client', sub: 'client', aud: issuer, jti: 'once', exp: now + 60 };

describe('signed assertions, RFC 7523 §3', () => {
  let key: ClientKey;
  let foreign: ClientKey;

  beforeAll(async () => {
    [key, foreign] = await Promise.all([newClientKey('ES256', 'one'), newClientKey('ES256', 'one')]);
  });

  async function verified(changes: object = {}, keys: readonly object[] = [key.jwk]) {
    return verifyAssertion(await signClaims(key, { ...claims, ...changes }), { keys } as PublicKeys, expectation);
  }

  test('prove a client, and are remembered by their id until they expire', async () => {
    expect(await verified()).toEqual({ id: 'once', expiresAt: now + 60 });
  });

  test.for(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'])('may be signed with %s, RFC 7518 §3.1', async (alg) => {
    const other = await newClientKey(alg);
    const assertion = await signClaims(other, claims);
    expect(await verifyAssertion(assertion, { keys: [key.jwk, other.jwk] }, expectation)).toBeDefined();
  });

  test('may not be signed with an algorithm that is not offered, like ES512', async () => {
    const other = await newClientKey('ES512');
    expect(await verifyAssertion(await signClaims(other, claims), { keys: [other.jwk] }, expectation)).toBeUndefined();
  });

  test.for<[string, object]>([
    ['addressed to the issuer in a list', { aud: [issuer] }],
    ['that expire in ten minutes', { exp: now + 600 }],
    ['that have expired by less than clocks differ', { exp: now - 29 }],
    ['that begin when another clock says so', { nbf: now + 30 }],
    ['with the longest id', { jti: 'a'.repeat(200) }],
    ['with the shortest id', { jti: 'a' }],
  ])('%s are accepted', async ([, changes]) => {
    expect(await verified(changes)).toBeDefined();
  });

  test.for<[string, object]>([
    ['of another client', { iss: 'other' }],
    ['about another client', { sub: 'other' }],
    ['without an issuer', { iss: undefined }],
    ['without a subject', { sub: undefined }],
    ['for another server', { aud: 'https://other.example' }],
    ['for an endpoint, RFC 7523bis', { aud: `${issuer}/token` }],
    ['for the issuer with a slash', { aud: `${issuer}/` }],
    ['for others too', { aud: ['https://other.example', issuer] }],
    ['for the issuer twice', { aud: [issuer, issuer] }],
    ['for an empty list', { aud: [] }],
    ['for nobody', { aud: undefined }],
    ['that never expire', { exp: undefined }],
    ['that have expired by more than clocks differ', { exp: now - 30 }],
    ['that expire later than in ten minutes', { exp: now + 601 }],
    ['that begin later', { nbf: now + 31 }],
    ['that could be used twice', { jti: undefined }],
    ['with an empty id', { jti: '' }],
    ['with an id longer than any honest one', { jti: 'a'.repeat(201) }],
    ['with a number for an id', { jti: 1 }],
    ['with a list for an id', { jti: ['once'] }],
    ['with half a character for an id', { jti: '\ud800' }],
  ])('%s are refused', async ([, changes]) => {
    expect(await verified(changes)).toBeUndefined();
  });

  test.for([undefined, 'JWT', 'jwt', 'application/jwt', 'client-authentication+jwt', 'Client-Authentication+JWT'])(
    'may be of the type %s',
    async (typ) => {
      const header = typ === undefined ? {} : { typ };
      expect(
        await verifyAssertion(await signClaims(key, claims, header), { keys: [key.jwk] }, expectation),
      ).toBeDefined();
    },
  );

  test.for([
    'at+jwt',
    'dpop+jwt',
    'oauth-id-jag+jwt',
    'application/logout+jwt',
    'JWT ',
    7,
    ['JWT'],
    { typ: 'JWT' },
    null,
  ])('are not of the type %j, RFC 8725 §3.11', async (typ) => {
    const assertion = await signClaims(key, claims, { typ });
    expect(await verifyAssertion(assertion, { keys: [key.jwk] }, expectation)).toBeUndefined();
  });

  test('signed with another key under the same name are refused', async () => {
    expect(await verifyAssertion(await signClaims(foreign, claims), { keys: [key.jwk] }, expectation)).toBeUndefined();
  });

  test('are refused by a client without keys', async () => {
    expect(await verified({}, [])).toBeUndefined();
  });

  test.for<[string, (jwk: ClientKey['jwk']) => object]>([
    ['is not on its curve', (jwk) => ({ ...jwk, x: 'AA', y: 'AA' })],
    ['is for encryption', (jwk) => ({ ...jwk, use: 'enc' })],
    ['is for another algorithm', (jwk) => ({ ...jwk, alg: 'ES384' })],
    ['has no curve', ({ kty, kid }) => ({ kty, kid })],
  ])('are refused when the key %s', async ([, broken]) => {
    expect(await verified({}, [broken(key.jwk)])).toBeUndefined();
  });

  test('are refused when the key is too short to be safe, RFC 7518 §3.3', async () => {
    const weak = { kty: 'RSA', kid: 'weak', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' };
    const text = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const assertion = `${text({ alg: 'RS256', kid: 'weak' })}.${text(claims)}.${'A'.repeat(171)}`;
    expect(await verifyAssertion(assertion, { keys: [weak] }, expectation)).toBeUndefined();
  });

  test.for(['none', 'HS256'])('with the algorithm %s, which anyone can make, are refused', async (alg) => {
    const [, payload] = (await signClaims(key, claims)).split('.');
    const header = Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');
    const keys = { keys: [key.jwk] };
    expect(await verifyAssertion(`${header}.${payload}.`, keys, expectation)).toBeUndefined();
    expect(await verifyAssertion(`${header}.${payload}.c2lnbmF0dXJl`, keys, expectation)).toBeUndefined();
  });

  test.for(['', 'x', 'a.b.c', '....'])('are not made of %j', async (text) => {
    expect(await verifyAssertion(text, { keys: [key.jwk] }, expectation)).toBeUndefined();
  });
});

describe('key sets, RFC 7517 §5', () => {
  /** RFC 7517 Appendix A.1 and A.2: a public key, and what its owner keeps. */
  const ec = {
    kty: 'EC',
    crv: 'P-256',
    x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
    y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    use: 'enc',
    kid: '1',
  };
  const d = '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE';

  test('hold the public keys of a document, and nothing else of it', () => {
    expect(keySetIn({ keys: [ec, { ...ec, d, x5u: 'https://client.example/' }], other: 1 })).toEqual({
      keys: [ec, ec],
    });
  });

  test('leave out what is no key, RFC 7517 §5', () => {
    expect(keySetIn({ keys: [null, 'key', {}, { ...ec, x: 1 }, { ...ec, x: 'A'.repeat(2_001) }, ec] })).toEqual({
      keys: [ec],
    });
  });

  test.for<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'text'],
    ['a list', [ec]],
    ['a document without keys', { key: ec }],
    ['a document with one key in place of a list', { keys: ec }],
  ])('are not read from %s', ([, document]) => {
    expect(keySetIn(document)).toBeUndefined();
  });
});

describe('the key that an assertion names, RFC 7515 §4.1.4', () => {
  const keys = [{ kty: 'EC', kid: 'one' }, { kty: 'EC', kid: 'two' }, { kty: 'EC' }];
  const naming = (header: object) => `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.c2ln`;

  test.for([
    ['one of several', naming({ alg: 'ES256', kid: 'two' }), keys],
    ['none, and there are some', naming({ alg: 'ES256' }), keys],
    ['none, and there is one', naming({ alg: 'ES256' }), keys.slice(0, 1)],
    ['nothing that can be read, so that no new keys would help', 'e30', []],
  ] as const)('is known when it is %s', ([, assertion, known]) => {
    expect(namesKeyOf(assertion, { keys: [...known] })).toBe(true);
  });

  test.for([
    ['another one', naming({ alg: 'ES256', kid: 'three' }), keys],
    ['one and there are none', naming({ alg: 'ES256', kid: 'one' }), []],
    ['none, and there are none', naming({ alg: 'ES256' }), []],
  ] as const)('is not known when it is %s', ([, assertion, known]) => {
    expect(namesKeyOf(assertion, { keys: [...known] })).toBe(false);
  });
});

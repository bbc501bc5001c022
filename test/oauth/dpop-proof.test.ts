import { decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { requireSameKey } from '#core/oauth/dpop.ts';
import { verifyProof } from '#core/oauth/dpop-proof.ts';
import { newProofKey, type ProofKey, proofOf } from '../support/proofs.ts';

const url = 'https://server.example.com/token';
const now = 1_562_262_616;
const expected = { method: 'POST', urls: [url], now } as const;

/** RFC 9449 §4.1, Figure 2; the thumbprint of its key stands in §6.1. */
const example = [
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19',
  'eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ',
  '2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg',
].join('.');

let key: ProofKey;
beforeAll(async () => {
  key = await newProofKey();
});

const made = (claims: object, header: object = {}) => proofOf(key, { url }, { iat: now, ...claims }, { ...header });

/** What is made of a proof: its key, or why it is refused. */
async function judged(proof: string, changes: Partial<Parameters<typeof verifyProof>[1]> = {}): Promise<string> {
  const verified = await verifyProof(proof, { ...expected, ...changes });
  return 'code' in verified ? `${verified.code}: ${verified.description}` : verified.jkt;
}

describe('a proof of a key, RFC 9449 §4.3', () => {
  test('is that of the RFC', async () => {
    expect(await judged(example)).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
  });

  test('may be off by five minutes either way, and is remembered until it could serve no more', async () => {
    for (const iat of [now - 300, now + 300]) {
      const verified = await verifyProof(await made({ iat }), expected);
      expect(verified).toMatchObject({ jkt: key.jkt, expiresAt: iat + 300 });
    }
  });

  test('has an id that only its key can spend', async () => {
    const [one, other] = [
      await made({ jti: 'same' }),
      await proofOf(await newProofKey(), { url }, { iat: now, jti: 'same' }),
    ];
    const ids = await Promise.all([one, other].map((proof) => verifyProof(proof, expected)));
    expect(new Set(ids.map((proof) => 'id' in proof && proof.id)).size).toBe(2);
  });

  test.for([
    'https://server.example.com/token?query',
    'https://server.example.com/token#fragment',
    'HTTPS://Server.Example.COM:443/%74oken',
    'https://server.example.com/other/../token',
  ])('may call its endpoint %s', async (htu) => {
    expect(await judged(await made({ htu }))).toBe(key.jkt);
  });

  test.for([
    'http://server.example.com/token',
    'https://server.example.com:8443/token',
    'https://server.example.com/token/',
    'https://server.example.com/TOKEN',
    'https://server.example.com/tok%2Fen',
    'https://server.example.com.evil.example/token',
    'https://somebody@server.example.com/token',
    'https:/\\evil.example/token',
    'https:/server.example.com/token',
    'https:\\\\server.example.com\\token',
    ' https://server.example.com/token',
    'https://server.example.com/to\nken',
    'https://ｓerver.example.com/token',
  ])('is refused for %s', async (htu) => {
    expect(await judged(await made({ htu }))).toBe(
      `invalid_dpop_proof: The DPoP proof is not valid: htu is not ${url}`,
    );
  });

  test.for([
    ['another type', {}, { typ: 'JWT' }, 'typ is not dpop+jwt'],
    ['a private member', {}, { jwk: { kty: 'EC', d: 'x' } }, 'it is no JWT that the public key in its jwk has signed'],
    ['another method', { htm: 'GET' }, {}, 'htm is not POST'],
    ['no id', { jti: undefined }, {}, 'jti is missing or too long'],
    ['an empty id', { jti: '' }, {}, 'jti is missing or too long'],
    ['an id that is too long', { jti: 'x'.repeat(301) }, {}, 'jti is missing or too long'],
    ['an id of another type', { jti: 7 }, {}, 'jti is missing or too long'],
    ['too many characters', { more: 'x'.repeat(6_000) }, {}, 'it is longer than 6000 characters'],
    ['no time', { iat: undefined }, {}, 'iat is missing or not valid'],
    ['an old time', { iat: now - 301 }, {}, 'iat is too long ago'],
    ['a time to come', { iat: now + 301 }, {}, 'iat is in the future'],
    ['an end that is over', { exp: now - 301 }, {}, 'exp is missing or not valid'],
  ] as const)('is refused with %s, and it is said why', async ([, claims, header, why]) => {
    expect(await judged(await made(claims, header))).toBe(`invalid_dpop_proof: The DPoP proof is not valid: ${why}`);
  });

  test('is refused when somebody else has signed it', async () => {
    const { jwk } = await newProofKey();
    expect(await judged(await made({}, { jwk }))).toContain('it is no JWT that the public key in its jwk has signed');
  });

  test.for(['k', 'p', 'dp'])('is refused with a public key that has the secret member %s as well', async (member) => {
    const { jwk } = decodeProtectedHeader(await made({}));
    expect(await judged(await made({}, { jwk: { ...jwk, [member]: 'x' } }))).toContain('jwk is more than a public key');
  });

  test('is refused when there are two', async () => {
    const proofs = [await made({}), await made({})];
    expect(await judged(proofs.join(', '))).toBe(
      'invalid_dpop_proof: The DPoP proof is not valid: there must be exactly one DPoP header',
    );
  });

  test('is refused by a symmetric key', async () => {
    const { SignJWT } = await import('jose');
    const secret = new Uint8Array(32);
    const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
    const proof = await new SignJWT({ jti: 'x', htm: 'POST', htu: url, iat: now })
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
      .sign(secret);
    expect(await judged(proof)).toMatch(/alg is not one of ES256, /);
  });

  test('must have the hash of the access token that it comes with, as the RFC has it in §7.1', async () => {
    const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
    const ath = 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo';
    expect(await judged(await made({ ath }), { accessToken })).toBe(key.jkt);
    for (const wrong of [undefined, '', 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEp'])
      expect(await judged(await made({ ath: wrong }), { accessToken })).toContain('ath is not the hash');
  });

  test('must have one of the nonces where they are asked for, and is told so last', async () => {
    const nonces = ['now', 'before'];
    for (const nonce of nonces) expect(await judged(await made({ nonce }), { nonces })).toBe(key.jkt);
    for (const nonce of [undefined, '', 'other', 7])
      expect(await judged(await made({ nonce }), { nonces })).toMatch(/^use_dpop_nonce: /);
    expect(await judged(await made({ htm: 'GET' }), { nonces })).toMatch(/^invalid_dpop_proof: /);
  });
});

describe('a refresh token that is bound to a key, RFC 9449 §5', () => {
  test.for([
    ['no key to one that is bound to none', undefined, undefined, false, undefined],
    ['a key to one that is bound to none', undefined, 'other', false, undefined],
    ['its key', 'own', 'own', false, undefined],
    ['another key by a client that proves who it is', 'own', 'other', true, undefined],
    ['another key by one that does not', 'own', 'other', false, 'invalid_grant'],
    ['no key', 'own', undefined, false, 'invalid_dpop_proof'],
    ['no key by a client that proves who it is', 'own', undefined, true, 'invalid_dpop_proof'],
  ] as const)('is shown with %s', ([, bound, jkt, isProven, code]) => {
    const show = () => requireSameKey(bound, { jkt, isProven });
    if (code === undefined) expect(show).not.toThrow();
    else expect(show).toThrow(expect.objectContaining({ code }));
  });
});

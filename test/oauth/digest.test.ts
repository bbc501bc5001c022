import { describe, expect, test } from 'vitest';
import { hmac, isSame, randomSecret, sha256, sha256Base64 } from '#core/oauth/digest.ts';

describe('digests', () => {
  /** FIPS 180-2 Appendix B.1. */
  const ofAbc = Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex');

  test('are SHA-256, in base64url as hashes of secrets', () => {
    expect(sha256('abc')).toBe(ofAbc.toString('base64url'));
  });

  test('are SHA-256, in base64 for a content security policy, CSP Level 3 §2.3.1', () => {
    expect(sha256Base64('abc')).toBe(ofAbc.toString('base64'));
  });

  test('with a key are HMAC-SHA-256, RFC 4231 §4.3', () => {
    const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(hmac('Jefe', 'what do ya want for nothing?')).toBe(Buffer.from(hex, 'hex').toString('base64url'));
  });
});

test('a secret has 256 bits, and is never the same twice', () => {
  const [one, other] = [randomSecret(), randomSecret()];
  expect(Buffer.from(one, 'base64url')).toHaveLength(32);
  expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(one).not.toBe(other);
});

describe('two texts', () => {
  test.for(['', 'secret', 'geheimnisvoll ü'])('%j and itself are the same', (text) => {
    expect(isSame(text, text)).toBe(true);
  });

  test.for([
    ['secret', 'secreT'],
    ['secret', 'secrets'],
    ['secrets', 'secret'],
    ['', 'secret'],
    ['ü', 'uu'],
    ['ü', 'u\u0308'],
  ])('%j and %j are not the same', ([one = '', other = '']) => {
    expect(isSame(one, other)).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { isVerifierOf, requireChallenge } from '#core/oauth/pkce.ts';

/** RFC 7636 Appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('code challenge, RFC 7636 §4.3', () => {
  test('takes an S256 challenge', () => {
    expect(requireChallenge(challenge, 'S256')).toBe(challenge);
  });

  test.for([
    ['no challenge', undefined, 'S256'],
    ['no method, which would mean plain', challenge, undefined],
    ['plain', challenge, 'plain'],
    ['a method in lower case', challenge, 's256'],
    ['an unknown method', challenge, 'S512'],
    ['one too short', challenge.slice(1), 'S256'],
    ['one too long', `${challenge}a`, 'S256'],
    ['one with padding', `${challenge.slice(1)}=`, 'S256'],
    ['one that is not base64url', `${challenge.slice(1)}+`, 'S256'],
  ] as const)('refuses %s', ([, given, method]) => {
    expect(() => requireChallenge(given, method)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('code verifier, RFC 7636 §4.6', () => {
  test('knows the verifier of the RFC', () => {
    expect(isVerifierOf(challenge, verifier)).toBe(true);
  });

  test.for([undefined, '', verifier.slice(1), `${verifier}=`, challenge, verifier.toLowerCase(), 'a'.repeat(129)])(
    'refuses %s',
    (other) => {
      expect(isVerifierOf(challenge, other)).toBe(false);
    },
  );
});

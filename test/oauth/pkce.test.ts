import { describe, expect, test } from 'vitest';
import { sha256 } from '#core/oauth/digest.ts';
import { isVerifierOf, requireChallenge } from '#core/oauth/pkce.ts';

/** RFC 7636 Appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('code challenge, RFC 7636 §4.3', () => {
  test('takes an S256 challenge', () => {
    expect(requireChallenge(challenge, 'S256')).toBe(challenge);
  });

  test.for([
    ['no challenge', undefined, 'S256', 'code_challenge is required'],
    ['no method, which would mean plain', challenge, undefined, 'code_challenge_method must be S256'],
    ['plain', challenge, 'plain', 'code_challenge_method must be S256'],
    ['a method in lower case', challenge, 's256', 'code_challenge_method must be S256'],
    ['an unknown method', challenge, 'S512', 'code_challenge_method must be S256'],
    ['one too short', challenge.slice(1), 'S256', 'code_challenge must be the base64url of a SHA-256 hash'],
    ['one too long', `${challenge}a`, 'S256', 'code_challenge must be the base64url of a SHA-256 hash'],
    ['one with padding', `${challenge.slice(1)}=`, 'S256', 'code_challenge must be the base64url of a SHA-256 hash'],
    ['one in base64', `${challenge.slice(1)}+`, 'S256', 'code_challenge must be the base64url of a SHA-256 hash'],
  ] as const)('refuses %s and says so', ([, given, method, message]) => {
    expect(() => requireChallenge(given, method)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message }),
    );
  });
});

describe('code verifier, RFC 7636 §4.6', () => {
  test('knows the verifier of the RFC', () => {
    expect(isVerifierOf(challenge, verifier)).toBe(true);
  });

  test.for([43, 128])('takes a verifier of %i characters, RFC 7636 §4.1', (length) => {
    const own = 'aZ09._~-'.padEnd(length, 'a');
    expect(isVerifierOf(sha256(own), own)).toBe(true);
  });

  test.for([undefined, '', challenge, verifier.toLowerCase(), `${verifier}a`])('refuses %j', (other) => {
    expect(isVerifierOf(challenge, other)).toBe(false);
  });

  test.for([
    ['one too short', 'a'.repeat(42)],
    ['one too long', 'a'.repeat(129)],
    ['one that begins with a space', ` ${verifier}`],
    ['one that ends with a line break', `${verifier}\n`],
    ['one with padding', `${verifier}=`],
    ['one in base64', `${verifier}+/`],
    ['one in other letters', `${verifier}é`],
  ] as const)('refuses %s, even if the challenge was made from it', ([, own]) => {
    expect(isVerifierOf(sha256(own), own)).toBe(false);
  });
});

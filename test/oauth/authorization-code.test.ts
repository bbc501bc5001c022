import { describe, expect, test } from 'vitest';
import { judgeAuthorizationCode } from '#core/oauth/authorization-code.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { AuthorizationCode } from '#core/oauth/types.ts';

const verifier = 'v'.repeat(43);
const code: AuthorizationCode = {
  hash: 'hash',
  clientId: 'client',
  redirectUri: 'https://client.example/cb',
  scopes: ['notes:read'],
  resource: 'https://mcp.example/mcp',
  codeChallenge: sha256(verifier),
  grantId: 'subject~grant',
  subject: 'subject',
  tenant: 'tenant',
  expiresAt: 1_000,
  usedAt: undefined,
};
const right = { clientId: 'client', redirectUri: code.redirectUri, verifier, resources: [code.resource], now: 999 };

describe('redeeming an authorization code, RFC 6749 §4.1.3', () => {
  test('a code is valid for its client, redirect URI, verifier and resource', () => {
    expect(judgeAuthorizationCode(code, right).verdict).toBe('valid');
  });

  test('the redirect URI and the resource may be left out', () => {
    expect(judgeAuthorizationCode(code, { ...right, redirectUri: undefined, resources: [] }).verdict).toBe('valid');
  });

  test('a code that is right but used is a replay, even when it has expired', () => {
    expect(judgeAuthorizationCode({ ...code, usedAt: 990 }, right).verdict).toBe('replayed');
    expect(judgeAuthorizationCode({ ...code, usedAt: 990 }, { ...right, now: 5_000 }).verdict).toBe('replayed');
  });

  test.for([
    ['another client', code, { clientId: 'other' }],
    ['another redirect URI', code, { redirectUri: 'https://client.example/other' }],
    ['no verifier', code, { verifier: undefined }],
    ['another verifier', code, { verifier: 'w'.repeat(43) }],
    ['an expired code', code, { now: 1_000 }],
    [
      'a used code with another verifier, so that nobody else can end the grant',
      { ...code, usedAt: 990 },
      { verifier: 'w'.repeat(43) },
    ],
  ] as const)('refuses %s in the same words', ([, found, change]) => {
    expect(() => judgeAuthorizationCode(found, { ...right, ...change })).toThrow(
      expect.objectContaining({ code: 'invalid_grant', status: 400, message: 'The authorization code is not valid' }),
    );
  });

  test('refuses another resource as such', () => {
    const foreign = () => judgeAuthorizationCode(code, { ...right, resources: ['https://other.example/mcp'] });
    expect(foreign).toThrow(expect.objectContaining({ code: 'invalid_target' }));
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Logged, secretsIn } from '../support/log-scan.ts';

/** Runs after all other suites: what the Lambdas logged in them. */
const file = process.env.LOG_SCAN ?? '';
const logged = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Logged)
  : [];

describe('what the Lambdas logged in all other suites', () => {
  test('was read, of every Lambda that serves requests', () => {
    const names = new Set(logged.map(({ name }) => name));
    const serving = [
      'Admin',
      'Authorize',
      'BouncesLambda',
      'Discovery',
      'Introspect',
      'Mcp',
      'Passkeys',
      'Register',
      'Revoke',
      'Token',
    ];
    expect(serving.filter((name) => !names.has(name))).toEqual([]);
  });

  test('holds no code, token, secret, cookie or address', () => {
    expect(logged.filter(({ secret }) => secret !== undefined)).toEqual([]);
  });
});

describe('a line of a log', () => {
  test.for([
    ['a code by mail', 'the code was K7QX-M3PD'],
    ['a code by mail', '{"code":"K7QXM3PD"}'],
    ['a signed token', '{"token":"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"}'],
    ['a refresh token', 'G0oTmM7VJYvCkE8yWqYwQk~aB3.12.3fJm1yq8m0lWcQ1v5kq3Vw.9XvQ2m0lWcQ1v5kq3Vwabc'],
    ['a header that authorizes', 'authorization: Bearer abcdefghijklmnop1234'],
    ['a header that authorizes', 'Basic YWJjZGVmZ2hpamtsbW5vcA=='],
    ['a cookie', 'signin-01J=abcdefghijklmnopqrst'],
    ['an authorization code', 'POST /token code=SplxlOBeZQQYbYS6WxSbIA'],
    ['a secret parameter', '{"client_secret":"3fJm1yq8m0lWcQ1v5kq3Vw"}'],
    ['an e-mail address', 'no mail for ada%40example.org'],
  ] as const)('with %s is found: %s', ([secret, line]) => {
    expect(secretsIn(line)).toContain(secret);
  });

  test.for([
    '{"request":"61g8pWQHSvg2VE0=","method":"POST","path":"/register","status":201}',
    '{"mail":"Bounce","address":"xTJ8E_WwWgYPV0ibwU3fVw","stopped":false}',
    '{"error":"invalid_grant","description":"The refresh token is not valid","cause":"no such token"}',
    '{"request":"K7QXM3PD+YMVtCQ=","method":"DELETE","status":20261126}',
    '{"code":"temporarily_unavailable","status":503}',
    '(an address) is not verified in EU-CENTRAL-1',
    '{"requestId":"e577fb31-5832-4523-8234-b54c18e05910"}',
  ])('that an endpoint writes is not: %s', (line) => {
    expect(secretsIn(line)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { signer } from '#core/aws/sign.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: '',
};
const sessionToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const now = Date.parse('2015-08-30T12:36:00Z');
const request = { method: 'POST', path: '/', headers: { Host: 'example.amazonaws.com' }, body: '' };

/** The signed headers and the signature, which the authorization ends with. */
function signature(headers: Readonly<Record<string, string>>): string {
  const start = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=';
  expect(headers.authorization).toMatch(start);
  return headers.authorization?.slice(start.length) ?? '';
}

/** From `aws-sig-v4-test-suite`, which AWS publishes: the cases without a query and with an ordinary path. */
describe('the signature test suite of AWS', () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const plain = 'host;x-amz-date, Signature=';
  const one = 'host;my-header1;x-amz-date, Signature=';

  test.for([
    ['get-vanilla', { method: 'GET' }, `${plain}5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31`],
    ['post-vanilla', {}, `${plain}5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b`],
    ['post-header-key-case', {}, `${plain}5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b`],
    [
      'post-header-key-sort',
      { headers: { 'My-Header1': 'value1' } },
      `${one}c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c`,
    ],
    [
      'post-header-value-case',
      { headers: { 'My-Header1': 'VALUE1' } },
      `${one}cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d`,
    ],
    [
      'get-header-value-trim',
      { method: 'GET', headers: { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' } },
      'host;my-header1;my-header2;x-amz-date, Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'post-x-www-form-urlencoded',
      { headers: form, body: 'Param1=value1' },
      'content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ] as const)('%s', ([, particular, expected]) => {
    const headers = { ...('headers' in particular ? particular.headers : {}), ...request.headers };
    expect(signature(signer('us-east-1', 'service')({ ...request, ...particular, headers }, credentials, now))).toBe(
      expected,
    );
  });

  test('post-sts-header-before', () => {
    const headers = signer('us-east-1', 'service')(request, { ...credentials, sessionToken }, now);
    expect(headers).toMatchObject({ 'x-amz-date': '20150830T123600Z', 'x-amz-security-token': sessionToken });
    expect(signature(headers)).toBe(
      'host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    );
  });
});

describe('the key of a day', () => {
  const day = 86_400_000;

  test.for([
    ['another day', credentials, now + day],
    ['another secret', { ...credentials, secretAccessKey: 'another' }, now],
  ] as const)('is not used for %s', ([, other, at]) => {
    const kept = signer('us-east-1', 'service');
    kept(request, credentials, now);
    expect(kept(request, other, at)).toEqual(signer('us-east-1', 'service')(request, other, at));
  });
});

import { expect, test } from 'vitest';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';

test('a refusal is 400 unless it says otherwise, and keeps what happened to itself, RFC 6749 §5.2', () => {
  const refusal = new OAuthError('invalid_grant', 'The code is not valid', undefined, {
    cause: 'the code has expired',
  });
  expect(refusal).toMatchObject({ name: 'OAuthError', code: 'invalid_grant', status: 400 });
  expect(refusal.message).toBe('The code is not valid');
  expect(refusal.cause).toBe('the code has expired');
  expect(refusal.retryAfterSeconds).toBeUndefined();
});

test('who has done something too often is told when to try again, RFC 6585 §4', () => {
  expect(tooManyRequests(30)).toMatchObject({ code: 'temporarily_unavailable', status: 429, retryAfterSeconds: 30 });
});

import { describe, expect, test } from 'vitest';
import { mustSignIn } from '#core/oauth/prompt.ts';

describe('whether the person signs in, OpenID Connect Core 1.0 §3.1.2.1', () => {
  test.for([
    ['a browser that is not known', {}, undefined, true],
    ['a browser that is known', {}, 900, false],
    ['prompt=login', { prompt: 'login' }, 900, true],
    ['prompt=select_account', { prompt: 'select_account' }, 900, true],
    ['prompt=consent', { prompt: 'consent' }, 900, false],
    ['prompt=login consent', { prompt: 'login consent' }, 900, true],
    ['a sign-in that is recent enough', { max_age: '100' }, 900, false],
    ['a sign-in that is too old', { max_age: '99' }, 900, true],
    ['max_age=0', { max_age: '0' }, 1_000, true],
  ] as const)('%s', ([, sent, signedInAt, must]) => {
    expect(mustSignIn(sent, signedInAt, 1_000)).toBe(must);
  });

  test.for([
    ['login_required', { prompt: 'none' }, undefined],
    ['login_required', { prompt: 'none', max_age: '10' }, 900],
    ['consent_required', { prompt: 'none' }, 900],
    ['invalid_request', { prompt: 'none login' }, 900],
    ['invalid_request', { max_age: 'soon' }, 900],
    ['invalid_request', { max_age: '-1' }, 900],
    ['invalid_request', { max_age: '10s' }, 900],
    ['invalid_request', { max_age: '1234567890' }, 900],
    ['consent_required', { prompt: ' none ' }, 900],
  ] as const)('%s for %j', ([code, sent, signedInAt]) => {
    expect(() => mustSignIn(sent, signedInAt, 1_000)).toThrow(expect.objectContaining({ code }));
  });
});

import { describe, expect, test } from 'vitest';
import { freshnessOf, isFreshEnough, mustSignIn, promptFor } from '#core/oauth/prompt.ts';

function known(signedInAt: number | undefined, hasApproved: boolean) {
  return signedInAt === undefined ? undefined : { signedInAt, hasApproved };
}

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
    ['acr_values', { acr_values: 'phr' }, 1_000, true],
    ['acr_values without a value', { acr_values: '' }, 1_000, false],
  ] as const)('%s', ([, sent, signedInAt, must]) => {
    for (const hasApproved of [true, false]) expect(mustSignIn(sent, known(signedInAt, hasApproved), 1_000)).toBe(must);
  });

  test.for([
    ['login_required', { prompt: 'none' }, undefined],
    ['login_required', { prompt: 'none', max_age: '10' }, 900],
    ['login_required', { prompt: 'none', acr_values: 'phr' }, 900],
    ['consent_required', { prompt: 'none' }, 900],
    ['invalid_request', { prompt: 'none login' }, 900],
    ['invalid_request', { max_age: 'soon' }, 900],
    ['invalid_request', { max_age: '-1' }, 900],
    ['invalid_request', { max_age: '10s' }, 900],
    ['invalid_request', { max_age: '1234567890' }, 900],
    ['invalid_request', { acr_values: 'x'.repeat(501) }, 900],
    ['consent_required', { prompt: ' none ' }, 900],
  ] as const)('%s for %j', ([code, sent, signedInAt]) => {
    expect(() => mustSignIn(sent, known(signedInAt, true), 1_000)).toThrow(expect.objectContaining({ code }));
  });

  test('a client that the person never approved is not told whether anybody is known', () => {
    const refused = expect.objectContaining({ code: 'login_required' });
    expect(() => mustSignIn({ prompt: 'none' }, known(900, false), 1_000)).toThrow(refused);
    expect(() => mustSignIn({ prompt: 'none' }, undefined, 1_000)).toThrow(refused);
  });
});

describe('whether a sign-in in another window is fresh enough for a request that began at 1,000', () => {
  test.for([
    ['made before, and the client wants no other', {}, 900, true],
    ['made after', {}, 1_001, true],
    ['made before, with prompt=login', { prompt: 'login' }, 900, false],
    ['made at the same second, with prompt=login', { prompt: 'login' }, 1_000, false],
    ['made after, with prompt=login', { prompt: 'login' }, 1_001, true],
    ['made before, with prompt=select_account', { prompt: 'select_account' }, 900, false],
    ['made before, with prompt=consent', { prompt: 'consent' }, 900, true],
    ['recent enough for max_age', { max_age: '300' }, 900, true],
    ['too old for max_age', { max_age: '299' }, 900, false],
    ['made after, though longer ago than max_age', { max_age: '10' }, 1_001, true],
    ['made before, with max_age=0', { max_age: '0' }, 999, false],
    ['made after, in whichever way, with acr_values', { acr_values: 'phr' }, 1_001, false],
  ] as const)('%s', ([, sent, signedInAt, isEnough]) => {
    expect(isFreshEnough(freshnessOf(sent), { signedInAt, begunAt: 1_000, now: 1_200 })).toBe(isEnough);
  });

  test.for([
    [{}, {}],
    [{ prompt: 'consent' }, {}],
    [{ prompt: 'login' }, { prompt: 'login' }],
    [
      { prompt: 'select_account consent', max_age: '60' },
      { prompt: 'login', max_age: '60' },
    ],
    [{ max_age: '0' }, { prompt: 'login', max_age: '0' }],
    [{ acr_values: 'phr phrh' }, { acr_values: 'phr phrh' }],
  ] as const)('%j is asked for again as %j', ([sent, again]) => {
    expect(promptFor(freshnessOf(sent))).toEqual(again);
    expect(freshnessOf(promptFor(freshnessOf(sent)))).toEqual(freshnessOf(sent));
  });
});

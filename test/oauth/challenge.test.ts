import { describe, expect, test } from 'vitest';
import { asDpopChallenge, bearerToken, challengeOf, shownToken } from '#core/oauth/challenge.ts';
import { processorTime } from '../support/processor-time.ts';

describe('the challenge, RFC 6750 §3 and RFC 9728 §5.1', () => {
  const challenge = {
    resourceMetadata: 'https://resource.example.com/.well-known/oauth-protected-resource',
    scopes: ['notes:read', 'notes:write'],
  };
  const common =
    'scope="notes:read notes:write", ' +
    'resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource"';

  test.for([
    ['no error when the request carried no token', {}, `Bearer ${common}`],
    ['the error', { error: 'insufficient_scope' }, `Bearer error="insufficient_scope", ${common}`],
    [
      'the error and what it is, as RFC 6750 §3 shows it',
      { error: 'invalid_token', description: 'The access token expired' },
      `Bearer error="invalid_token", error_description="The access token expired", ${common}`,
    ],
  ] as const)('says where to sign in, for what, and %s', ([, change, header]) => {
    expect(challengeOf({ ...challenge, ...change })).toBe(header);
  });

  test('names the signatures of proofs where tokens are to be bound, RFC 9449 §7.1', () => {
    const algs = 'algs="ES256 ES384 PS256 RS256 Ed25519 EdDSA"';
    const error = 'invalid_dpop_proof';
    expect(challengeOf({ ...challenge, scheme: 'DPoP', error })).toBe(`DPoP error="${error}", ${algs}, ${common}`);
    expect(asDpopChallenge(`Bearer ${common}`)).toBe(`DPoP ${common}, ${algs}`);
  });
});

describe('the access token of a request, RFC 9449 §7.1', () => {
  test.for([
    ['Bearer mF_9', { scheme: 'Bearer', token: 'mF_9' }],
    ['DPoP mF_9', { scheme: 'DPoP', token: 'mF_9' }],
    ['dpop  mF_9', { scheme: 'DPoP', token: 'mF_9' }],
    ['Bearer Bearer mF_9', { scheme: 'Bearer', token: 'mF_9' }],
    ['Bearer DPoP mF_9', { scheme: 'Bearer', token: 'DPoP mF_9' }],
    ['Basic mF_9', undefined],
    ['DPoP', undefined],
    ['XDPoP mF_9', undefined],
    [undefined, undefined],
  ] as const)('in %j', ([header, shown]) => {
    expect(shownToken(header)).toEqual(shown);
  });
});

describe('the bearer token of a request, RFC 6750 §2.1', () => {
  test.for([
    ['that of the RFC', 'Bearer mF_9.B5f-4.1JqM', 'mF_9.B5f-4.1JqM'],
    ['one after a scheme in lower case, RFC 9110 §11.1', 'bearer mF_9.B5f-4.1JqM', 'mF_9.B5f-4.1JqM'],
    ['one after several spaces', 'Bearer   mF_9.B5f-4.1JqM', 'mF_9.B5f-4.1JqM'],
    ['one that no token can be, to be refused as such', 'Bearer a, b', 'a, b'],
  ] as const)('is %s', ([, header, token]) => {
    expect(bearerToken(header)).toBe(token);
  });

  test.for([undefined, '', 'Bearer', 'Bearer ', 'Bearermf9', 'Basic mF_9', 'X Bearer mF_9', 'DPoP mF_9'])(
    'is not in %j',
    (header) => {
      expect(bearerToken(header)).toBeUndefined();
    },
  );
});

test.for([bearerToken, shownToken])('%o reads much space soon', (read) => {
  const header = `Bearer ${' '.repeat(60_000)}\u2028`;
  expect(processorTime(() => read(header))).toBeLessThan(200);
});

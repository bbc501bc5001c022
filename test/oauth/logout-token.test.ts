import { describe, expect, test } from 'vitest';
import { wrongAtSight } from '#core/oauth/logout-token.ts';

const now = 1_800_000_000;
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const right = { iss: 'https://id.example', aud: 'us', iat: now, jti: 'one', sub: 'somebody', events };
const token = (claims: object, header: object = { alg: 'RS256' }) => `${part(header)}.${part(claims)}.c2ln`;

describe('what is seen of a logout token without a key, OpenID Connect Back-Channel Logout 1.0 §2.4', () => {
  test.for<[string, object, string | undefined]>([
    ['nothing, of what is right', {}, undefined],
    ['that a session alone is named', { sub: undefined, sid: 's' }, undefined],
    ['one of several audiences', { aud: ['others', 'us'] }, undefined],
    ['an event that says more', { events: { ...events, other: 1 } }, undefined],
    ['another audience', { aud: 'others' }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['no event', { events: {} }, 'events'],
    ['events in a list', { events: [events] }, 'events'],
    ['a nonce, even an empty one', { nonce: '' }, 'nonce'],
    ['nobody', { sub: undefined }, 'neither sub nor sid'],
    ['a person that is a number', { sub: 7 }, 'sub'],
    ['a session of 256 characters', { sid: 's'.repeat(256) }, 'sid'],
    ['no id', { jti: '' }, 'jti'],
    ['that it is from 12 minutes ago', { iat: now - 720 }, 'iat is too long ago'],
    ['that it is from in two minutes', { iat: now + 120 }, 'iat is in the future'],
  ])('%s', ([, more, why]) => {
    const found = wrongAtSight(token({ ...right, ...more }), 'us', now);
    expect(found ?? '').toContain(why ?? '');
    expect(found === undefined).toBe(why === undefined);
  });

  test.for([
    ['at+jwt', 'typ'],
    [7, 'typ'],
    ['logout+jwt', undefined],
    ['JWT', undefined],
    [undefined, undefined],
  ] as const)('typ %s', ([typ, why]) => {
    expect(wrongAtSight(token(right, { alg: 'RS256', typ }), 'us', now)?.slice(0, 3)).toBe(why);
  });

  test.for(['', 'a', 'a.b', `${part({})}.x.y`])('that "%s" is no token', (text) => {
    expect(wrongAtSight(text, 'us', now)).toBe('logout_token is no signed JWT');
  });
});

import { describe, expect, test } from 'vitest';
import { hmac, randomSecret, sha256 } from '#core/oauth/digest.ts';
import {
  isFromElsewhere,
  judgeRefreshToken,
  parseRefreshToken,
  type RefreshToken,
  startRatchet,
  successorOf,
  turnRatchet,
} from '#core/oauth/refresh-token.ts';
import type { Ratchet } from '#core/oauth/types.ts';

const WINDOW = 60;
const network = '192.0.2.1';
const grantId = 'subject~grant';

function parsed(text: string): RefreshToken {
  const token = parseRefreshToken(text);
  if (!token) throw new Error('not a refresh token');
  return token;
}

/** A family that was refreshed at these times. */
function family(...refreshedAt: readonly number[]): { tokens: RefreshToken[]; ratchet: Ratchet } {
  const start = startRatchet(grantId, { now: 0, network });
  const tokens = [parsed(start.token)];
  let ratchet = start.ratchet;
  for (const at of refreshedAt) {
    const spent = tokens[tokens.length - 1] as RefreshToken;
    ratchet = turnRatchet(ratchet, spent, { now: at, network });
    tokens.push(parsed(successorOf(spent, ratchet)));
  }
  return { tokens, ratchet };
}

describe('what a refresh token is, RFC 9700 §4.14.2', () => {
  const { tokens, ratchet } = family(1_000, 1_010);
  const [first, second, third] = tokens as [RefreshToken, RefreshToken, RefreshToken];

  test.for([
    ['the newest is current', third, 1_010, 'current'],
    ['the newest stays current however long it waits', third, 900_000, 'current'],
    ['the one before it is a repetition within the window', second, 1_010 + WINDOW, 'repeat'],
    ['an older one is late within the window', first, 1_010 + WINDOW, 'late'],
    ['the one before it is stolen after the window', second, 1_011 + WINDOW, 'stolen'],
    ['an older one is stolen after the window', first, 1_011 + WINDOW, 'stolen'],
  ] as const)('%s', ([, token, now, verdict]) => {
    expect(judgeRefreshToken(token, ratchet, now, WINDOW)).toBe(verdict);
  });

  test.for([
    ['another secret', { secret: 'A'.repeat(43) }],
    ['another generation', { generation: 1 }],
    ['another grant', { grantId: 'subject~other' }],
    ['another tag', { tag: 'A'.repeat(22) }],
    ['another tag of the longer form', { tag: 'A'.repeat(43) }],
    ['no tag', { tag: '' }],
    ['the beginning of its tag', { tag: third.tag.slice(0, 21) }],
  ] as const)('a token with %s is made up, at any time', ([, change]) => {
    expect(judgeRefreshToken({ ...third, ...change }, ratchet, 1_010, WINDOW)).toBe('unknown');
    expect(judgeRefreshToken({ ...third, ...change }, ratchet, 900_000, WINDOW)).toBe('unknown');
  });

  test('a token of another family of the same grant id is made up', () => {
    const other = family(1_000).tokens[1] as RefreshToken;
    expect(judgeRefreshToken(other, ratchet, 1_010, WINDOW)).toBe('unknown');
  });
});

describe('the successor of a refresh token', () => {
  test('is the same however often the spent token is shown', () => {
    const { tokens, ratchet } = family(1_000);
    const [first, second] = tokens as [RefreshToken, RefreshToken];
    expect(parsed(successorOf(first, ratchet))).toEqual(second);
  });

  test('takes the spent secret: what is stored does not give it away', () => {
    const { tokens, ratchet } = family(1_000);
    const [, second] = tokens as [RefreshToken, RefreshToken];
    expect(JSON.stringify(ratchet)).not.toContain(second.secret);
    const guess = successorOf({ ...second, secret: ratchet.hash }, ratchet);
    expect(parsed(guess).secret).not.toBe(second.secret);
  });

  test('counts the generations from 1', () => {
    const { tokens, ratchet } = family(1_000, 1_010);
    expect(tokens.map(({ generation }) => generation)).toEqual([1, 2, 3]);
    expect(ratchet.generation).toBe(3);
  });

  test('does not exist before the first one is spent', () => {
    const { token, ratchet } = startRatchet(grantId, { now: 0, network });
    expect(() => successorOf(parsed(token), ratchet)).toThrow('The ratchet has not turned yet');
  });

  test('depends on fresh randomness, so that a copied first token does not yield the later ones', () => {
    const { token, ratchet } = startRatchet(grantId, { now: 0, network });
    const once = turnRatchet(ratchet, parsed(token), { now: 1, network });
    const again = turnRatchet(ratchet, parsed(token), { now: 1, network });
    expect(once.hash).not.toBe(again.hash);
  });
});

describe('a refresh token from before they were shorter', () => {
  const [secret, tagKey, salt] = [randomSecret(), randomSecret(), randomSecret()];
  const longToken = (generation: number, ofGeneration: string) => {
    const untagged = `${grantId}.${generation}.${ofGeneration}`;
    return `${untagged}.${hmac(tagKey, untagged)}`;
  };
  const started: Ratchet = {
    generation: 1,
    tagKey,
    hash: sha256(secret),
    previousHash: undefined,
    salt: undefined,
    rotatedAt: 0,
  };
  const first = parsed(longToken(1, secret));

  test('is current, and followed by a short one', () => {
    expect(judgeRefreshToken(first, started, 900_000, WINDOW)).toBe('current');
    const turned = turnRatchet(started, first, { now: 900_000, network });
    const next = parsed(successorOf(first, turned));
    expect(next.secret.length).toBe(22);
    expect(judgeRefreshToken(next, turned, 900_001, WINDOW)).toBe('current');
    expect(judgeRefreshToken(first, turned, 900_001, WINDOW)).toBe('repeat');
    expect(judgeRefreshToken(first, turned, 990_000, WINDOW)).toBe('stolen');
  });

  test('that was spent then gets the successor of then, when it is repeated now', () => {
    const longSecret = hmac(secret, salt);
    const turned = { ...started, generation: 2, hash: sha256(longSecret), previousHash: started.hash, salt };
    const repeated = parsed(successorOf(first, turned));
    expect(repeated.secret).toBe(longSecret);
    expect(judgeRefreshToken(repeated, turned, 10, WINDOW)).toBe('current');
  });
});

describe('the form of a refresh token', () => {
  const secret = 'A'.repeat(22);
  const tag = 'B'.repeat(22);

  test('is its grant, its generation, its secret and its tag', () => {
    expect(parseRefreshToken(`${grantId}.12.${secret}.${tag}`)).toEqual({ grantId, generation: 12, secret, tag });
  });

  test.for([
    '',
    'x',
    `${grantId}.1.${secret}`,
    `${grantId}.x.${secret}.${secret}`,
    `${grantId}.1.${secret}.${secret}.`,
    `${grantId}#GRANT.1.${secret}.${secret}`,
    `.1.${secret}.${secret}`,
    `${'a'.repeat(101)}.1.${secret}.${secret}`,
    `${grantId}..${secret}.${secret}`,
    `${grantId}.1234567890.${secret}.${secret}`,
    `${grantId}.1.${secret}A.${secret}`,
    `${grantId}.1.${secret}.${secret.slice(1)}`,
    ` ${grantId}.1.${secret}.${secret}`,
    `${grantId}.1.${secret}\n.${secret}`,
    `${grantId}.1.${secret}.${'A'.repeat(44)}`,
  ])('is not that of %j', (text) => {
    expect(parseRefreshToken(text)).toBeUndefined();
  });
});

describe('a repetition from another network, RFC 9700 §4.14.2', () => {
  test('is told from one of the same network, by a mark that no other grant has', () => {
    const one = startRatchet(grantId, { now: 0, network });
    const other = startRatchet(grantId, { now: 0, network });
    const turned = turnRatchet(one.ratchet, parsed(one.token), { now: 1, network: '198.51.100.7' });
    expect([isFromElsewhere(turned, '198.51.100.7'), isFromElsewhere(turned, network)]).toEqual([false, true]);
    expect(one.ratchet.network).not.toBe(other.ratchet.network);
    expect(JSON.stringify(turned)).not.toMatch(/192\.0|198\.51/);
  });

  test('is not assumed where the network of the rotation is not known', () => {
    const { network: _, ...ratchet } = startRatchet(grantId, { now: 0, network }).ratchet;
    expect(isFromElsewhere(ratchet, network)).toBe(false);
  });
});

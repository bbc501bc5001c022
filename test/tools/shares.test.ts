import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedShares, differences, type Shares } from '../../tools/workspace/shares.ts';

describe('for whom the bytes of a document count', () => {
  test.for<[string, Shares, string, number, Shares]>([
    ['the author makes it longer', { a: 10 }, 'a', 5, { a: 15 }],
    ['another one makes it longer', { a: 10 }, 'b', 5, { a: 10, b: 5 }],
    ['the author makes it shorter', { a: 10, b: 5 }, 'a', -4, { a: 6, b: 5 }],
    ['another one takes away their own', { a: 10, b: 5 }, 'b', -5, { a: 10 }],
    ['another one takes away more than their own', { a: 10, b: 5 }, 'b', -7, { a: 8 }],
    ['somebody takes away what the others wrote', { a: 10, b: 5 }, 'c', -12, { b: 3 }],
    ['the author empties it', { a: 10, b: 5 }, 'a', -15, {}],
    ['nothing changes', { a: 10, b: 5 }, 'c', 0, { a: 10, b: 5 }],
    ['somebody writes in an empty one', {}, 'b', 5, { b: 5 }],
  ])('%s', ([, shares, subject, bytes, expected]) => {
    expect(changedShares(shares, { subject, author: 'a', bytes })).toEqual(expected);
  });

  test('a twenty-first person takes over the smallest share', () => {
    const shares = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`p${at}`, at === 7 ? 1 : 9]));
    const { p7, ...others } = shares;
    expect(changedShares(shares, { subject: 'new', author: 'p0', bytes: 3 })).toEqual({ ...others, new: 4 });
    expect(changedShares(shares, { subject: 'p7', author: 'p0', bytes: 3 })).toEqual({ ...others, p7: 4 });
  });

  test('whatever people write, the shares are all of the bytes, none is below zero, and only the writer’s grows', async () => {
    const change = fc.record({ subject: fc.constantFrom('a', 'b', 'c'), by: fc.integer({ min: -50, max: 50 }) });
    await fc.assert(
      fc.property(fc.array(change), (changes) => {
        let [shares, size]: [Shares, number] = [{ a: 7 }, 7];
        for (const { subject, by } of changes) {
          const bytes = Math.max(-size, by);
          const next = changedShares(shares, { subject, author: 'a', bytes });
          size += bytes;
          expect(Object.values(next).reduce((sum, share) => sum + share, 0)).toBe(size);
          expect(Object.values(next).every((share) => share > 0)).toBe(true);
          const grown = differences(shares, next).filter(([, more]) => more > 0);
          expect(grown.every(([one]) => one === subject)).toBe(true);
          shares = next;
        }
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { type Checked, isDecided, isOver, overBudget } from '../../bench/budgets.ts';

/** Everything as small, as few and as fast as it may be, or about that. */
const kept: Checked = {
  bundles: [{ endpoint: 'discovery', kilobytes: 60 }],
  counts: [{ what: 'read', counts: { asked: 4, trips: 2, writes: 2, reads: 3 } }],
  starts: [{ endpoint: 'token', ratios: [0.38, 0.34, 0.38] }],
  calls: [{ what: 'list_todos', ratios: [2, 2, 2, 2, 2] }],
};

describe('npm run bench -- --check', () => {
  test('says nothing of what keeps its budget', () => {
    expect(overBudget(kept)).toEqual([]);
  });

  test.for<[what: string, changed: Partial<Checked>, named: string]>([
    ['a large bundle', { bundles: [{ endpoint: 'discovery', kilobytes: 60.1 }] }, '60.1 KB, and may have 60'],
    [
      'a request to the table more',
      { counts: [{ what: 'read', counts: { asked: 5, trips: 2, writes: 2, reads: 3 } }] },
      '5 requests to the table, and may take 4',
    ],
    [
      'a round trip more',
      { counts: [{ what: 'read', counts: { asked: 4, trips: 3, writes: 2, reads: 3 } }] },
      '3 requests to the table that wait for one another, and may take 2',
    ],
    [
      'a larger item',
      { counts: [{ what: 'write', counts: { asked: 3, trips: 2, writes: 9, reads: 2 } }] },
      '9 write units, and may take 7',
    ],
    [
      'a consistent read more',
      { counts: [{ what: 'refresh', counts: { asked: 2, trips: 2, writes: 1, reads: 4 } }] },
      '4 read units, and may take 3',
    ],
    ['a slow start', { starts: [{ endpoint: 'token', ratios: Array(9).fill(0.39) }] }, 'token starts in 0.39'],
    ['a start of another Lambda', { starts: [{ endpoint: 'discovery', ratios: Array(9).fill(0.2) }] }, '0.15'],
    ['a long call', { calls: [{ what: 'create_todo', ratios: [4, 4, 1, 4, 4] }] }, 'create_todo takes 4.00, 4.00'],
  ])('has one sentence for %s', ([, changed, named]) => {
    const sentences = overBudget({ ...kept, ...changed });
    expect(sentences).toEqual([expect.stringContaining(named)]);
    expect(sentences[0]).toMatch(/^\S.*\.$/);
  });

  test('has a sentence for each miss', () => {
    const bundles = ['token', 'revoke'].map((endpoint) => ({ endpoint, kilobytes: 500 }));
    expect(overBudget({ ...kept, bundles })).toHaveLength(2);
  });
});

describe('a ratio of processor time', () => {
  const rounds = (within: number, over: number) => [...Array(within).fill(0.9), ...Array(over).fill(1.2)];

  test.for([
    ['is not decided before anything is measured', 0, 0, false, undefined],
    ['is measured again while it is close', 2, 8, false, undefined],
    ['is kept after three rounds within', 3, 0, true, false],
    ['is kept after three rounds within, whatever came between', 3, 8, true, false],
    ['is missed after nine rounds over', 2, 9, true, true],
    ['is missed at once where all are over', 0, 9, true, true],
  ] as const)('%s: %d within, %d over', ([, within, over, decided, missed]) => {
    expect(isDecided(rounds(within, over), 1)).toBe(decided);
    if (missed !== undefined) expect(isOver(rounds(within, over), 1)).toBe(missed);
  });
});

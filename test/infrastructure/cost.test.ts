import { describe, expect, test } from 'vitest';
import { bytesOf, readUnits, writeUnits } from '../../bench/units.ts';

describe('what DynamoDB counts', () => {
  test.for([
    [{ pk: { S: 'abc' } }, 5],
    [{ ä: { S: 'ö' } }, 4],
    [{ n: { N: '1795226544' } }, 7],
    [{ n: { N: '1000' } }, 3],
    [{ b: { BOOL: true } }, 2],
    [{ b: { B: 'AAEC' } }, 4],
    [{ l: { L: [{ S: 'ab' }, { S: 'c' }] } }, 9],
    [{ m: { M: { k: { S: 'v' } } } }, 7],
    [{ s: { SS: ['ab', 'c'] } }, 4],
  ] as const)('an item %j has %d bytes', ([item, bytes]) => {
    expect(bytesOf(item)).toBe(bytes);
  });

  test.for([
    [0, 0, false, 1],
    [0, 1_024, false, 1],
    [0, 1_025, false, 2],
    [3_000, 100, false, 3],
    [0, 1_024, true, 2],
    [0, 1_025, true, 4],
  ] as const)('a write from %d to %d bytes, in a transaction %s, takes %d units', ([before, after, both, units]) => {
    expect(writeUnits(before, after, both)).toBe(units);
  });

  test.for([
    [0, 1],
    [4_096, 1],
    [4_097, 2],
  ] as const)('a consistent read of %d bytes takes %d units', ([bytes, units]) => {
    expect(readUnits(bytes)).toBe(units);
  });
});

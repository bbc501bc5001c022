import { describe, expect, test } from 'vitest';
import { duration, fill, moment, plural } from '../../core/words/say.ts';

describe('a text of the catalogue', () => {
  test('has values in place of its names, each as often as it is named', () => {
    expect(fill('{a} and {b}, {a}', { a: 'one', b: 2 })).toBe('one and 2, one');
  });

  test('is not filled a second time by what a value says', () => {
    expect(fill('{client} wants {name}', { client: '{name}', name: '$&' })).toBe('{name} wants $&');
  });

  test.for([
    ['en', 1, '1 attempt'],
    ['en', 2, '2 attempts'],
    ['ja', 1, '1 attempts'],
    ['fr', 0, '0 attempt'],
  ] as const)('has the form that %s has for %d', ([language, count, said]) => {
    expect(plural({ language }, { one: '{count} attempt', other: '{count} attempts' }, count)).toBe(said);
  });
});

describe('a length of time', () => {
  test.for([
    ['en', 1, '1 minute'],
    ['en', 61, '2 minutes'],
    ['en', 900, '15 minutes'],
    ['en', 7_200, '2 hours'],
    ['de', 900, '15 Minuten'],
    ['de', 80_000, '23 Stunden'],
    ['ja', 900, '15 分'],
    ['fr', 60, '1 minute'],
  ] as const)('is said in %s: %d seconds are %s', ([language, seconds, said]) => {
    expect(duration({ language }, seconds).replaceAll('\u00a0', ' ')).toBe(said);
  });
});

test('a moment names its time zone, which is UTC', () => {
  expect(moment({ language: 'en' }, 1_790_000_000)).toContain('UTC');
  expect(moment({ language: 'de' }, 1_790_000_000)).toMatch(/September 2026.*UTC/);
});

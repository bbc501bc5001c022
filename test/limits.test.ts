import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { limits, otherLimits } from '#core/limits.ts';
import { defineSettings } from '../lib/settings.ts';
import { limitsDocument } from './support/limits-document.ts';

const { limits: defaults } = defineSettings({ sender: 'sign-in@vestibule.example' });

describe('the list of limits', () => {
  test('is docs/limits.md, which `npm test -- --project architecture -u` writes', async () => {
    await expect(limitsDocument()).toMatchFileSnapshot(fileURLToPath(new URL('../docs/limits.md', import.meta.url)));
  });

  test('is what the settings know, with the same defaults', () => {
    const windows = Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit.windows]));
    expect(defaults).toEqual(windows);
  });

  test('has a counter of its own for each', () => {
    const counters = Object.values({ ...limits, ...otherLimits }).map(({ counter }) => counter);
    expect(new Set(counters).size).toBe(counters.length);
  });

  test('says of each what it counts, what it protects and what happens when it is reached', () => {
    for (const { counts, by, protects, atItsEdge } of Object.values(limits))
      for (const text of [counts, by, protects, atItsEdge]) expect(text).toMatch(/^\S.{2,}\S$/s);
  });
});

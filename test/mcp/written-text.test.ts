import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readArguments } from '../../lambdas/mcp/read-arguments.ts';
import { comparable, composed, inLowerCase, written, writtenLabel, writtenLine } from '../../tools/text.ts';
import { wordsOf } from '../../tools/workspace/search.ts';

/** The longest row of marks in a text. */
function longestRow(text: string): number {
  return Math.max(0, ...[...text.matchAll(/\p{M}+/gu)].map(([row]) => [...row].length));
}

/** What a field of this kind says of a text. */
async function refusal(schema: z.ZodType, value: string): Promise<string | undefined> {
  const read = await readArguments(z.strictObject({ a: schema }), { a: value });
  return 'faults' in read ? read.faults : undefined;
}

const unsorted = '\u0315\u0300\u05b0\u0327';

describe('marks on one letter are bounded wherever a text is put into its form, UAX #15 §13', () => {
  test.for([
    ['in order', `a${'\u0300'.repeat(40_000)}`],
    ['out of order', `a${unsorted.repeat(10_000)}`],
    ['without a letter', unsorted.repeat(10_000)],
    ['of two halves each', `a${'\u{1d165}\u{1d16d}'.repeat(20_000)}`],
    ['that surround', `a${'\u20dd'.repeat(40_000)}`],
    ['in many rows', `a${unsorted.repeat(100)}`.repeat(100)],
    ['of two marks each', '\u0344'.repeat(40_000)],
    ['before its letter', `${unsorted.repeat(10_000)}a`],
  ] as const)('%s', async ([, text]) => {
    // A mark of two becomes two.
    for (const form of [composed(text), comparable(text), wordsOf(text).join(' ')])
      expect(longestRow(form)).toBeLessThanOrEqual(60);
    for (const schema of [written, writtenLine, writtenLabel])
      expect(await refusal(schema, text)).toBe('a must have at most 30 accents or other marks on a letter.');
  });

  test.for([
    ['Vietnamese', 'Tiếng Việt', 'Tiếng Việt'.normalize('NFD')],
    ['Hebrew with points and accents', 'בְּרֵאשִׁ֖ית', 'בְּרֵאשִׁ֖ית'],
    ['Tibetan', 'ཧཱུྃ', 'ཧཱུྃ'],
    ['as many as there may be', `a${'\u0315'.repeat(30)}`, `a${'\u0315'.repeat(30)}`],
  ] as const)('but what people write is kept: %s', async ([, kept, typed]) => {
    expect(composed(typed)).toBe(kept.normalize());
    expect(await refusal(written, typed)).toBeUndefined();
  });
});

describe('a title, a name or a label is one line', () => {
  test.for([
    'a\u0000b',
    'a\u001b[31mb',
    'a\nb',
    'a\tb',
    'a\r\nb',
    'a\u0085b',
    'a\u2028b',
    'a\u2029b',
    'a\u007fb',
    'a\u009bb',
    'a\u202eb',
    'a\u202db',
  ])('%j is refused', async (text) => {
    for (const schema of [writtenLine, writtenLabel])
      expect(await refusal(schema, text)).toBe('a must be one line without control characters.');
    expect(await refusal(written, text)).toBeUndefined();
  });

  test.for(['\u200b', '\u3164', '\u2800 \u115f', '\u2060\ufe0f', '\u0301', '\u180e'])(
    '%j has nothing to see',
    async (text) => {
      expect(await refusal(writtenLine, text)).toBe('a must have something in it that can be seen.');
      expect(await refusal(writtenLine, `${text}!`)).toBeUndefined();
    },
  );

  test.for(['Buy milk\n', '\t Buy milk \r\n'])('%j is, for its edges are none of it', async (text) => {
    expect(await readArguments(z.strictObject({ a: writtenLine }), { a: text })).toMatchObject({
      input: { a: 'Buy milk' },
    });
  });
});

describe('a text in lower case has each letter where it was', () => {
  test.for([
    ['İstanbul', 'İstanbul'],
    ['ΟΔΟΣ ὁδός', 'οδοσ ὁδόσ'],
    ['😀 ẞ Ærø', '😀 ß ærø'],
  ] as const)('%s', ([text, expected]) => {
    expect(inLowerCase(text)).toBe(expected);
    expect(inLowerCase(text)).toHaveLength(text.length);
  });
});

test('a choice is read from a text of any length and any marks', async () => {
  const schema = z.enum(['low', 'high']);
  expect(await refusal(schema, `low${unsorted.repeat(10_000)}`)).toContain('must be one of');
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText } from '#tools/everyday/plain-text.ts';

describe('a text from elsewhere', () => {
  test.for<[string, string]>([
    ['plain', 'plain'],
    ['<span class="searchmatch">Earth</span> is the <b>third</b> planet', 'Earth is the third planet'],
    ['Fish &amp; chips &#39;n&#x27; peas &quot;to go&quot;&nbsp;&hellip;', `Fish & chips 'n' peas "to go" &hellip;`],
    ['two\n\n lines\tand\u0000 more ', 'two lines and more'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', 'alert(1)'],
    ['<<b>script>alert(1)<</b>/script>', 'alert(1)'],
    ['a <!-- hidden --> b', 'a b'],
    ['ends in <img src="x"', 'ends in < img src="x"'],
    ['&#60;b', '< b'],
    ['right\u202eleft\u2066 and \u{e0049}\u{e0067}unseen', 'rightleft and unseen'],
    ['half &#xd83d; and none &#99999999; &#x110000;', 'half \ufffd and none &#99999999; &#x110000;'],
    ['می‌خواهم 👩‍🚀', 'می‌خواهم 👩‍🚀'],
    ['', ''],
  ])('%j becomes %j', ([html, text]) => {
    expect(plainText(html, 100)).toBe(text);
  });

  test('is cut off between characters', () => {
    expect(plainText('😀'.repeat(10), 10)).toBe('😀'.repeat(10));
    expect(plainText('😀'.repeat(11), 10)).toBe(`${'😀'.repeat(9)}…`);
  });

  test('of any kind is short, on one line, and begins no tag', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '&lt;',
      '&#60;',
      '&#x3c;',
      '&amp;',
      'b',
      '/',
      '!',
      '--',
      ' ',
      '\n',
      '\u0007',
      '"',
      '\ud800',
    );
    const html = fc.oneof(
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    void fc.assert(
      fc.property(html, (given) => {
        const text = plainText(given, 40);
        expect(text).not.toMatch(/<[a-z/!?]|[\p{Cc}]/iu);
        expect([...text].length).toBeLessThanOrEqual(40);
        expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import { codeHash, longestTyped, newOneTimeCode, readCode, shownCode } from '#core/oauth/one-time-code.ts';

describe('a code as it is typed', () => {
  test.for([
    ['as it was mailed', 'ABCD-EFGH'],
    ['in small letters', 'abcd-efgh'],
    ['without the hyphen', 'AbcdEfgh'],
    ['with a space for the hyphen', ' abcd efgh '],
    ['with an en dash', 'ABCD–EFGH'],
    ['with an em dash', 'ABCD—EFGH'],
    ['with a minus', 'ABCD−EFGH'],
    ['with a hyphen that does not break', 'ABCD\u2011EFGH'],
    ['with the long vowel of a Japanese keyboard', 'ABCDーEFGH'],
    ['with spaces around the hyphen', 'ABCD - EFGH'],
    ['with a dot', 'ABCD.EFGH'],
    ['with a line break', 'ABCD\nEFGH'],
    ['in wide letters', 'ＡＢＣＤ－ＥＦＧＨ'],
    ['in small wide letters', 'ａｂｃｄ　ｅｆｇｈ'],
    ['in bold letters of mathematics', '𝐀𝐁𝐂𝐃-𝐄𝐅𝐆𝐇'],
    ['with spaces that do not break', '\u00a0ABCD\u00a0EFGH\u202f'],
    ['with what has no width', 'AB\u200bCD-\u2060EF\ufeffGH\u00ad'],
    ['with what has no width, among words', 'Code: AB\u200bCD-E\u00adFGH'],
    ['with marks of direction around it', '\u202aABCD-EFGH\u202c\u200e'],
    ['letter by letter', 'A B C D E F G H'],
    ['letter by letter with hyphens', 'A-B-C-D-E-F-G-H'],
    ['in other groups', 'AB CDE FGH'],
    ['with a word before it', 'Code: ABCD-EFGH.'],
    ['with a word of four letters before it', 'Type ABCD-EFGH'],
    ['with a word of eight letters before it', 'standard ABCD-EFGH'],
    ['in quotes', '“ABCD-EFGH”'],
    ['in brackets', '[ABCD EFGH]'],
    ['in a sentence', 'Your code for Vestibule is ABCDEFGH, thanks'],
    ['as the subject of the mail', 'ABCD-EFGH is your Vestibule code'],
    ['in a sentence of another script', 'コードはABCDEFGHです'],
    ['twice', 'ABCD-EFGH ABCD-EFGH'],
  ] as const)('is read %s', ([, typed]) => {
    expect(readCode(typed)).toBe('ABCDEFGH');
  });

  test.for([
    ['Arabic', '٢٣٤٥-٦٧٨٩'],
    ['double-struck', '𝟚𝟛𝟜𝟝-𝟞𝟟𝟠𝟡'],
    ['Persian', '۲۳۴۵۶۷۸۹'],
    ['Devanagari', '२३४५६७८९'],
    ['wide', '２３４５６７８９'],
  ] as const)('is read in %s digits', ([, typed]) => {
    expect(readCode(typed)).toBe('23456789');
  });

  test.for([
    ['from a Russian keyboard', 'АВСЕ-НКМР', 'ABCEHKMP'],
    ['from a Greek keyboard', 'ΑΒΕΖ-ΗΚΜΝ', 'ABEZHKMN'],
    ['with a U for the V', 'ABCU-EFGH', 'ABCVEFGH'],
  ] as const)('is read with letters that are drawn alike, %s', ([, typed, code]) => {
    expect(readCode(typed)).toBe(code);
  });

  test.for([
    ['nothing', ''],
    ['spaces', ' \u3000'],
    ['a hyphen', '-'],
    ['too few', 'ABCD-EFG'],
    ['too many', 'ABCD-EFGHJ'],
    ['an O among them', 'ABCO-EFGH'],
    ['a zero among them', 'ABC0-EFGH'],
    ['a one among them', 'ABC1-EFGH'],
    ['an I among them', 'ABCI-EFGH'],
    ['an L among them', 'ABCL-EFGH'],
    ['a zero too many', 'ABCD0EFGH'],
    ['a letter with a mark', 'ÁBCD-EFGH'],
    ['two codes', 'ABCD-EFGH or JKMN-PQRS'],
    ['three halves', 'ABCD-EFGH-JKMN'],
    ['three groups of four, of which two could be it', 'Type ABCD EFGH'],
    ['words', 'hello there'],
    ['markup', '<script>alert(1)</script>'],
    ['a letter that is two in capitals', 'ßßßß-ßßßß'],
    ['letters of another script', 'コードはありません'],
    ['more than anybody types', `${' '.repeat(longestTyped)}ABCD-EFGH`],
    ['letters that become many', '\ufdfa'.repeat(longestTyped)],
  ] as const)('is none with %s', ([, typed]) => {
    expect(readCode(typed)).toBeUndefined();
  });

  test('is read from all that we mail', () => {
    for (const code of Array.from({ length: 200 }, newOneTimeCode)) {
      expect(readCode(shownCode(code))).toBe(code);
      expect(readCode(code.toLowerCase())).toBe(code);
    }
  });
});

describe('what is stored of a code', () => {
  test('needs the browser’s secret', () => {
    expect(codeHash('ABCDEFGH', 'one')).not.toBe(codeHash('ABCDEFGH', 'other'));
    expect(codeHash('ABCDEFGH', 'one')).not.toBe(codeHash('ABCDEFGJ', 'one'));
    expect(codeHash('ABCDEFGH', 'one')).not.toContain('ABCD');
  });
});

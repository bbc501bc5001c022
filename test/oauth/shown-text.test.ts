import { describe, expect, test } from 'vitest';
import { shownName, webAddress } from '#core/oauth/shown-text.ts';

describe('a name that a client gives itself', () => {
  test.for([
    ['Latin letters', 'Clever Client 2'],
    ['marks and signs', 'Écrire & Lire – «tout» (v2.0)'],
    ['other scripts', '書く도우미Помощник'],
    ['a space of another script', '日本\u3000語'],
    ['Persian, with the letter that parts', 'نمی\u200cخواهم'],
    ['Persian, where it ends a word', 'خانه\u200c ها'],
    ['Hindi, with the letter that joins', 'क\u094d\u200dष'],
    ['Hindi, with the letter that parts', 'क\u094d\u200cष'],
    ['Sinhala', 'ශ\u0dca\u200dර\u0dd3 ලංකා'],
    ['Malayalam, where it ends the name', 'ന\u0d4d\u200d'],
    ['a family of emoji', '👨\u200d👩\u200d👧 Family'],
    ['an emoji in its style', '❤\ufe0f Hearts'],
    ['an emoji joined in its style', '❤\ufe0f\u200d🔥'],
    ['an emoji with a skin', '👍🏽'],
    ['a keycap', '1\ufe0f\u20e3 First'],
    ['a flag', '🇯🇵'],
    ['a letter with three marks of its own', 'Viê\u0323\u0301\u0330t'],
    ['a flag by tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ['a character in one of its forms', '葛\u{e0100}城'],
    ['as much as there is room for', 'x'.repeat(200)],
  ] as const)('may hold %s', ([, name]) => {
    expect(shownName(name)).toBe(name);
  });

  test('loses the spaces around it', () => {
    expect(shownName(' \u00a0Claude\n')).toBe('Claude');
  });

  test.for([
    ['a space without width', 'Cla\u200bude'],
    ['a joiner between Latin letters', 'Cla\u200dude'],
    ['a parting letter between Latin letters', 'Cla\u200cude'],
    ['a joiner between Cyrillic letters', 'Кло\u200dд'],
    ['a joiner at the beginning', '\u200dClaude'],
    ['two joiners in a row', 'क\u200c\u200cष'],
    ['a joiner after an emoji and before a letter', '👨\u200dClaude'],
    ['a style after a letter', 'Claude\ufe0f'],
    ['a form after a Latin letter', 'C\u{e0100}laude'],
    ['tags after a letter', 'Claude\u{e0067}\u{e007f}'],
    ['a soft hyphen', 'Cla\u00adude'],
    ['a word joiner', 'Cla\u2060ude'],
    ['a byte order mark', 'Cla\ufeffude'],
    ['a combining joiner', 'Cla\u034fude'],
    ['a Korean filler', 'Claude\u3164'],
    ['an empty braille pattern', 'Claude\u2800'],
    ['text turned around', 'Clau\u202ede'],
    ['text turned around within', 'Clau\u2067de'],
    ['a mark of direction', 'Claude\u200e'],
    ['a line break', 'Claude\nverified'],
    ['a line separator', 'Claude\u2028verified'],
    ['a zero byte', 'Claude\u0000'],
    ['a private letter', 'Claude\ue000'],
    ['half a letter', 'Claude\ud800'],
    ['what was no text', 'Claude\ufffd'],
    ['a tower of marks', `Z${'\u0300'.repeat(7)}algo`],
    ['small towers of marks', `Z\u0300\u0301\u0323\u0330a\u20d0\u1dc4\ufe20\u1ab0`],
    ['a null notehead, which is blank', 'Claude\u{1d159}'],
    ['a gap', 'Claude\u00a0\u00a0\u3000verified'],
    ['marks alone', '\u0301\u0302'],
    ['nothing', ''],
    ['spaces alone', ' \u00a0\u3000 '],
    ['more than there is room for', 'x'.repeat(201)],
    ['very much', '👍\u200d'.repeat(30_000)],
    ['a number', 7],
    ['a list', ['Claude']],
    ['null', null],
  ] as [string, unknown][])('may not hold %s', ([, name]) => {
    expect(shownName(name)).toBeUndefined();
  });
});

describe('the address of a page', () => {
  test.for([
    'https://client.example/',
    'http://client.example:8080/a?b=c#d',
    'HTTPS://CLIENT.example',
    'https://例え.jp/ü',
  ])('may be %s', (address) => {
    expect(webAddress(address)).toBe(address);
  });

  test.for([
    ...['', 'nonsense', '//a.example', 'https://', 'javascript:alert(1)', 'java\tscript:alert(1)', 'data:text/html,x'],
    ...['ftp://a.example/', 'https://a.example/ b', 'https://a.example/\u202eb', 'https://a.example/\ud800'],
    ...[`https://a.example/${'x'.repeat(2_000)}`, 7, null, ['https://a.example/']],
  ] as unknown[])('may not be %j', (address) => {
    expect(webAddress(address)).toBeUndefined();
  });
});

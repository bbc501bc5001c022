import { describe, expect, test } from 'vitest';
import { canonicalAddress, canonicalDomain, isForwarding } from '#core/mail/email-address.ts';
import { processorTime } from '../support/processor-time.ts';

describe('the canonical form of an address', () => {
  test.for([
    ['someone@example.com', 'someone@example.com'],
    [' Some.One+tag@Example.COM ', 'some.one+tag@example.com'],
    ['someone@bücher.example', 'someone@xn--bcher-kva.example'],
    ['someone@BÜCHER.example', 'someone@xn--bcher-kva.example'],
    ['ｓｏｍｅｏｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'someone@example.com'],
    ['Ｓｏｍｅ．Ｏｎｅ＋ｔａｇ@example.com', 'some.one+tag@example.com'],
    ['someone＠example。com', 'someone@example.com'],
    ['someone@ｍｙ－example.com', 'someone@my-example.com'],
    ['\u3000someone@example.com\u00a0', 'someone@example.com'],
    ['\ufeffsomeone@example.com\u200b', 'someone@example.com'],
    ['\u202asomeone@example.com\u202c', 'someone@example.com'],
    ['someone@example.com.', 'someone@example.com'],
    ['someone@example.com,', 'someone@example.com'],
    ['<someone@example.com>', 'someone@example.com'],
    ['Some One <Someone@example.com>', 'someone@example.com'],
    ['"someone@example.com"', 'someone@example.com'],
    ['mailto:someone@example.com', 'someone@example.com'],
    ['<MAILTO:someone@example.com>;', 'someone@example.com'],
    ["o'hara@example.com", "o'hara@example.com"],
    ['a_b+c-d=e~f&g#h$i*j/k?l^m`n{o|p}@example.com', 'a_b+c-d=e~f&g#h$i*j/k?l^m`n{o|p}@example.com'],
  ] as const)('of %s is %s', ([typed, canonical]) => {
    expect(canonicalAddress(typed)).toBe(canonical);
  });

  test.for([
    ['a letter that becomes ASCII in lower case', '\u212aate@example.com'],
    ['a letter that looks like ASCII', 'аdmin@example.com'],
    ['a wide letter', 'ａdmin@example.com'],
    ['a dotted capital', 'İ@example.com'],
    ['no domain', 'someone'],
    ['no dot in the domain', 'someone@localhost'],
    ['wide letters among others', 'ｓomeone@example.com'],
    ['a letter of mathematics', '𝐬𝐨𝐦𝐞𝐨𝐧𝐞@example.com'],
    ['text turned around', '\u202esomeone@example.com'],
    ['what is not seen within', 'some\u200bone@example.com'],
    ['an address for a name', 'other@example.com <someone@example.com>'],
    ['a list', 'someone@example.com, other@example.com'],
    ['a list of names', 'One <someone@example.com>, Two <other@example.com>'],
    ['two signs, one of them wide', 'some@one＠example.com'],
    ['a subject after it', 'mailto:someone@example.com?subject=x'],
    ['a line break in the name', 'Some\nOne <someone@example.com>'],
    ['a dot at the end of what is before the sign', 'someone.@example.com'],
    ['an encoded word, RFC 2047 §2', '=?utf-8?q?someone?=@example.com'],
    ['an encoded word within', 'some.=?utf-8?q?one?=@example.com'],
    ['a way on to another host', 'someone%other.example@example.com'],
    ['a way over other hosts', 'other.example!someone@example.com'],
    ['far too much around it', `${' '.repeat(500)}someone@example.com`],
    ['two dots', 'some..one@example.com'],
    ['two signs', 'some@one@example.com'],
    ['a quoted part', '"some one"@example.com'],
    ['an address literal', 'someone@[127.0.0.1]'],
    ['a number for a domain', 'someone@127.0.0.1'],
    ['an escape in the domain', 'someone@exa%6dple.com'],
    ['a path after the domain', 'someone@example.com/path'],
    ['a line break', 'someone@example.com\nBcc: other@example.com'],
    ['more than a mail server takes', `${'a'.repeat(65)}@example.com`],
  ])('does not exist with %s', ([, typed]) => {
    expect(canonicalAddress(typed ?? '')).toBeUndefined();
  });
});

describe('the canonical form of a domain', () => {
  test.for([
    ['Example.COM', 'example.com'],
    ['Bücher.example', 'xn--bcher-kva.example'],
  ] as const)('of %s is %s', ([typed, canonical]) => {
    expect(canonicalDomain(typed)).toBe(canonical);
  });

  test.for(['', 'example', 'example.com.', '@example.com', 'exa%6dple.com', 'example.com/path', '127.0.0.1'])(
    'does not exist for %o',
    (typed) => {
      expect(canonicalDomain(typed)).toBeUndefined();
    },
  );
});

describe('an address that leads on to another', () => {
  test.for(['a%b@example.com', 'host!user@example.com', '=?utf-8?q?a?=@example.com', 'a@b%c@example.com'])(
    'is %s',
    (typed) => {
      expect(isForwarding(typed)).toBe(true);
    },
  );

  test.for(['', '%', 'a@example.com', 'a@example.com%', 'a@exa!mple'])('is not %o', (typed) => {
    expect(isForwarding(typed)).toBe(false);
  });

  test('is told soon, however long it is', () => {
    expect(processorTime(() => isForwarding('!'.repeat(60_000)))).toBeLessThan(200);
  });
});

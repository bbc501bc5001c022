import { describe, expect, test } from 'vitest';
import { canonicalAddress, canonicalDomain } from '#core/mail/email-address.ts';

describe('the canonical form of an address', () => {
  test.for([
    ['someone@example.com', 'someone@example.com'],
    [' Some.One+tag@Example.COM ', 'some.one+tag@example.com'],
    ['someone@bücher.example', 'someone@xn--bcher-kva.example'],
    ['someone@BÜCHER.example', 'someone@xn--bcher-kva.example'],
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
    ['a dot at the end', 'someone@example.com.'],
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

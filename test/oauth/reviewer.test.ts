import { describe, expect, test } from 'vitest';
import {
  isPassword,
  isPasswordOf,
  newPassword,
  readPassword,
  shownPassword,
  storedPassword,
} from '../../core/oauth/reviewer.ts';

const password = 'ABCDEFGHJKMNPQRSTVWXYZ23';

describe('a password for reviewers', () => {
  test('is new each time, and reads as it is shown', () => {
    const made = Array.from({ length: 50 }, newPassword);
    expect(new Set(made).size).toBe(50);
    for (const one of made) expect([readPassword(shownPassword(one)), isPassword(one)]).toEqual([one, true]);
  });

  test.for<[typed: string, read: string | undefined]>([
    ['ABCD-EFGH-JKMN-PQRS-TVWX-YZ23', password],
    ['abcd efgh jkmn pqrs tvwx yz23', password],
    ['  ABCDEFGHJKMNPQRSTVWXYZ23\n', password],
    ['ＡＢＣＤ—ＥＦＧＨ—ＪＫＭＮ—ＰＱＲＳ—ＴＶＷＸ—ＹＺ２３', password],
    ['ABCD-EFGH', undefined],
    ['ABCD-EFGH-JKMN-PQRS-TVWX-YZ2', undefined],
    ['ABCD-EFGH-JKMN-PQRS-TVWX-YZ234', undefined],
    ['ABCD-EFGH-JKMN-PQRS-TVWX-YZ20', undefined],
    ['', undefined],
    [`${'-'.repeat(300)}ABCDEFGHJKMNPQRSTVWXYZ23`, undefined],
  ])('typed as %s is read as %s', ([typed, read]) => {
    expect(readPassword(typed)).toBe(read);
  });

  const reviewer = { tenant: 'acme', expiresAt: 100, ...storedPassword(password) };
  test.for<[what: string, known: Parameters<typeof isPasswordOf>[0], typed: string, now: number, isRight: boolean]>([
    ['the password', { tenant: 'acme', reviewer }, password, 99, true],
    ['it in the second of its end', { tenant: 'acme', reviewer }, password, 100, false],
    ['another', { tenant: 'acme', reviewer }, 'A'.repeat(24), 99, false],
    ['it in another tenant', { tenant: 'other', reviewer }, password, 99, false],
    ['it where the address leads to no tenant', { reviewer }, password, 99, false],
    ['it where nobody is a reviewer', { tenant: 'acme' }, password, 99, false],
    ['it where nothing is known', undefined, password, 99, false],
  ])('signs in with %s as it should', ([, known, typed, now, isRight]) => {
    expect(isPasswordOf(known, typed, now)).toBe(isRight);
  });

  test('is not in what is stored', () => {
    expect(JSON.stringify(storedPassword(password))).not.toContain(password);
    expect(storedPassword(password)).not.toEqual(storedPassword(password));
  });
});

import { randomInt } from 'node:crypto';
import { hmac, isSame } from '#core/oauth/digest.ts';

/** Letters and digits that nobody takes for one another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const LENGTH = 8;

/** A new one-time code: eight characters, about 39 bits. */
export function newOneTimeCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** A code as people read it: XXXX-XXXX. */
export function shown(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** What is stored of a code. Without the browser's secret the table cannot be searched for it. */
export function codeHash(code: string, browserSecret: string): string {
  return hmac(browserSecret, `code ${code}`);
}

/** Says whether this is the code, however it is typed: in small letters, with the hyphen or with spaces. */
export function isCode(typed: string, browserSecret: string, hash: string): boolean {
  return isSame(codeHash(typed.toUpperCase().replaceAll(/[\s-]/g, ''), browserSecret), hash);
}

import { randomBytes, scryptSync } from 'node:crypto';
import { isSame } from './digest.ts';
import { codeLength, newOneTimeCode, readCharacters } from './one-time-code.ts';

/** How many codes a password is as long as: about 117 bits, which no number of tries finds. */
const CODES = 3;

/** A password by which somebody who tries the server out for a directory signs in, until it expires. */
export type Reviewer = {
  /** The tenant that it was made for. It signs in to no other. */
  readonly tenant: string;
  readonly salt: string;
  readonly hash: string;
  readonly expiresAt: number;
};

/** A new password, of the same characters as codes. */
export function newPassword(): string {
  return Array.from({ length: CODES }, newOneTimeCode).join('');
}

/** A password as people read it, in groups of four. */
export function shownPassword(password: string): string {
  return password.replaceAll(/(....)(?=.)/g, '$1-');
}

/** The password that somebody typed or pasted. Undefined for anything that is not as long as one. */
export function readPassword(typed: string): string | undefined {
  return readCharacters(typed, CODES);
}

/** True if what was read is a password and no code. */
export function isPassword({ length }: string): boolean {
  return length > codeLength;
}

/** What is stored of a password. RFC 7914. */
export function storedPassword(password: string): Pick<Reviewer, 'salt' | 'hash'> {
  const salt = randomBytes(16).toString('base64url');
  return { salt, hash: hashOf(password, salt) };
}

/** What an address says of its reviewer, and the tenant that it leads to. */
type Address = { readonly tenant?: string; readonly reviewer?: Reviewer };

/**
 * True if a password signs in with an address now, to the tenant that it was made for. It takes as long where there is no
 * reviewer, so that the time does not tell.
 */
export function isPasswordOf({ tenant, reviewer }: Address = {}, password: string, now: number): boolean {
  const isRight = isSame(hashOf(password, reviewer?.salt ?? ''), reviewer?.hash ?? '');
  return isRight && reviewer?.tenant === tenant && Number(reviewer?.expiresAt) > now;
}

function hashOf(password: string, salt: string): string {
  return scryptSync(password, salt, 32).toString('base64url');
}

import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 22;
const SHORT_LENGTH = 22;

/** SHA-256 in base64url: how every bearer secret is stored. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** SHA-256 in base64, as a content security policy wants it. CSP Level 3 §2.3.1. */
export function sha256Base64(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** HMAC-SHA-256 in base64url. RFC 2104. */
export function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** The first 132 bits of that in 22 characters: for what is sent often and stored where room is scarce. RFC 2104 §5. */
export function shortHmac(key: string, text: string): string {
  return hmac(key, text).slice(0, SHORT_LENGTH);
}

/** An id that nobody guesses: 131 random bits in 22 letters and digits, which need no escape anywhere. */
export function newId(): string {
  const characters = Array.from({ length: ID_LENGTH }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]);
  return characters.join('');
}

/** 128 random bits in 22 characters of base64url: a secret as short as one may be. RFC 6749 §10.10. */
export function shortSecret(): string {
  return randomBytes(16).toString('base64url');
}

/** 256 random bits in base64url: a secret that nobody guesses. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares two texts in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

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

/** 256 random bits in base64url: a secret that nobody guesses. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares two texts in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

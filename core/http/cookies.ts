import { issuer } from '#core/issuer.ts';

/** Browsers take the prefix only over https, and then hold the cookie to this very host. RFC 6265bis §4.1.3. */
const isSecure = issuer.startsWith('https:');
const prefix = isSecure ? '__Host-' : '';
const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;

/** The full name of one of our cookies. */
export function cookieName(name: string): string {
  return `${prefix}${name}`;
}

/** Sets a cookie for this host that no script reads. */
export function setCookie(name: string, value: string, maxAgeSeconds: number): string {
  return `${cookieName(name)}=${value}; Max-Age=${maxAgeSeconds}; ${attributes}`;
}

/** Takes a cookie back. */
export function clearCookie(name: string): string {
  return setCookie(name, '', 0);
}

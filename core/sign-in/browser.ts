import { decodeTime } from 'ulid';
import { clearCookie, cookieName, setCookie } from '#core/http/cookies.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import { issuer } from '#core/issuer.ts';
import { hmac, isSame, sha256 } from '#core/oauth/digest.ts';
import { mostWindows, signInSeconds } from '#core/oauth/sign-in.ts';

const ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const COOKIE_NAME = new RegExp(`^${cookieName('signin-')}(.+)$`);

/** The sign-in that a browser is in the middle of, and the secret that binds the two. */
export type Browser = { readonly id: string; readonly secret: string; readonly browserHash: string };

/** The cookies that bind a new sign-in to this browser. Beyond five at once, the oldest is given up. */
export function bindingCookies(request: Request, id: string, secret: string): readonly string[] {
  const open = openIn(request);
  const givenUp = open.slice(0, Math.max(0, open.length + 1 - mostWindows));
  return [...givenUp.map((old) => clearCookie(`signin-${old}`)), setCookie(`signin-${id}`, secret, signInSeconds)];
}

/** The sign-ins that a browser is in the middle of, the oldest first. */
export function openIn({ cookies }: Request): readonly string[] {
  const ids = [...cookies.keys()].flatMap((name) => COOKIE_NAME.exec(name)?.[1] ?? []);
  return ids.filter(isSignInId).sort();
}

/** True if a text may be the id of a sign-in. */
export function isSignInId(text: string): boolean {
  return ID.test(text);
}

/** When the sign-in of this id began. */
export function begunAtOf(id: string): number {
  return Math.floor(decodeTime(id) / 1_000);
}

/** What a form carries to prove that it is one of our pages in this browser. */
export function formToken(secret: string): string {
  return hmac(secret, 'form');
}

/** What is stored of it. */
export function formHash(secret: string): string {
  return sha256(formToken(secret));
}

/**
 * The browser that posted a form, if it shows the secret of the sign-in that the form is of. Throws when the form comes
 * from another site.
 */
export function postingBrowser(request: Request, form: URLSearchParams): Browser | undefined {
  requireOwnSite(request);
  const browser = visitingBrowser(request, form.get('transaction') ?? '');
  return browser && isSame(formToken(browser.secret), form.get('form_token') ?? '') ? browser : undefined;
}

/** The browser that visits a page of a sign-in, if it shows the secret of that. It may have been sent by another site. */
export function visitingBrowser({ cookies }: Request, id: string): Browser | undefined {
  const secret = isSignInId(id) ? cookies.get(cookieName(`signin-${id}`)) : undefined;
  return secret ? { id, secret, browserHash: sha256(secret) } : undefined;
}

/** Throws when a form was sent from another site. */
export function requireOwnSite({ headers }: Request): void {
  if (headers.origin === issuer || headers['sec-fetch-site'] === 'same-origin') return;
  throw new Refusal('access_denied', 'foreign', { status: 403 });
}

/** The refusal of a person who may not go on here. */
export function gone({ language }: Spoken): Refusal {
  return new Refusal('invalid_request', 'gone', { language });
}

/** The refusal of a person who has done something too often. RFC 6585 §4. */
export function tooOften(retryAfterSeconds: number, { language }: Spoken): Refusal {
  return new Refusal('temporarily_unavailable', 'tooMany', { status: 429, retryAfterSeconds, language });
}

/** A sign-in, for the language that it is in. */
type Spoken = { readonly language?: string | undefined };

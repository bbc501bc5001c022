import { clearCookie, cookieName, setCookie } from '#core/http/cookies.ts';
import type { Request } from '#core/http/request.ts';
import { issuer } from '#core/issuer.ts';
import { hmac, isSame, sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';

const COOKIE_SECONDS = 15 * 60;
const MOST_AT_ONCE = 5;
const COOKIE_NAME = new RegExp(`^${cookieName('signin-')}([0-9A-Z]{26})$`);

/** The sign-in that a browser is in the middle of, and the secret that binds the two. */
export type Browser = { readonly id: string; readonly secret: string; readonly browserHash: string };

/** The cookies that bind a new sign-in to this browser. Beyond five at once, the oldest is given up. */
export function bindingCookies(request: Request, id: string, secret: string): readonly string[] {
  const open = [...request.cookies.keys()].flatMap((name) => COOKIE_NAME.exec(name)?.[1] ?? []).sort();
  const givenUp = open.slice(0, Math.max(0, open.length + 1 - MOST_AT_ONCE));
  return [...givenUp.map((old) => clearCookie(`signin-${old}`)), setCookie(`signin-${id}`, secret, COOKIE_SECONDS)];
}

/** What a form carries to prove that it is one of our pages in this browser. */
export function formToken(secret: string): string {
  return hmac(secret, 'form');
}

/**
 * The browser that posted a form. Throws when the form comes from another site, or from another browser than the one
 * that began the sign-in.
 */
export function postingBrowser({ headers, cookies }: Request, form: URLSearchParams): Browser {
  if (headers.origin !== issuer && headers['sec-fetch-site'] !== 'same-origin') {
    throw new OAuthError('access_denied', 'This form was sent from another site.', 403);
  }
  const id = form.get('transaction') ?? '';
  const name = cookieName(`signin-${id}`);
  const secret = COOKIE_NAME.test(name) ? cookies.get(name) : undefined;
  if (!secret || !isSame(formToken(secret), form.get('form_token') ?? '')) throw gone();
  return { id, secret, browserHash: sha256(secret) };
}

/** The refusal of a sign-in that is over, or that this browser has no part in. */
export function gone(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'This sign-in has ended, or was begun in another browser. Go back to your application and connect again.',
  );
}

import { cookieName, setCookie } from '#core/http/cookies.ts';
import type { Request } from '#core/http/request.ts';
import { sha256, shortHmac } from '#core/oauth/digest.ts';
import { browserSeconds } from '#core/store/browsers.ts';
import type { Browser } from './browser.ts';

const NAME = 'browser';

/**
 * What tells a browser that has been here from one that has not: a cookie that outlives sessions and sign-outs, and
 * opens nothing. A new one follows from the window's secret, so that a form which was sent twice gives one.
 */
export function seenBrowserOf(
  { cookies }: Request,
  { secret }: Browser,
): { readonly hash: string; readonly cookie: string } {
  const shown = cookies.get(cookieName(NAME));
  const value = shown && /^[\w-]{22}$/.test(shown) ? shown : shortHmac(secret, 'browser');
  return { hash: sha256(value), cookie: setCookie(NAME, value, browserSeconds) };
}

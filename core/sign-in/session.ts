import { clearCookie, cookieName, setCookie } from '#core/http/cookies.ts';
import type { Request } from '#core/http/request.ts';
import { hmac, sha256 } from '#core/oauth/digest.ts';
import { continuedSession, endedSession, type Session, sessionLookup, sessionSeconds } from '#core/store/sessions.ts';
import type { Lookup, Write } from '#core/store/table.ts';
import type { Browser } from './browser.ts';

const NAME = 'session';

/** The session that a browser shows, by its hash. A browser without one gets a hash that finds nothing. */
export function sessionHash({ cookies }: Request): string {
  return sha256(cookies.get(cookieName(NAME)) || '-');
}

/** Where the session of a browser is. */
export function shownSession(request: Request): Lookup<Session> {
  return sessionLookup(sessionHash(request));
}

/** The secret of the session that a browser shows. Empty when it shows none. */
export function sessionSecret({ cookies }: Request): string {
  return cookies.get(cookieName(NAME)) ?? '';
}

/** What a form carries to prove that it is one of our pages in a browser with this session. */
export function sessionFormToken(secret: string): string {
  return hmac(secret, 'form');
}

/**
 * A session of a new name: an old cookie that somebody planted does not work any longer. It follows from the browser's secret
 * and the sign-in's salt, so that a form which was sent twice gives one session, and neither of the two alone gives any.
 */
export function newSessionCookie(
  { secret }: Browser,
  salt: string,
): { readonly hash: string; readonly cookie: string } {
  const value = hmac(secret, `session ${salt}`);
  return { hash: sha256(value), cookie: setCookie(NAME, value, sessionSeconds) };
}

/** The visit that a session in this browser is of. */
export function visitOf({ visit }: Session, request: Request): string {
  return visit ?? sessionHash(request);
}

/** Ends the session that a browser shows, if it shows one, as a part of the next sign-in, which may go on with its visit. */
export function endOfShown(request: Request, shown: Session | undefined, goesOn: boolean): Write[] {
  if (!request.cookies.has(cookieName(NAME))) return [];
  const [hash, subject] = [sessionHash(request), shown?.principal.subject];
  return goesOn && subject !== undefined ? continuedSession(hash, subject) : endedSession(hash, subject);
}

/** Takes the session's cookie back. */
export function clearedSession(): string {
  return clearCookie(NAME);
}

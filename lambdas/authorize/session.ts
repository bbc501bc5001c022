import { clearCookie, cookieName, setCookie } from '#core/http/cookies.ts';
import type { Request } from '#core/http/request.ts';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import { replacedSession, type Session, sessionLookup, sessionSeconds } from '#core/store/sessions.ts';
import type { Lookup, Write } from '#core/store/table.ts';

const NAME = 'session';

/** The session that a browser shows, by its hash. A browser without one gets a hash that finds nothing. */
export function sessionHash({ cookies }: Request): string {
  return sha256(cookies.get(cookieName(NAME)) || '-');
}

/** Where the session of a browser is. */
export function shownSession(request: Request): Lookup<Session> {
  return sessionLookup(sessionHash(request));
}

/** A session of a new name: whoever planted the old cookie does not get in with it. */
export function newSessionCookie(): { readonly hash: string; readonly cookie: string } {
  const secret = randomSecret();
  return { hash: sha256(secret), cookie: setCookie(NAME, secret, sessionSeconds) };
}

/** Ends the session that a browser shows, if it shows one, as a part of the next sign-in. */
export function endOfShown(request: Request): Write[] {
  return request.cookies.has(cookieName(NAME)) ? [replacedSession(sessionHash(request))] : [];
}

/** Takes the session's cookie back. */
export function clearedSession(): string {
  return clearCookie(NAME);
}

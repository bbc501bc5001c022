import type { Request } from '#core/http/request.ts';
import { randomSecret } from '#core/oauth/digest.ts';
import type { Browser } from './browser.ts';
import { seenBrowserOf } from './seen-browser.ts';
import { newSessionCookie } from './session.ts';
import { signedInProof } from './signed-in-proof.ts';

/** What a browser gets when somebody signs in there, and the hashes by which the table will know it. */
export function arrivalCookies(browser: Browser, request: Request) {
  const sessionSalt = randomSecret();
  const session = newSessionCookie(browser, sessionSalt);
  const seen = seenBrowserOf(request, browser);
  const proof = signedInProof(browser, sessionSalt);
  return {
    known: { sessionSalt, sessionHash: session.hash, seen: seen.hash, proofHash: proof.hash },
    cookies: [session.cookie, seen.cookie, proof.cookie],
  };
}

/** The same for a form that was sent twice. The browser is known from before by then. */
export function repeatedCookies(browser: Browser, sessionSalt: string): string[] {
  return [newSessionCookie(browser, sessionSalt).cookie, signedInProof(browser, sessionSalt).cookie];
}

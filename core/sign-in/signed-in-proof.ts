import { cookieName, setCookie } from '#core/http/cookies.ts';
import type { Request } from '#core/http/request.ts';
import { hmac, isSame, sha256 } from '#core/oauth/digest.ts';
import { signInSeconds } from '#core/oauth/sign-in.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import type { Browser } from './browser.ts';

/** What a window shows from the sign-in on, beside the cookie that it began with. */
type Proof = { readonly hash: string; readonly cookie: string };

/**
 * A secret that a window gets when somebody signs in there: somebody who planted the cookie that it began with does not know
 * this one, and so neither approves in its person's name nor works out its code. It follows from that cookie and a salt
 * in the table, so that a form which was sent twice gets the same.
 */
export function signedInProof({ id, secret }: Browser, salt: string): Proof {
  const value = hmac(secret, `signed in ${salt}`);
  return { hash: sha256(value), cookie: setCookie(nameOf(id), value, signInSeconds) };
}

/** The secret that a window shows, if it is the one that its sign-in asks for. Undefined when it is not. */
export function shownProof({ proofHash }: SignIn, { id }: Browser, { cookies }: Request): string | undefined {
  if (proofHash === undefined) return '';
  const value = cookies.get(cookieName(nameOf(id))) ?? '';
  return isSame(proofHash, sha256(value)) ? value : undefined;
}

function nameOf(id: string): string {
  return `signed-in-${id}`;
}

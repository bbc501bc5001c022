import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { randomSecret } from '#core/oauth/digest.ts';
import { isFreshEnough } from '#core/oauth/prompt.ts';
import type { Browser } from '#core/sign-in/browser.ts';
import { visitOf } from '#core/sign-in/session.ts';
import { signedInProof } from '#core/sign-in/signed-in-proof.ts';
import type { Session } from '#core/store/sessions.ts';
import { recognised, type SignIn } from '#core/store/sign-ins.ts';
import { askConsent } from './ask-consent.ts';
import { livingSession } from './living-session.ts';
import { onward } from './onward.ts';

/**
 * The consent page for a person who has signed in meanwhile, in another window of this browser. Undefined when they have
 * not, or when the client wants a sign-in that is more recent. OpenID Connect Core 1.0 §3.1.2.1.
 */
export async function goOnFromOtherWindow(
  signIn: SignIn,
  session: Session | undefined,
  browser: Browser,
  request: Request,
): Promise<Response | undefined> {
  const { now } = request;
  const { freshness, begunAt } = signIn;
  if (!session || !freshness || begunAt === undefined) return undefined;
  if (!isFreshEnough(freshness, { signedInAt: session.signedInAt, begunAt, now })) return undefined;
  const living = await livingSession(session, signIn.request.clientId, now);
  if (!living) return undefined;
  const sessionSalt = randomSecret();
  const proof = signedInProof(browser, sessionSalt);
  const language = living.language ?? signIn.language;
  const arrived = { visit: visitOf(session, request), sessionSalt, proofHash: proof.hash, language };
  const { done, item } = await recognised(browser, session, arrived);
  if (done) {
    const form = { ...browser, words: await wordsOf(item) };
    return { ...onward(item, living.offer(item.request.scopes), form), cookies: [proof.cookie] };
  }
  const isSamePerson = item?.principal?.subject === session.principal.subject;
  if (!isSamePerson || item.sessionSalt === undefined) return item?.principal && askConsent(item, browser, now);
  return { ...(await askConsent(item, browser, now)), cookies: [signedInProof(browser, item.sessionSalt).cookie] };
}

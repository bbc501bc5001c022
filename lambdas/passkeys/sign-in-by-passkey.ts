import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { hmac } from '#core/oauth/digest.ts';
import {
  judgeClientData,
  looksCloned,
  type PasskeyRefusal,
  type Site,
  signInChallenge,
  subjectOfHandle,
} from '#core/oauth/passkey.ts';
import { isSignedInBy, standingOf } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { arrivalCookies, repeatedCookies } from '#core/sign-in/arrival-cookies.ts';
import { type Browser, postingBrowser } from '#core/sign-in/browser.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { onToProvider } from '#core/sign-in/required-provider.ts';
import { shownSession } from '#core/sign-in/session.ts';
import { signIn as signInPerson } from '#core/sign-in/sign-in.ts';
import { type Passkey, passkeyHash, passkeyLookup, usedPasskey } from '#core/store/passkeys.ts';
import { type Person, personLookup } from '#core/store/people.ts';
import type { Session } from '#core/store/sessions.ts';
import { type SignIn, signInLookup } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { type Assertion, decoded, readAssertion } from './read-answer.ts';
import { recordRefusal } from './record-refusal.ts';
import { verifyAssertion } from './verify.ts';

/** A passkey's response, the window it is for, and what we know about both. */
type Shown = {
  readonly answer: Assertion;
  readonly browser: Browser;
  readonly signIn: SignIn;
  readonly session: Session | undefined;
  readonly person: Person | undefined;
  readonly passkey: Passkey | undefined;
};

/**
 * Signs a person in by a passkey. Whatever comes of it, the browser goes on to the consent endpoint with the same form:
 * there each window gets the page for how it stands.
 */
export async function signInByPasskey(request: Request, site: Site): Promise<Response> {
  const { now } = request;
  const sent = form(request);
  const browser = postingBrowser(request, sent);
  if (!browser) return goOn();
  const answer = readAssertion(parameter(sent, 'passkey'));
  if (!answer) return goOn('refused');
  const subject = subjectOfHandle(decoded(answer.response.userHandle)) ?? '-';
  const lookups = [
    signInLookup(browser.id),
    shownSession(request),
    personLookup(subject),
    passkeyLookup(subject, passkeyHash(answer.id)),
  ] as const;
  const [signIn, session, person, passkey] = await findAll(lookups, now);
  if (!signIn) return goOn();
  const standing = standingOf(signIn, browser.browserHash, now);
  if (standing === 'signed-in' || standing === 'decided') return sentTwice(signIn, answer, browser, now);
  if (standing !== 'open') return goOn();
  return signInWith({ answer, browser, signIn, session, person, passkey }, request, site);
}

async function signInWith(shown: Shown, request: Request, site: Site): Promise<Response> {
  const { answer, browser, signIn, session, person, passkey } = shown;
  const challenge = signInChallenge(browser.secret, signIn.passkeyUses ?? 0);
  const refusal = judge(shown, { site, challenge });
  if (refusal || !person || !passkey) return refuse(shown, refusal ?? 'removed', request);
  const verified = await verifyAssertion(answer, passkey, { site, challenge });
  if (typeof verified === 'string') return refuse(shown, verified, request);
  if (!maySignIn(passkey.address)) return refuse(shown, 'not-allowed', request);
  const { subject, era } = person;
  const hash = passkeyHash(passkey.id);
  const { counter } = verified;
  const remarks = looksCloned(passkey.counter, counter)
    ? [{ event: 'passkey_cloned' as const, passkey: hash, stored: passkey.counter, shown: counter }]
    : [];
  const { known, cookies } = arrivalCookies(browser, request);
  const arrival = {
    browser,
    address: passkey.address,
    codeHash: hashOf(answer, browser),
    passkey: {
      subject,
      hash,
      usesBefore: signIn.passkeyUses ?? 0,
      use: usedPasskey(subject, passkey, verified, request.now),
      remarks,
    },
    expected: { tenant: person.tenant, era },
    shown: session,
    ...known,
    language: person.language ?? signIn.language,
    clientId: signIn.request.clientId,
  };
  const signedIn = await signInPerson(arrival, request);
  if ('mustUse' in signedIn) return onToProvider(signedIn.mustUse);
  if ('other' in signedIn) return sentTwice(signedIn.other, answer, browser, request.now);
  return { ...goOn(), cookies };
}

/** Checks everything but the signature: the window, whose passkey it is, and that it is still valid. */
function judge(
  { answer, person, passkey }: Shown,
  { site, challenge }: { readonly site: Site; readonly challenge: string },
): PasskeyRefusal | undefined {
  const { clientDataJSON, userHandle } = answer.response;
  const refusal = judgeClientData(decoded(clientDataJSON), { ...site, type: 'webauthn.get', challenge });
  if (refusal) return refusal;
  if (!person || !passkey || passkey.handle !== person.passkeyHandle) return 'removed';
  if (decoded(userHandle) !== passkey.handle) return 'handle';
  return person.disabledAt === undefined ? undefined : 'disabled';
}

async function refuse(shown: Shown, refusal: PasskeyRefusal, request: Request): Promise<Response> {
  const { answer, person, passkey } = shown;
  const handle = decoded(answer.response.userHandle);
  const isTheirs = person !== undefined && (handle === person.passkeyHandle || handle === passkey?.handle);
  const refused = { principal: isTheirs ? person : undefined, id: answer.id, refusal };
  await recordRefusal(refused, request);
  return { ...goOn(refusal === 'removed' ? 'removed' : 'refused'), reason: `passkey refused: ${refusal}` };
}

/** The same form sent twice gets the same page, with the same session. */
function sentTwice(signIn: SignIn, answer: Assertion, browser: Browser, now: number): Response {
  const { sessionSalt } = signIn;
  if (sessionSalt === undefined || !isSignedInBy(signIn, hashOf(answer, browser), now)) return goOn();
  return { ...goOn(), cookies: repeatedCookies(browser, sessionSalt) };
}

/** Keyed as that of a code, and told from it. */
function hashOf({ response }: Assertion, { secret }: Browser): string {
  return hmac(secret, `answer of a passkey ${response.signature}`);
}

/** 307 has the browser post the same form again. RFC 9110 §15.4.8. */
function goOn(problem?: 'refused' | 'removed'): Response {
  return empty(307, { location: problem === undefined ? paths.consent : `${paths.consent}?passkey=${problem}` });
}

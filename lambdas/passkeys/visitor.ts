import type { Request } from '#core/http/request.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { domainOf } from '#core/mail/email-address.ts';
import { isSame } from '#core/oauth/digest.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { type Holder, newHandle } from '#core/oauth/passkey.ts';
import { isFreshSignIn } from '#core/oauth/sign-in.ts';
import { accountRequestsOf } from '#core/person-rates.ts';
import { type Browser, postingBrowser, tooOften } from '#core/sign-in/browser.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { cameAsRequired } from '#core/sign-in/required-provider.ts';
import { sessionFormToken, sessionHash, sessionSecret, shownSession } from '#core/sign-in/session.ts';
import { type Passkey, passkeysOf } from '#core/store/passkeys.ts';
import { personLookup } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import type { Session } from '#core/store/sessions.ts';
import { find, findAll } from '#core/store/table.ts';
import { domainLookup, policyLookups } from '#core/store/tenants.ts';
import type { Words } from '#core/words/words.ts';

/** A person who looks at their passkeys in a browser in which they have signed in. */
export type Visitor = {
  readonly session: Session;
  readonly secret: string;
  readonly holder: Holder;
  /** Those that count, and those that carry a handle from before. */
  readonly passkeys: readonly Passkey[];
  readonly stale: readonly Passkey[];
  readonly words: Words;
  /** True if they signed in just now. */
  readonly isFresh: boolean;
  /** Whether they sign in by a password of the operator's, which expires: no passkey may outlive it. */
  readonly isReviewer: boolean;
  /** The window in which they are connecting a client, if they came from one. */
  readonly window?: Browser | undefined;
};

/** The person whose session the browser shows. Undefined when it shows none that counts. Throws when they come too often; of weight 0, it is not counted. */
export async function visitorOf(request: Request, weight = 1): Promise<Visitor | undefined> {
  const { now } = request;
  const session = await find(shownSession(request), now);
  if (!session || !maySignIn(session.address)) return undefined;
  const { principal, signedInAt } = session;
  const { subject, tenant } = principal;
  const counting = weight === 0 ? undefined : count([accountRequestsOf(subject, sessionHash(request))], now);
  const lookups = [personLookup(subject), domainLookup(domainOf(session.address)), ...policyLookups(tenant)] as const;
  const reading = [findAll(lookups, now), passkeysOf(subject), counting] as const;
  const [[person, domain, policy], all, waitSeconds] = await Promise.all(reading);
  if (!stillCounts(principal, person) || !cameAsRequired(session, domain, policy)) return undefined;
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, person);
  const { passkeyHandle, passkeyChanges: changes = 0 } = person;
  const secret = sessionSecret(request);
  const handle = passkeyHandle ?? newHandle(subject, secret, changes);
  return {
    session,
    secret,
    holder: { handle, changes },
    passkeys: all.filter((passkey) => passkey.handle === handle),
    stale: all.filter((passkey) => passkey.handle !== handle),
    words: await wordsFor(request, person.language),
    isFresh: isFreshSignIn(signedInAt, now),
    isReviewer: person.isReviewer === true,
  };
}

/** A form of the page, and who posted it. */
type Posted = Visitor & {
  /** True if it came from one of our pages in this browser. */
  readonly isOurs: boolean;
};

/** The person who posted a form. Throws when it comes from another site. */
export async function postingVisitor(request: Request, sent: URLSearchParams): Promise<Posted | undefined> {
  const window = postingBrowser(request, sent);
  const visitor = await visitorOf(request);
  if (!visitor) return undefined;
  const isOurs = isSame(sessionFormToken(visitor.secret), sent.get('session_token') ?? '');
  return { ...visitor, isOurs, window };
}

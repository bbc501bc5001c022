import { cookieName } from '#core/http/cookies.ts';
import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { domainOf } from '#core/mail/email-address.ts';
import { hmac, isSame } from '#core/oauth/digest.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { accountRequestsOf } from '#core/person-rates.ts';
import { requireOwnSite, tooOften } from '#core/sign-in/browser.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { cameAsRequired } from '#core/sign-in/required-provider.ts';
import { sessionHash, shownSession, visitOf } from '#core/sign-in/session.ts';
import { type Person, personLookup, requirePerson } from '#core/store/people.ts';
import { count } from '#core/store/rates.ts';
import { requireVisit, type Session } from '#core/store/sessions.ts';
import { find, findAll, type Write } from '#core/store/table.ts';
import { domainLookup, policyLookups } from '#core/store/tenants.ts';
import type { Words } from '#core/words/words.ts';

/** A person who is signed in to this browser. */
export type Visitor = {
  readonly person: Person;
  readonly address: string;
  readonly session: Session;
  /** The hash of the session's secret, by which it is stored. */
  readonly sessionHash: string;
  readonly visit: string;
  /** What a form carries to prove that it is one of their pages. */
  readonly formToken: string;
  readonly words: Words;
};

/** Who is signed in to a browser. Undefined for nobody. Throws when they have opened too many pages. */
export async function visitorOf(request: Request, weight?: number): Promise<Visitor | undefined> {
  const found = await signedInTo(request, weight);
  return typeof found === 'string' ? undefined : found;
}

/** `nobody` where nobody is, `closed` where the account of who was is closed. */
async function signedInTo(request: Request, weight = 1): Promise<Visitor | 'nobody' | 'closed'> {
  const { now } = request;
  const session = await find(shownSession(request), now);
  if (!session || !maySignIn(session.address)) return 'nobody';
  const { subject, tenant } = session.principal;
  const rate = accountRequestsOf(subject, sessionHash(request), weight);
  const lookups = [personLookup(subject), domainLookup(domainOf(session.address)), ...policyLookups(tenant)] as const;
  const [[person, domain, policy], waitSeconds] = await Promise.all([findAll(lookups, now), count([rate], now)]);
  if (person?.closedAt !== undefined) return 'closed';
  if (!person || !stillCounts(session.principal, person)) return 'nobody';
  if (!cameAsRequired(session, domain, policy)) return 'nobody';
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, person);
  return {
    person,
    address: session.address,
    session,
    sessionHash: sessionHash(request),
    visit: visitOf(session, request),
    words: await wordsFor(request, person.language),
    formToken: hmac(request.cookies.get(cookieName('session')) ?? '', 'account form'),
  };
}

/** A form that was posted, and who is signed in to the browser that sent it. */
export type Posted = { readonly visitor: Visitor; readonly sent: URLSearchParams };

/**
 * Reads a form of the account page. `signed-out` where nobody is signed in any more, `closed` where their account is
 * closed, `outdated` where somebody has signed in anew since the page was made. Throws when the form comes from another
 * site.
 */
export async function posted(
  request: Request,
  weight?: number,
): Promise<Posted | 'signed-out' | 'closed' | 'outdated'> {
  const sent = form(request);
  requireOwnSite(request);
  const visitor = await signedInTo(request, weight);
  if (visitor === 'closed') return 'closed';
  if (visitor === 'nobody') return 'signed-out';
  return isSame(visitor.formToken, sent.get('form_token') ?? '') ? { visitor, sent } : 'outdated';
}

/** Holds only while the visitor is signed in: a part of each transaction that they cause. */
export function requireVisitor({ session, visit }: Visitor): Write[] {
  return [requirePerson(session.principal), ...requireVisit(visit)];
}

import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { hmac, sha256 } from '#core/oauth/digest.ts';
import type { Claims } from '#core/oauth/id-token.ts';
import {
  claimedAddress,
  identityKey,
  isAuthoritative,
  isOfAllowedOrganization,
  type Meeting,
  meet,
} from '#core/oauth/linking.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { arrivalCookies } from '#core/sign-in/arrival-cookies.ts';
import { isForAccount } from '#core/sign-in/for-account.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { signIn as signInPerson } from '#core/sign-in/sign-in.ts';
import {
  type AnsweredLink,
  answeredLink,
  type Link,
  linkedLookup,
  linkLookup,
  linkOf,
  sidOf,
} from '#core/store/links.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { expectProof } from '#core/store/sign-ins.ts';
import { commit, find, findAll } from '#core/store/table.ts';
import { domainLookup } from '#core/store/tenants.ts';
import { Failure } from './failure.ts';
import { provePage } from './prove-page.ts';
import { pageOf, type Returned } from './returned.ts';
import { settleMembership } from './settle-membership.ts';

/** Who came back from a provider, and what we know about them. */
type Found = {
  readonly link: AnsweredLink;
  readonly known: Link | undefined;
  /** The address under which they are known here, or else the one that the provider gives. */
  readonly holder: Address | undefined;
  readonly tenant: string | undefined;
  readonly meeting: Meeting;
};

/** Signs in somebody who came back from a provider, or asks them to show that the address is theirs. Throws a failure. */
export async function arrive(returned: Returned, claims: Claims, request: Request): Promise<Response> {
  const { provider, browser, signIn } = returned;
  if (!isOfAllowedOrganization(provider, claims))
    throw new Failure('notAllowed', 'its organization is not named in the settings');
  const found = await lookUp(provider, claims, request);
  const { meeting, link, known } = found;
  if (meeting.kind === 'refuse') throw new Failure(meeting.why, `nobody was found: ${meeting.why}`);
  const address = meeting.kind === 'known' ? (known?.address ?? '') : meeting.address;
  if (!maySignIn(address)) throw new Failure('notAllowed', 'the settings do not let the address sign in');
  const { groups } = provider;
  const arriving = { provider, meeting, address, holder: found.holder };
  if (groups && !(await settleMembership(groups, arriving, claims, request))) return arrive(returned, claims, request);
  const sid = sidIn(claims);
  if (sid !== undefined) await commit([sidOf(link, sid, request.now)]);
  if (meeting.kind !== 'prove') return enter(returned, found, address, claims, request);
  const { done } = await expectProof(browser, { ...link, address, sid });
  if (!done) return empty(303, { location: pageOf(browser) });
  return provePage({ ...browser, words: await wordsOf(signIn) }, { provider, address });
}

async function lookUp(provider: Provider, claims: Claims, { now, nowMilliseconds }: Request): Promise<Found> {
  const key = identityKey(provider, claims);
  if (key === undefined) throw new Failure('failed', 'the ID token does not say who signed in: oid is missing');
  const issuer = provider.kind === 'google' ? provider.issuer : claims.iss;
  const link = linkOf({ issuer, key }, provider.id);
  const claimed = claimedAddress(provider, claims, canonicalAddress);
  const known = await find(linkLookup(link), now);
  const address = known?.address ?? claimed?.address ?? '';
  const [holder, domain] = await findAll([addressLookup(sha256(address)), domainLookup(domainOf(address))], now);
  const { subject, era = 0 } = holder ?? {};
  const linked = subject === undefined ? undefined : await find(linkedLookup(subject, link), now);
  const isTheirDomain = claimed !== undefined && provider.domains.includes(domainOf(claimed.address));
  const meeting = meet({
    link: known && {
      address: known.address,
      counts: known.subject === subject && (known.provenIn === undefined || known.provenIn === era),
    },
    claimed,
    isAuthoritative: isTheirDomain && !holder?.reviewer && isAuthoritative(provider, claimed, claims),
    holder:
      subject === undefined ? undefined : { isLinkedToAnother: linked !== undefined && linked.hash !== link.hash },
  });
  const answer = { answeredAt: nowMilliseconds, era: holder?.era, sid: sidIn(claims) };
  return { link: answeredLink(link, answer), known, holder, tenant: holder?.tenant ?? domain?.tenant, meeting };
}

async function enter(
  { provider, browser, signIn, session, state }: Returned,
  { link, holder, tenant, meeting }: Found,
  address: string,
  claims: Claims,
  request: Request,
): Promise<Response> {
  const { known, cookies } = arrivalCookies(browser, request);
  const arrival = {
    browser,
    address,
    codeHash: hmac(browser.secret, `answer of a provider ${provider.id} ${state}`),
    provider: {
      link,
      is: meeting.kind === 'known' ? ('known' as const) : ('made' as const),
      subject: holder?.subject,
      sid: sidIn(claims),
    },
    expected: { tenant, era: holder?.era },
    shown: session,
    ...known,
    language: signIn.language,
    clientId: signIn.request.clientId,
  };
  const signedIn = await signInPerson(arrival, request);
  if ('mustUse' in signedIn) throw new Failure('notAllowed', `they must sign in through ${signedIn.mustUse}`);
  if ('other' in signedIn) return empty(303, { location: pageOf(browser) });
  const location = isForAccount(signIn.request) ? signIn.request.redirectUri : pageOf(browser);
  return { ...empty(303, { location }), cookies };
}

function sidIn({ sid }: Claims): string | undefined {
  return typeof sid === 'string' && sid.length <= 255 && sid.isWellFormed() ? sid : undefined;
}

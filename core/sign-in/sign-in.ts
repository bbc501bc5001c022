import { countEvent } from '#core/http/metrics.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { domainOf } from '#core/mail/email-address.ts';
import { newId, sha256 } from '#core/oauth/digest.ts';
import type { DatedPrincipal } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { type Approval, approvalLookup, isApproved } from '#core/store/approvals.ts';
import { audited } from '#core/store/audit.ts';
import type { AuditEvent } from '#core/store/audit-events.ts';
import { browserLookup, seenBrowser } from '#core/store/browsers.ts';
import { type ClientUses, clientUsesLookup } from '#core/store/client-uses.ts';
import { type AnsweredLink, linked, notLoggedOut, usedLink } from '#core/store/links.ts';
import { newcomer } from '#core/store/newcomers.ts';
import { type Address, addressLookup, type Person, requirePerson } from '#core/store/people.ts';
import { listedSession, newSession, type Session } from '#core/store/sessions.ts';
import { type SignIn, signedIn } from '#core/store/sign-ins.ts';
import { findAll, type Write } from '#core/store/table.ts';
import { domainLookup, policyLookups, tenantOf } from '#core/store/tenants.ts';
import type { TenantPolicy } from '#generated';
import { type Browser, gone } from './browser.ts';
import { countedNotice, notify } from './notify.ts';
import { requiredProvider } from './required-provider.ts';
import { endOfShown, visitOf } from './session.ts';

/** The passkey that proved who somebody is. */
type ByPasskey = {
  readonly subject: string;
  readonly hash: string;
  /** How many passkeys had signed in to the window before. */
  readonly usesBefore: number;
  /** Counts the use, if the passkey is still there. */
  readonly use: Write;
  /** What else the audit is to say of it. */
  readonly remarks: readonly AuditEvent[];
};

/** The provider that they came through. */
type ByProvider = {
  readonly link: AnsweredLink;
  /** What the link is to them: it leads there already, it is made on the provider's word, or because of a code. */
  readonly is: 'known' | 'made' | 'proven';
  /** The person whom it leads to, or is to lead to. Undefined for somebody new. */
  readonly subject: string | undefined;
  /** What the provider calls the session that they have there. */
  readonly sid?: string | undefined;
};

type Arrival = {
  readonly browser: Browser;
  readonly address: string;
  /** The hash of what was shown: of a code, or of the answer of a passkey or provider. */
  readonly codeHash: string;
  readonly passkey?: ByPasskey;
  readonly provider?: ByProvider | undefined;
  /** How a reviewer signs in. */
  readonly by?: 'password' | undefined;
  /** What the address led to when the code was mailed: the tenant, and the person's era. */
  readonly expected: { readonly tenant: string | undefined; readonly era: number | undefined };
  /** The session that the browser shows. */
  readonly shown: Session | undefined;
  /** The hash of the secret by which this browser is known from before. */
  readonly seen: string;
  readonly sessionSalt: string;
  readonly sessionHash: string;
  readonly proofHash: string;
  /** The client that the sign-in is for. */
  readonly clientId: string;
  /** The language of the sign-in. */
  readonly language: string | undefined;
  /** No mail is to tell of it. */
  readonly isQuiet?: boolean;
};

/** Who signed in, the policy of their tenant, if it has one, and the language that they are spoken to in. */
export type SignedIn = {
  readonly person: Omit<Person, 'createdAt'>;
  readonly policy: TenantPolicy | undefined;
  readonly language: string | undefined;
  /** How the client is used here, and when and for what they approved it. */
  readonly uses: ClientUses | undefined;
  readonly before: Approval | undefined;
  /** True to offer them a passkey: once in each browser, and not if they have one or have declined. */
  readonly offersPasskey: boolean;
};

/** Another request of the same window was quicker: the sign-in as that one left it. */
type Overtaken = { readonly other: SignIn };

/** They must come through this provider, and came by another way. Nothing was changed. */
type Elsewhere = { readonly mustUse: string };

/** Signs a person in, or makes one at their first sign-in, in the tenant that their address or its domain leads to. */
export async function signIn(arrival: Arrival, request: Request): Promise<SignedIn | Overtaken | Elsewhere> {
  const {
    browser,
    address,
    codeHash,
    expected,
    shown,
    seen,
    sessionSalt,
    sessionHash,
    proofHash,
    passkey,
    provider,
    by,
    isQuiet = false,
  } = arrival;
  const { now, nowMilliseconds } = request;
  const addressHash = sha256(address);
  const lookups = [
    addressLookup(addressHash),
    domainLookup(domainOf(address)),
    browserLookup(address, seen),
    clientUsesLookup(arrival.clientId),
    approvalLookup(address, arrival.clientId),
    ...policyLookups(expected.tenant),
  ] as const;
  const [known, domain, before, uses, approval, policy] = await findAll(lookups, now);
  if (passkey && !leadsTo(known, passkey)) throw mayNot(arrival.language);
  if (provider && provider.is !== 'proven' && known?.subject !== provider.subject) throw gone(arrival);
  // Everything of the person was ended after they came back from the provider.
  if (provider && (provider.link.era ?? 0) !== (expected.era ?? 0)) throw gone(arrival);
  // The code was mailed before the account of the person was closed whom the address led to then.
  if (known?.subject === undefined && (known?.era ?? 0) !== (expected.era ?? 0)) throw gone(arrival);
  // An operator has moved the address since, or its domain.
  const led = known?.tenant ?? domain?.tenant;
  if (led !== expected.tenant) return signIn({ ...arrival, expected: { ...expected, tenant: led } }, request);
  const mustUse = requiredProvider(address, domain, policy);
  const through = provider?.link.provider;
  if (mustUse !== undefined && mustUse !== through) return { mustUse };
  const subject = known?.subject ?? newId();
  const person = { subject, tenant: tenantOf(known, domain, subject), role: known?.role ?? 'member' };
  const principal = { subject, tenant: person.tenant, era: expected.era };
  const isNew = known?.subject ? undefined : true;
  const language = known?.language ?? arrival.language;
  const goesOn = shown?.principal.subject === subject;
  const visit = goesOn ? visitOf(shown, request) : sessionHash;
  const isLinking = provider !== undefined && provider.is !== 'known';
  const mayTell = known?.subject !== undefined && known.suppressedAt === undefined && !isQuiet;
  const isNews = mayTell && (isLinking || !(before || goesOn));
  const notice = isNews ? countedNotice(subject, now) : [];
  const session = {
    principal,
    address,
    signedInAt: now,
    visit,
    agent: request.headers['user-agent']?.slice(0, LONGEST_AGENT),
    provider: through,
    sid: provider?.sid,
  };
  const offersPasskey = !before && !known?.hasAnsweredOffer && !provider && !by;
  const passkeyUsesBefore = passkey?.usesBefore;
  const links = provider ? [...linkWrites(provider, principal, address, request), ...notLoggedOut(provider.link)] : [];
  const arrived = { principal, address, codeHash, sessionSalt, proofHash, visit, language, passkeyUsesBefore, through };
  const writes = [
    signedIn(browser, { ...arrived, offersPasskey }, now),
    audited(person, { event: 'sign_in', passkey: passkey?.hash, provider: through, by, isNew }, nowMilliseconds),
    newSession(sessionHash, session),
    ...(isNew ? newcomer(person, { address, addressHash }, known, now) : [requirePerson(principal)]),
    ...endOfShown(request, shown, goesOn),
    seenBrowser(address, seen, now),
    listedSession(sessionHash, session),
    ...links,
    ...(passkey ? [passkey.use, ...passkey.remarks.map((remark) => audited(person, remark, nowMilliseconds))] : []),
    ...notice,
  ];
  const outcome = await record(writes);
  if (outcome.done) {
    countEvent('SignIns');
    if (notice.length > 0)
      await notify(
        { kind: isLinking ? 'linked' : 'browser' },
        { to: address, words: await wordsOf({ language }) },
        request,
      );
    return {
      person,
      language,
      policy,
      uses,
      before: isApproved(approval, expected.era) ? approval : undefined,
      offersPasskey,
    };
  }
  if (outcome.failed === 0) {
    if (!outcome.item) throw gone(arrival);
    return { other: outcome.item as SignIn };
  }
  const wasRefused = known?.subject !== undefined && outcome.failed === PERSON;
  if (wasRefused) throw refusalOf(outcome.item as Person | undefined, person, language);
  if (passkey && outcome.failed === writes.indexOf(passkey.use)) throw gone(arrival);
  const failed = writes[outcome.failed];
  if (failed && links.includes(failed)) throw gone(arrival);
  const isFlood = notice.length > 0 && outcome.failed === writes.length - 1;
  return signIn(isFlood ? { ...arrival, isQuiet: true } : { ...arrival, shown: undefined }, request);
}

/** Uses the link of somebody who came through a provider, or makes it. */
function linkWrites(
  { link, is }: ByProvider,
  principal: DatedPrincipal,
  address: string,
  { now, nowMilliseconds }: Request,
): Write[] {
  const { subject, era = 0 } = principal;
  if (is === 'known') return [usedLink(link, subject, now)];
  const provenIn = is === 'proven' ? era : undefined;
  const by = is === 'proven' ? 'code' : 'provider';
  return [
    ...linked(link, { subject, address, provenIn }, now),
    audited(principal, { event: 'link', provider: link.provider, link: link.hash, by }, nowMilliseconds),
  ];
}

/** As much as names a browser and its system. */
const LONGEST_AGENT = 200;

/** Where the person stands among the writes of a sign-in. */
const PERSON = 3;

/** Tells a person who may not sign in that this is why. For anybody else, this sign-in alone has ended. */
function refusalOf(
  found: Person | undefined,
  { tenant }: Pick<Person, 'tenant'>,
  language: string | undefined,
): Refusal {
  const mayReturn = found !== undefined && found.disabledAt === undefined && found.tenant === tenant;
  return mayReturn ? gone({ language }) : mayNot(language);
}

function mayNot(language: string | undefined): Refusal {
  return new Refusal('access_denied', 'refused', { status: 403, language });
}

/** A passkey signs in only whom its address still leads to, and only while mail goes there, as a code does. */
function leadsTo(known: Address | undefined, { subject }: ByPasskey): boolean {
  return known?.subject === subject && known.suppressedAt === undefined;
}

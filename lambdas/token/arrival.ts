import { canonicalAddress, domainOf } from '#core/mail/email-address.ts';
import { newId, sha256 } from '#core/oauth/digest.ts';
import { stillCounts } from '#core/oauth/era.ts';
import type { Proven } from '#core/oauth/identity-assertion.ts';
import { identityKey, statedAddress, vouchedFor } from '#core/oauth/linking.ts';
import type { Role } from '#core/oauth/permission.ts';
import { workloadSubject } from '#core/oauth/principal.ts';
import { kindOf } from '#core/oauth/provider.ts';
import type { Trust } from '#core/oauth/trust.ts';
import type { DatedPrincipal } from '#core/oauth/types.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { audited } from '#core/store/audit.ts';
import { linked, linkedLookup, linkLookup, linkOf, type NewLink, usedLink } from '#core/store/links.ts';
import { newcomer } from '#core/store/newcomers.ts';
import { type Address, addressLookup, type Person, personLookup } from '#core/store/people.ts';
import { findAll, type Write } from '#core/store/table.ts';
import { domainLookup, type Tenant, tenantLookup } from '#core/store/tenants.ts';
import { trustLookup } from '#core/store/trusts.ts';
import { refuse, type Shown } from './refused-assertion.ts';

const NAME_LENGTH = 22;

/** The principal that an assertion is about. */
type Arrival = {
  readonly principal: DatedPrincipal;
  readonly role: Role;
  /** What is written of them. */
  readonly writes: readonly Write[];
  /** They are new: one of the writes makes them. */
  readonly isNew: boolean;
  /** What of the trust decides whether it counts, and the tenant's policy. */
  readonly profile: Person;
  readonly tenant: Tenant | undefined;
};

/** Finds the principal of a proven assertion. Refuses a disabled trust, and people we don't know. */
export async function arrivalOf(proven: Proven, trust: Trust, shown: Shown): Promise<Arrival> {
  const { now } = shown.request;
  const identity = trust.kind === 'id-jag' ? identityIn(proven, trust) : undefined;
  const [[profile, tenant], known] = await Promise.all([
    findAll([trustLookup(trust.id), tenantLookup(trust.tenant)], now),
    identity && lookUp(identity, now),
  ]);
  if (!stillCounts({ tenant: trust.tenant, era: profile?.era }, profile))
    return refuse(`the trust ${trust.id} is disabled: trusts enable lets it count`, shown);
  const whom = identity && known ? await person(identity, known, shown) : workload(proven, trust, profile);
  return { ...whom, profile, tenant };
}

type Whom = Pick<Arrival, 'principal' | 'role' | 'writes' | 'isNew'>;

function workload({ subject: name }: Proven, trust: Trust, { era, role = 'member' }: Person): Whom {
  const subject = workloadSubject(trust.id, sha256(name).slice(0, NAME_LENGTH));
  return { principal: { subject, tenant: trust.tenant, era }, role, writes: [], isNew: false };
}

/** Who somebody is at an issuer, and what else it says of them. */
type Identity = {
  readonly trust: Trust;
  readonly link: NewLink;
  readonly stated: ReturnType<typeof statedAddress>;
  /** Who it says that they are here. */
  readonly named: unknown;
};

/** What the subject is a key to is the same as where they sign in through that issuer, so that one link serves both. */
function identityIn({ subject, claims }: Proven, trust: Trust): Identity {
  const key = identityKey({ kind: kindOf(trust.issuer) }, claims) ?? subject;
  const link = linkOf({ issuer: trust.issuer, key }, trust.id);
  return { trust, link, stated: statedAddress(claims, canonicalAddress), named: claims.aud_sub };
}

async function lookUp({ link, stated }: Identity, now: number) {
  const typed = stated?.address ?? '';
  const [known, there, domain] = await findAll(
    [linkLookup(link), addressLookup(sha256(typed)), domainLookup(domainOf(typed))],
    now,
  );
  const isElsewhere = known !== undefined && known.address !== typed;
  const [elsewhere] = isElsewhere ? await findAll([addressLookup(sha256(known.address))], now) : [];
  const subject = (isElsewhere ? elsewhere : there)?.subject;
  if (subject === undefined) return { known, there, domain, subject, found: undefined, linkedTo: undefined };
  const [found, linkedTo] = await findAll([personLookup(subject), linkedLookup(subject, link)], now);
  return { known, there, domain, subject, found, linkedTo };
}

type Known = Awaited<ReturnType<typeof lookUp>>;

/** Somebody who has come before, or whose address leads to them, or who is new and whose address the tenant owns. */
async function person(identity: Identity, known: Known, shown: Shown): Promise<Whom> {
  const standing = standingOf(identity, known);
  if ('refusal' in standing) return refuse(standing.refusal, shown);
  const { kind, address } = standing;
  if (!maySignIn(address)) return refuse('signIn in the settings does not let the address in', shown);
  const whom =
    kind === 'make' ? made(identity, address, known.there, shown) : here(identity, standing, known.found, shown);
  if (!whom) return refuse(`the person is disabled, gone, or does not belong to ${identity.trust.tenant}`, shown);
  const { named } = identity;
  if (named !== undefined && named !== whom.principal.subject) return refuse('aud_sub is somebody else', shown);
  return whom;
}

function standingOf({ trust, link, stated }: Identity, { known, there, domain, subject, found, linkedTo }: Known) {
  const { era = 0 } = found ?? {};
  const isLinkedToAnother = linkedTo !== undefined && linkedTo.hash !== link.hash;
  return vouchedFor({
    tenant: trust.tenant,
    link: known && {
      address: known.address,
      counts: known.subject === subject && (known.provenIn === undefined || known.provenIn === era),
    },
    stated,
    home: there?.tenant ?? domain?.tenant,
    holder: subject === undefined ? undefined : { isLinkedToAnother },
  });
}

/** Makes somebody who is new, in the tenant that trusts the issuer. */
function made({ trust, link }: Identity, address: string, there: Address | undefined, shown: Shown): Whom {
  const { now } = shown.request;
  const principal = { subject: newId(), tenant: trust.tenant };
  const role = there?.role ?? 'member';
  const writes = [
    ...newcomer({ ...principal, role }, { address, addressHash: sha256(address) }, there, now),
    ...linked(link, { subject: principal.subject, address, provenIn: undefined }, now),
    told(principal, 'made', trust, shown),
  ];
  return { principal, role, writes, isNew: true };
}

type Found = { readonly kind: 'known' | 'join' | 'make'; readonly address: string };

/** Takes somebody who is here already for who they are. Undefined if they do not belong to the tenant, or count no more. */
function here(
  { trust, link }: Identity,
  { kind, address }: Found,
  found: Person | undefined,
  shown: Shown,
): Whom | undefined {
  const { now } = shown.request;
  if (!stillCounts({ tenant: trust.tenant, era: found?.era }, found)) return undefined;
  const { subject, tenant, era, role = 'member' } = found;
  const principal = { subject, tenant, era };
  const writes =
    kind === 'known'
      ? [usedLink(link, subject, now)]
      : [...linked(link, { subject, address, provenIn: undefined }, now), told(principal, 'linked', trust, shown)];
  return { principal, role, writes, isNew: false };
}

function told(
  principal: DatedPrincipal,
  did: 'made' | 'linked',
  trust: Trust,
  { registration, request }: Shown,
): Write {
  const clientId = registration?.client.id ?? '';
  return audited(principal, { event: 'trusted_person', clientId, trust: trust.id, did }, request.nowMilliseconds);
}

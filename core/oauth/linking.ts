import type { Claims } from './id-token.ts';
import { consumersTenant, isForManyTenants, type Provider } from './provider.ts';

/**
 * What a provider's word for an address is worth. `hosted`: the provider or the owner of its domain keeps the mailbox, so
 * it is theirs today. `stated`: it was theirs once, or the provider says no more than that somebody typed it.
 */
type Worth = 'hosted' | 'stated';

/** The address that a provider gives for a person. */
export type Claimed = { readonly address: string; readonly worth: Worth; readonly isDenied: boolean };

/** Says what a provider's word for a person's address is worth. Undefined where it gives none that mail can go to. */
export function claimedAddress(
  provider: Provider,
  claims: Claims,
  canonical: (typed: string) => string | undefined,
): Claimed | undefined {
  const stated = statedAddress(claims, canonical);
  if (!stated) return undefined;
  return { ...stated, worth: isHosted(provider, claims, stated.address, canonical) ? 'hosted' : 'stated' };
}

/** The address that an issuer gives for a person, and whether it says itself that it may be somebody else's. */
export function statedAddress(
  { email, email_verified }: Readonly<Record<string, unknown>>,
  canonical: (typed: string) => string | undefined,
): { readonly address: string; readonly isDenied: boolean } | undefined {
  const address = typeof email === 'string' ? canonical(email) : undefined;
  if (address === undefined) return undefined;
  return { address, isDenied: email_verified !== undefined && !isTrue(email_verified) };
}

/** Some providers send booleans as texts or numbers. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 1 || value === '1';
}

function isHosted(
  { kind }: Provider,
  claims: Claims,
  address: string,
  canonical: (typed: string) => string | undefined,
): boolean {
  const isVerified = isTrue(claims.email_verified);
  const domain = address.slice(address.lastIndexOf('@') + 1);
  switch (kind) {
    case 'google':
      return isVerified && (typeof claims.hd === 'string' || domain === 'gmail.com' || domain === 'googlemail.com');
    case 'apple':
      return isVerified && /^((privaterelay\.)?(appleid|icloud)\.com|me\.com|mac\.com)$/.test(domain);
    case 'entra':
      return isOfOwner(claims, address, canonical);
    default:
      return false;
  }
}

/**
 * Any administrator of any tenant of Entra may write any address into `email`. That its domain was shown to be the
 * tenant's is another claim. A guest's address is another organisation's.
 */
function isOfOwner(claims: Claims, address: string, canonical: (typed: string) => string | undefined): boolean {
  if (claims.acct === 1 || claims.acct === '1' || claims.tid === consumersTenant) return false;
  if (isTrue(claims.xms_edov)) return true;
  const listed = [claims.verified_primary_email, claims.verified_secondary_email].flat();
  return listed.some((one) => typeof one === 'string' && canonical(one) === address);
}

/**
 * True if the operator takes the provider's word for addresses of this domain, and the provider does not take it back.
 * Where the provider itself knows better, what it knows is asked for.
 */
export function isAuthoritative(provider: Provider, { isDenied, worth }: Claimed, claims: Claims): boolean {
  if (isDenied || provider.kind === 'github' || provider.kind === 'apple') return false;
  if (provider.kind === 'google' || isForManyTenants(provider)) return worth === 'hosted';
  if (provider.kind === 'entra') return claims.acct !== 1 && claims.acct !== '1';
  return provider.kind === 'okta' || isTrue(claims.email_verified);
}

/** What is known here of somebody who comes from a provider. */
export type Met = {
  /** The person to whom their identity at the provider is linked, the address of that person, and whether it still counts. */
  readonly link: { readonly address: string; readonly counts: boolean } | undefined;
  readonly claimed: Claimed | undefined;
  readonly isAuthoritative: boolean;
  /** The person to whom the address leads, if to any, and whether they are linked to somebody else of this provider. */
  readonly holder: { readonly isLinkedToAnother: boolean } | undefined;
};

/** What becomes of somebody who comes from a provider. */
export type Meeting =
  | { readonly kind: 'known' }
  | { readonly kind: 'make' | 'join' | 'prove'; readonly address: string }
  | { readonly kind: 'refuse'; readonly why: 'noAddress' | 'recycled' };

/**
 * Says what becomes of somebody who comes from a provider. Nobody is found by an address that is not theirs for certain:
 * they show by a mailed code, once, that it is. Nobody is made before that either, or the person whose address it is
 * would find a stranger in their account.
 */
export function meet({ link, claimed, isAuthoritative, holder }: Met): Meeting {
  if (link?.counts) return { kind: 'known' };
  if (link) return { kind: 'prove', address: link.address };
  if (!claimed) return { kind: 'refuse', why: 'noAddress' };
  if (holder?.isLinkedToAnother) return { kind: 'refuse', why: 'recycled' };
  const { address, worth } = claimed;
  if (isAuthoritative) return { kind: holder ? 'join' : 'make', address };
  return { kind: !holder && worth === 'hosted' ? 'make' : 'prove', address };
}

/** What is known here of somebody for whom an issuer vouches that a tenant trusts. */
export type Vouched = {
  readonly tenant: string;
  readonly link: Met['link'];
  /** The address that the issuer gives. */
  readonly stated: { readonly address: string; readonly isDenied: boolean } | undefined;
  /** The tenant to which that address leads, by itself or by its domain. */
  readonly home: string | undefined;
  readonly holder: Met['holder'];
};

/** Whom that is, or why it is nobody. The reason is for the audit. */
export type Standing =
  | { readonly kind: 'known' | 'make' | 'join'; readonly address: string }
  | { readonly refusal: string };

/**
 * Says for whom an issuer vouches. Nobody is found or made by an address that the tenant does not own: its domain leads
 * there, or an operator named the address itself.
 */
export function vouchedFor({ tenant, link, stated, home, holder }: Vouched): Standing {
  if (link?.counts) return { kind: 'known', address: link.address };
  if (link) return { refusal: 'their link counts no longer: they sign in once through the provider, by a mailed code' };
  if (!stated || stated.isDenied)
    return { refusal: 'the person is not known here, and email gives no address for them' };
  if (home !== tenant)
    return { refusal: `the address does not belong to ${tenant}: tenants add-domain or add-member says that it does` };
  if (holder?.isLinkedToAnother)
    return { refusal: 'the address led to somebody else of this issuer before: it may have been given away' };
  return { kind: holder ? 'join' : 'make', address: stated.address };
}

/** Who somebody is at a provider: never a name or an address, which may be another's tomorrow. */
export function identityKey(
  { kind }: Pick<Provider, 'kind'>,
  { sub, oid }: Readonly<Record<string, unknown>>,
): string | undefined {
  // The `sub` of Entra differs from client to client.
  const key = kind === 'entra' ? oid : sub;
  return typeof key === 'string' && key !== '' && key.isWellFormed() ? key : undefined;
}

/** True if the organisation that somebody comes from may sign in. */
export function isOfAllowedOrganization(provider: Provider, claims: Claims): boolean {
  const { organizations } = provider;
  return organizations.length === 0 || organizationsIn(provider, claims).some((one) => organizations.includes(one));
}

/**
 * The organisations that a token names, in the claim that the provider itself fills. Another claim may be what some
 * tenant's administrator, or the person, has written.
 */
function organizationsIn({ kind }: Provider, { tid, hd, org_id, organization }: Claims): string[] {
  const named = kind === 'entra' ? [tid] : kind === 'google' ? [hd] : [org_id, namesIn(organization)].flat();
  return named.filter((one): one is string => typeof one === 'string');
}

/** Keycloak lists organisations by name, or has what it knows of each under its name. */
function namesIn(organization: unknown): unknown {
  const isRecord = typeof organization === 'object' && organization !== null && !Array.isArray(organization);
  return isRecord ? Object.keys(organization) : organization;
}

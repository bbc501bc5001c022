import { randomInt } from 'node:crypto';
import { isPersonal, personalTenant } from '#core/oauth/tenant.ts';
import { personalPolicy, type TenantPolicy } from '#generated';
import { memberKey } from './members.ts';
import type { Address, Person } from './people.ts';
import { ALWAYS, type Key, type Lookup, type Write } from './table.ts';

/** A customer whose people, policy, data and audit are apart from all others'. */
export type Tenant = TenantPolicy & {
  readonly id: string;
  readonly name?: string;
  readonly createdAt: number;
  /** How many members and domains ever joined it. */
  readonly joins: number;
};

/** What the domain of an address says of the tenant to which its people belong. */
export type Domain = {
  readonly tenant: string;
  /** The provider through which everybody with an address of it must sign in. */
  readonly provider?: string;
};

/** Each is in a partition of its own, which gives 3,000 consistent reads a second. */
const COPIES = 32;

/** Where a tenant and its policy are. */
export function tenantLookup(tenant: string): Lookup<Tenant> {
  return { pk: `TENANT#${tenant}`, sk: 'POLICY' };
}

/** Where the copies of its policy are. Whoever writes the policy writes them all in the same transaction. */
export function policyCopies(tenant: string): readonly Key[] {
  return Array.from({ length: COPIES }, (_, copy) => copyOf(tenant, copy));
}

/**
 * Where the policy is that a tenant's people are under, unless the settings have it. To be found with other items.
 * Any copy will do, so that a large tenant heats no partition. A tenant that is older than its copies has none.
 */
export function policyLookups(tenant: string | undefined): readonly Lookup<TenantPolicy>[] {
  if (tenant === undefined || isPersonal(tenant)) return [];
  return [{ ...copyOf(tenant, randomInt(COPIES)), orElse: tenantLookup(tenant) }];
}

function copyOf(tenant: string, copy: number): Key {
  return { pk: `TENANT#${tenant}#${copy}`, sk: 'POLICY' };
}

/** Where a domain is. */
export function domainLookup(domain: string): Lookup<Domain> {
  return { pk: `DOMAIN#${domain}`, sk: 'DOMAIN' };
}

/** Enters somebody who signs in for the first time in the list of their tenant's members, if it is not their own. */
export function joined(
  { tenant, subject, role }: Omit<Person, 'createdAt'>,
  { address, addressHash }: { readonly address: string; readonly addressHash: string },
  now: number,
): Write[] {
  if (isPersonal(tenant)) return [];
  return [
    {
      ...memberKey(tenant, addressHash),
      change: 'SET #address = :address, #role = :role, subject = :subject, since = if_not_exists(since, :now)',
      condition: ALWAYS,
      values: { ':address': address, ':role': role, ':subject': subject, ':now': now },
    },
  ];
}

/** Holds only for a tenant that is there, and counts what joins it, so that nothing does while it is removed. */
export function joining(tenant: string): Write {
  return {
    ...tenantLookup(tenant),
    change: 'ADD joins :one',
    condition: 'attribute_exists(pk)',
    values: { ':one': 1 },
  };
}

/** What a person of this tenant may use. A tenant that is gone allows nothing: no scope and no tool. */
export function policyOf(tenant: string, found: TenantPolicy | undefined): TenantPolicy {
  if (isPersonal(tenant)) return personalPolicy;
  return found ?? { tools: [], scopes: [] };
}

/** The tenant of somebody who has not signed in before: what the operator said of the address, else of its domain. */
export function tenantOf(address: Address | undefined, domain: Domain | undefined, subject: string): string {
  return address?.tenant ?? domain?.tenant ?? personalTenant(subject);
}

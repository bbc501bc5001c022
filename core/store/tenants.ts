import { isPersonal, personalTenant } from '#core/oauth/tenant.ts';
import { personalPolicy, type TenantPolicy } from '#generated';
import { memberKey } from './members.ts';
import type { Address, Person } from './people.ts';
import { ALWAYS, type Lookup, type Write } from './table.ts';

/** A customer whose people, policy, data and audit are apart from all others'. */
export type Tenant = TenantPolicy & {
  readonly id: string;
  readonly name?: string;
  readonly createdAt: number;
  /** How many members and domains ever joined it. */
  readonly joins: number;
};

/** What the domain of an address says of the tenant to which its people belong. */
export type Domain = { readonly tenant: string };

/** Where a tenant's policy is. */
export function tenantLookup(tenant: string): Lookup<Tenant> {
  return { pk: `TENANT#${tenant}`, sk: 'POLICY' };
}

/** Where the policy is that a tenant's people are under, unless the settings have it. To be found with other items. */
export function policyLookups(tenant: string | undefined): readonly Lookup<Tenant>[] {
  return tenant === undefined || isPersonal(tenant) ? [] : [tenantLookup(tenant)];
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
export function policyOf(tenant: string, found: Tenant | undefined): TenantPolicy {
  if (isPersonal(tenant)) return personalPolicy;
  return found ?? { tools: [], scopes: [] };
}

/** The tenant of somebody who has not signed in before: what the operator said of the address, else of its domain. */
export function tenantOf(address: Address | undefined, domain: Domain | undefined, subject: string): string {
  return address?.tenant ?? domain?.tenant ?? personalTenant(subject);
}

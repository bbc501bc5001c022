import { commit, type Key, type Write } from './table.ts';
import { domainLookup, type Tenant, tenantLookup } from './tenants.ts';

/** Where a domain stands in the list of its tenant. */
function listing(tenant: string, domain: string): Key {
  return { pk: tenantLookup(tenant).pk, sk: `DOMAIN#${domain}` };
}

/**
 * Leads a domain to a tenant, whose rule for signing in is then the domain's, too. True if it led nowhere before, and the
 * tenant is there and has this rule.
 */
export async function leadDomain(
  domain: string,
  { id: tenant, provider }: Pick<Tenant, 'id' | 'provider'>,
  audit: Write,
): Promise<boolean> {
  const { done } = await commit([
    { ...domainLookup(domain), put: { tenant, provider } },
    { ...listing(tenant, domain), put: {} },
    joiningUnder(tenant, provider),
    audit,
  ]);
  return done;
}

/** Counts the domain among what joined the tenant, while this is its rule for signing in. */
function joiningUnder(tenant: string, provider: string | undefined): Write {
  const rule = provider === undefined ? 'attribute_not_exists(provider)' : 'provider = :provider';
  return {
    ...tenantLookup(tenant),
    change: 'ADD joins :one',
    condition: `attribute_exists(pk) AND ${rule}`,
    values: { ':one': 1, ':provider': provider },
  };
}

/**
 * Says through which provider people with an address of these domains must sign in, or that there is none. Domains that no
 * longer lead to the tenant are left alone. True if all were told.
 */
export async function requireProviderFor(
  domains: readonly string[],
  { id, provider }: Pick<Tenant, 'id' | 'provider'>,
): Promise<boolean> {
  const change = provider === undefined ? 'REMOVE provider' : 'SET provider = :provider';
  const values = { ':tenant': id, ':provider': provider };
  const writes = domains.map(
    (domain): Write => ({ ...domainLookup(domain), change, condition: 'tenant = :tenant', values }),
  );
  const { done } = writes.length === 0 ? { done: true } : await commit(writes);
  return done;
}

/** Lets a domain lead nowhere again. True if it led to this tenant. */
export async function releaseDomain(domain: string, tenant: string, audit: Write): Promise<boolean> {
  const values = { ':tenant': tenant };
  const { done } = await commit([
    { ...domainLookup(domain), remove: true, condition: 'tenant = :tenant', values },
    { ...listing(tenant, domain), remove: true, condition: 'attribute_exists(pk)' },
    audit,
  ]);
  return done;
}

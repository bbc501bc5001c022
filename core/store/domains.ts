import { commit, type Key, type Write } from './table.ts';
import { domainLookup, joining, tenantLookup } from './tenants.ts';

/** Where a domain stands in the list of its tenant. */
function listing(tenant: string, domain: string): Key {
  return { pk: tenantLookup(tenant).pk, sk: `DOMAIN#${domain}` };
}

/** Leads a domain to a tenant. True if it led nowhere before, and the tenant is there. */
export async function leadDomain(domain: string, tenant: string, audit: Write): Promise<boolean> {
  const { done } = await commit([
    { ...domainLookup(domain), put: { tenant } },
    { ...listing(tenant, domain), put: {} },
    joining(tenant),
    audit,
  ]);
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

import * as z from 'zod/mini';
import { leadDomain, releaseDomain } from '#core/store/domains.ts';
import { find, findAll } from '#core/store/table.ts';
import { domainLookup, tenantLookup } from '#core/store/tenants.ts';
import { domain, tenantId } from '../inputs.ts';
import { adminChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { noTenant } from './known-tenant.ts';

const shape = z.strictObject({ id: tenantId, domain }, 'The input must be an object');

/** Makes people who sign in for the first time with an address of this domain members of a tenant. */
export async function addDomain(operation: Operation): Promise<object> {
  const { id, domain } = parsed(shape, operation.input);
  const [tenant, known] = await findAll([tenantLookup(id), domainLookup(domain)], operation.now);
  if (!tenant) throw noTenant(id);
  if (known) throw refused(`${domain} leads to ${known.tenant} already`);
  if (!(await leadDomain(domain, tenant, adminChange(operation, `${domain} in ${id}`)))) throw overtaken(domain);
  return { id, domain };
}

/** Lets a domain lead to no tenant. People who have signed in stay where they are. */
export async function removeDomain(operation: Operation): Promise<object> {
  const { id, domain } = parsed(shape, operation.input);
  const known = await find(domainLookup(domain), operation.now);
  if (known?.tenant !== id) throw refused(`${domain} does not lead to ${id}`);
  if (!(await releaseDomain(domain, id, adminChange(operation, `${domain} in ${id}`)))) throw overtaken(domain);
  return { id, domain };
}

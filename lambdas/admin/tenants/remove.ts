import * as z from 'zod/mini';
import { partsOf, removeTenant as removeStored } from '#core/store/operator-tenants.ts';
import { tenantId } from '../inputs.ts';
import { adminChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requireTenant } from './known-tenant.ts';

const shape = z.strictObject({ id: tenantId }, 'The input must be an object');

/** Removes a tenant that has neither members, domains nor machines. What its tools and its audit keep stays in the table. */
export async function removeTenant(operation: Operation): Promise<object> {
  const { id } = parsed(shape, operation.input);
  const tenant = await requireTenant(id, operation.now);
  const { next: _next, ...parts } = await partsOf(id, undefined);
  const [left] = Object.entries(parts).find(([, some]) => some.length > 0) ?? [];
  if (left !== undefined) throw refused(`${id} still has ${left}: remove or move them first`);
  if (!(await removeStored(tenant, adminChange(operation, id)))) throw overtaken(id);
  return { id };
}

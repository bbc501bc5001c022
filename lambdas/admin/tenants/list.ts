import * as z from 'zod/mini';
import { operatorTenants } from '#core/store/operator-tenants.ts';
import { tenantId } from '../inputs.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed } from '../operation.ts';

const shape = z.strictObject({ after: z.optional(tenantId) }, 'The input must be an object');

/** A page of the tenants. `next` is where the next page starts. */
export async function listTenants({ input }: Operation): Promise<object> {
  const { items, next } = await operatorTenants(parsed(shape, input).after);
  return { tenants: items.map(({ id, name, createdAt }) => ({ id, name, created_at: iso(createdAt) })), next };
}

import * as z from 'zod/mini';
import { trustsOf } from '#core/store/trusts.ts';
import { tenantId } from '../inputs.ts';
import { type Operation, parsed } from '../operation.ts';
import { requireTenant } from '../tenants/known-tenant.ts';
import { described } from './described.ts';

const shape = z.strictObject({ id: tenantId }, 'The input must be an object');

/** Lists whose word a tenant takes. */
export async function listTrusts({ input, now }: Operation): Promise<object> {
  const { id } = parsed(shape, input);
  await requireTenant(id, now);
  return { trusts: (await trustsOf(id, now)).map(described) };
}

import * as z from 'zod/mini';
import { partsOf } from '#core/store/operator-tenants.ts';
import { tenantId } from '../inputs.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed } from '../operation.ts';
import { described, requireTenant } from './known-tenant.ts';

const shape = z.strictObject(
  { id: tenantId, after: z.optional(z.string().check(z.minLength(1), z.maxLength(500))) },
  'The input must be an object',
);

/** Shows a tenant with a page of its domains, members and machines. `next` is where the next page starts. */
export async function showTenant({ input, now }: Operation): Promise<object> {
  const { id, after } = parsed(shape, input);
  const tenant = await requireTenant(id, now);
  const { domains, members, machines, trusts, next } = await partsOf(id, after);
  return {
    ...described(tenant),
    domains,
    members: members.map(({ address, role, since, subject }) => ({
      address,
      role,
      since: iso(since),
      signed_in: subject !== undefined,
    })),
    machines,
    trusts,
    next,
  };
}

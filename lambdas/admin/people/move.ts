import * as z from 'zod/mini';
import { personalTenant } from '#core/oauth/tenant.ts';
import { address, role, tenantId } from '../inputs.ts';
import { type Operation, parsed } from '../operation.ts';
import { requireTenant } from '../tenants/known-tenant.ts';
import { requireNoReviewer, requirePerson } from './known-person.ts';
import { relocate } from './relocate.ts';

const shape = z.strictObject(
  { address, tenant: tenantId, role: z._default(role, 'member') },
  'The input must be an object',
);

/** Moves a person to another tenant with what they keep; `personal` is the one of their own. */
export async function movePerson(operation: Operation): Promise<object> {
  const { address, tenant, role } = parsed(shape, operation.input);
  const person = await requirePerson(address, operation.now);
  await requireNoReviewer(address, operation.now);
  const own = personalTenant(person.subject);
  const to = tenant === 'personal' || tenant === own ? own : (await requireTenant(tenant, operation.now)).id;
  const destination = { to, role: to === own ? 'member' : role, withItems: true } as const;
  return relocate({ person, address }, destination, operation);
}

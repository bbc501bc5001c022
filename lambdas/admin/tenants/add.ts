import * as z from 'zod/mini';
import { addTenant as addStored } from '#core/store/operator-tenants.ts';
import { visible } from '../inputs.ts';
import { iso } from '../iso.ts';
import { adminChange, type Operation, parsed, refused } from '../operation.ts';

/** Some audit trails belong to no tenant, so no tenant may have their names. */
const reserved = ['operator', 'public', 'personal'];

const id = z.string('A tenant needs an id').check(
  z.regex(
    /^[a-z0-9][a-z0-9-]{1,39}$/,
    'The id must be 2 to 40 lower-case letters, digits and hyphens, and not start with a hyphen',
  ),
  z.regex(/^(?!personal-)/, 'The id must not start with personal-: such are the tenants of one person'),
  z.refine((chosen) => !reserved.includes(chosen), `The id must not be one of ${reserved.join(', ')}`),
);
const shape = z.strictObject({ id, name: z.optional(z.string().check(visible)) }, 'The input must be an object');

/** Adds a tenant. Nothing is restricted in it until its policy says so. */
export async function addTenant(operation: Operation): Promise<object> {
  const { id, name } = parsed(shape, operation.input);
  const createdAt = operation.now;
  const tenant = name === undefined ? { id, createdAt } : { id, name, createdAt };
  if (!(await addStored(tenant, adminChange(operation, id)))) throw refused(`The id ${id} is taken`);
  return { id, name, created_at: iso(createdAt) };
}

import * as z from 'zod/mini';
import { sha256 } from '#core/oauth/digest.ts';
import { personalTenant } from '#core/oauth/tenant.ts';
import { type Belonging, changeRole, expectMember, forgetMember } from '#core/store/memberships.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { find, findAll } from '#core/store/table.ts';
import { tenantLookup } from '#core/store/tenants.ts';
import { address, role, tenantId } from '../inputs.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requireNoReviewer, requirePerson } from '../people/known-person.ts';
import { relocate } from '../people/relocate.ts';
import { noTenant } from './known-tenant.ts';

const who = { id: tenantId, address };
const shape = z.strictObject(who, 'The input must be an object');
const addition = z.strictObject({ ...who, role: z._default(role, 'member') }, 'The input must be an object');
const change = z.strictObject({ ...who, role }, 'The input must be an object');

/** Says to which tenant somebody belongs from their first sign-in on, and what they are in it. */
export async function addMember(operation: Operation): Promise<object> {
  const { now } = operation;
  const { id, address, role } = parsed(addition, operation.input);
  const [tenant, known] = await findAll([tenantLookup(id), addressLookup(sha256(address))], now);
  if (!tenant) throw noTenant(id);
  if (known) requireFree(address, id, known);
  const member = { address, role, since: now };
  const audit = await addressChange(operation, address, ` in ${id} as ${role}`);
  if (!(await expectMember(id, member, audit))) throw overtaken(address);
  return { id, address, role };
}

function requireFree(address: string, id: string, { tenant, subject }: Address): void {
  if (tenant === id) throw refused(`${address} is a member of ${id} already`);
  if (subject)
    throw refused(`${address} has signed in and belongs to ${tenant}: people move ${address} ${id} moves them`);
  if (tenant) throw refused(`${address} is a member of ${tenant}: remove them there first`);
}

/** Changes what a member is, from their next call on. */
export async function setRole(operation: Operation): Promise<object> {
  const { id, address, role } = parsed(change, operation.input);
  const member = await requireMember(id, address, operation.now);
  const audit = await addressChange(operation, address, ` in ${id} as ${role}`);
  if (!(await changeRole(member, role, audit))) throw overtaken(address);
  return { id, address, role };
}

/**
 * Takes somebody out of a tenant. Somebody who has signed in loses their grants, leaves what they kept to the tenant, and
 * goes on as a person without one.
 */
export async function removeMember(operation: Operation): Promise<object> {
  const { id, address } = parsed(shape, operation.input);
  const member = await requireMember(id, address, operation.now);
  await requireNoReviewer(address, operation.now);
  if (member.subject === undefined) {
    if (!(await forgetMember(member, await addressChange(operation, address, ` in ${id}`)))) throw overtaken(address);
    return { id, address, done: true };
  }
  const person = await requirePerson(address, operation.now);
  const destination = { to: personalTenant(person.subject), role: 'member', withItems: false } as const;
  return relocate({ person, address }, destination, operation);
}

async function requireMember(tenant: string, address: string, now: number): Promise<Belonging> {
  const known = await find(addressLookup(sha256(address)), now);
  if (known?.tenant !== tenant) throw refused(`${address} is no member of ${tenant}`);
  return { address, tenant, subject: known.subject };
}

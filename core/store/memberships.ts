import { sha256 } from '#core/oauth/digest.ts';
import type { Role } from '#core/oauth/permission.ts';
import { type Member, memberKey } from './members.ts';
import { addressLookup, personKey } from './people.ts';
import { commit, type Write } from './table.ts';
import { joining } from './tenants.ts';

/** Somebody in a tenant: their address, and their subject once they have signed in. */
export type Belonging = { readonly address: string; readonly tenant: string; readonly subject: string | undefined };

/** Lists a member who is new to a tenant. A part of the transaction that makes them one. */
export function listed(tenant: string, member: Member): Write[] {
  return [{ ...memberKey(tenant, sha256(member.address)), put: member }, joining(tenant)];
}

/**
 * Says to which tenant somebody belongs who has never signed in. True if nothing was said of the address before,
 * and the tenant is there.
 */
export async function expectMember(tenant: string, member: Member, audit: Write): Promise<boolean> {
  const expected: Write = {
    ...addressLookup(sha256(member.address)),
    change: 'SET tenant = :tenant, #role = :role',
    condition: 'attribute_not_exists(tenant) AND attribute_not_exists(subject)',
    values: { ':tenant': tenant, ':role': member.role },
  };
  const { done } = await commit([expected, ...listed(tenant, member), audit]);
  return done;
}

/** Takes back what `expectMember` said. True if it was still so, and nobody has signed in with the address. */
export async function forgetMember({ address, tenant }: Belonging, audit: Write): Promise<boolean> {
  const hash = sha256(address);
  const forgotten: Write = {
    ...addressLookup(hash),
    change: 'REMOVE tenant, #role',
    condition: 'tenant = :tenant AND attribute_not_exists(subject)',
    values: { ':tenant': tenant },
  };
  const unlisted: Write = { ...memberKey(tenant, hash), remove: true, condition: 'attribute_exists(pk)' };
  const { done } = await commit([forgotten, unlisted, audit]);
  return done;
}

/** Changes what a member is, wherever it stands. True if they still belonged to the tenant in this way. */
export async function changeRole({ address, tenant, subject }: Belonging, role: Role, audit: Write): Promise<boolean> {
  const hash = sha256(address);
  const isSame = subject === undefined ? 'attribute_not_exists(subject)' : 'subject = :subject';
  const change = 'SET #role = :role';
  const values = { ':role': role, ':tenant': tenant };
  const ofPerson = subject === undefined ? [] : [personKey(subject)];
  const { done } = await commit([
    {
      ...addressLookup(hash),
      change,
      condition: `tenant = :tenant AND ${isSame}`,
      values: { ...values, ':subject': subject },
    },
    { ...memberKey(tenant, hash), change, condition: 'attribute_exists(pk)', values: { ':role': role } },
    ...ofPerson.map((key) => ({ ...key, change, condition: 'tenant = :tenant', values })),
    audit,
  ]);
  return done;
}

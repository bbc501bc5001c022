import { grantableScopes, initialScopes } from '#core/oauth/permission.ts';
import type { Person } from '#core/store/people.ts';
import { policyOf } from '#core/store/tenants.ts';
import { scopes as catalogue, type TenantPolicy, tools } from '#generated';

/** The scopes for a client that names none, and those ticked beforehand: none that need a role. */
export const byDefault = initialScopes(tools, catalogue);

/**
 * What a person is asked to grant: of what the client asked for, all that their role and the policy of their tenant
 * let them have. RFC 6749 §3.3.
 */
export function offerTo(
  { tenant, role = 'member' }: Pick<Person, 'tenant' | 'role'>,
  found: TenantPolicy | undefined,
  asked: readonly string[],
): readonly string[] {
  const grantable = grantableScopes(tools, { role, policy: policyOf(tenant, found) }, catalogue);
  return asked.filter((scope) => grantable.includes(scope));
}

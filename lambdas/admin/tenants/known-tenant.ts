import type { OAuthError } from '#core/oauth/error.ts';
import type { ListedTenant, Restrictions } from '#core/store/operator-tenants.ts';
import { find } from '#core/store/table.ts';
import { type Tenant, tenantLookup } from '#core/store/tenants.ts';
import { iso } from '../iso.ts';
import { refused } from '../operation.ts';

/** The tenant with this id. Throws a refusal if it doesn't exist. */
export async function requireTenant(id: string, now: number): Promise<Tenant> {
  const tenant = await find(tenantLookup(id), now);
  if (!tenant) throw noTenant(id);
  return tenant;
}

/** The refusal of a tenant that is not there. */
export function noTenant(id: string): OAuthError {
  return refused(`There is no tenant ${id}`);
}

/** A tenant and its policy for the operator's eyes. What is left out is not restricted. */
export function described({
  id,
  name,
  createdAt,
  tools,
  scopes,
  calls,
  provider,
  dpop,
}: ListedTenant & Restrictions): object {
  return {
    id,
    name,
    created_at: iso(createdAt),
    tools,
    scopes,
    calls_per_minute: calls?.minute,
    calls_per_hour: calls?.hour,
    sign_in_through: provider,
    dpop,
  };
}

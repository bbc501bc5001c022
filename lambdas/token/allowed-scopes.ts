import { grantableScopes, type Role } from '#core/oauth/permission.ts';
import { allottedScopes, allows, parseScope } from '#core/oauth/scope.ts';
import { policyOf } from '#core/store/tenants.ts';
import { scopes as catalogue, type TenantPolicy, tools } from '#generated';

/** What bounds the scopes of a token that nobody is asked about. What is left out does not. */
export type Allowed = {
  /** What the operator allows. */
  readonly most: readonly string[] | undefined;
  /** What an assertion allows; where it says nothing, nothing by that. */
  readonly ceiling?: string;
  readonly role: Role;
  readonly tenant: TenantPolicy | undefined;
  readonly asked: string | undefined;
};

/** The scopes of such a token: those asked for, limited by the operator, the assertion, the role and the policy. */
export function allowedScopes(
  tenantId: string,
  { most, ceiling = '', role, tenant, asked }: Allowed,
): readonly string[] {
  const standing = { role, policy: policyOf(tenantId, tenant) };
  const said = parseScope(ceiling);
  const bounds = [most, said.length > 0 ? said : undefined].filter((bound) => bound !== undefined);
  const allowed = grantableScopes(tools, standing, catalogue).filter((scope) =>
    bounds.every((bound) => allows(bound, scope, catalogue)),
  );
  return allottedScopes(asked, allowed, catalogue);
}

import type { ListedTrust } from '#core/store/trusts.ts';
import { iso } from '../iso.ts';

/** A trust as the command line shows it. */
export function described({
  id,
  tenant,
  kind,
  issuer,
  claims,
  scopes,
  role,
  jwksUri,
  isReusable,
  disabledAt,
  createdAt,
}: ListedTrust): object {
  return {
    trust: id,
    id: tenant,
    kind,
    issuer,
    state: disabledAt === undefined ? 'enabled' : 'disabled',
    claims,
    scopes,
    role,
    jwks_uri: jwksUri,
    is_reusable: isReusable || undefined,
    created_at: iso(createdAt),
  };
}

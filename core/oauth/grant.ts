import type { Grant } from './types.ts';

/** Says whether a grant holds now: it is there, has not ended, and its person may still sign in to the same tenant. */
export function isLive(
  grant: Grant | undefined,
  person: { readonly tenant: string; readonly disabledAt?: number | undefined } | undefined,
  now: number,
): grant is Grant {
  if (!hasNotEnded(grant, now)) return false;
  return person !== undefined && person.disabledAt === undefined && person.tenant === grant.tenant;
}

/** Says whether a grant is there, and neither was ended nor has expired. */
export function hasNotEnded(grant: Grant | undefined, now: number): grant is Grant {
  return grant !== undefined && grant.revokedAt === undefined && grant.expiresAt > now;
}

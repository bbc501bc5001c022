import { newId } from './digest.ts';
import type { Grant } from './types.ts';

/** The id of a new grant. The subject stands in it, so that grant and person are found in one round trip. */
export function newGrantId(subject: string): string {
  return grantIdOf(subject, newId());
}

/** The id of a grant, from its subject and what is the grant's own. */
export function grantIdOf(subject: string, own: string): string {
  return `${subject}~${own}`;
}

/** The subject of a grant. */
export function subjectOf(grantId: string): string {
  return grantId.split('~', 1)[0] ?? '';
}

/** What of a grant's id is the grant's own. */
export function ownPartOf(grantId: string): string {
  return grantId.slice(subjectOf(grantId).length + 1);
}

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

import { newId } from './digest.ts';
import { type Bearer, stillCounts } from './era.ts';
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

/** True if a grant holds now: it is there, has not ended, and still counts for its person. */
export function isLive(grant: Grant | undefined, person: Bearer | undefined, now: number): grant is Grant {
  return hasNotEnded(grant, now) && stillCounts(grant, person);
}

/** True if a grant is there, and neither was ended nor has expired. */
export function hasNotEnded(grant: Grant | undefined, now: number): grant is Grant {
  return grant !== undefined && grant.revokedAt === undefined && grant.expiresAt > now;
}

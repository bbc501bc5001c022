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

/** The id of a new grant that hangs on a trust, which stands in it too, so that both are found in one round trip. */
export function newTrustedGrantId(subject: string, trustId: string): string {
  return grantIdOf(subject, `${trustId}_${newId()}`);
}

/** The trust that a grant hangs on, if it does on one. */
export function trustOf(grantId: string): string | undefined {
  return /^([A-Za-z0-9]+)_/.exec(ownPartOf(grantId))?.[1];
}

/** True if a grant hangs on no trust, or on one that still counts as it did. */
export function holdsItsTrust(grant: Grant, trust: Bearer | undefined): boolean {
  if (grant.trust === undefined) return trustOf(grant.id) === undefined;
  return stillCounts({ tenant: grant.tenant, era: grant.trust.era }, trust);
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

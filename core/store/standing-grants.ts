import { sha256 } from '#core/oauth/digest.ts';
import type { Grant, Means } from '#core/oauth/types.ts';
import { grantLookup } from './grants.ts';
import { personKey } from './people.ts';
import type { Lookup, Write } from './table.ts';

/** Which grant serves whoever comes again in the same way, so that not every token makes one. */
export type Standing = { readonly grantId: string };

/**
 * By what a grant is found again: by what it came about, for whom, and for which client. Under a trust also by the trust
 * and the scopes, which no later assertion may widen.
 */
export type Occasion = {
  readonly means: Means;
  readonly subject: string;
  readonly clientId: string;
  readonly trustId?: string;
  readonly scopes?: readonly string[];
};

const KEPT_SECONDS = 30 * 86_400;

/** Where it says which grant serves: beside what else is kept of the principal, so that it goes with that. */
export function standingLookup({
  means,
  subject,
  clientId,
  trustId,
  scopes,
}: Occasion): Lookup<Standing> & { pk: string; sk: string } {
  const occasion = sha256(JSON.stringify([subject, means, clientId, trustId, scopes]));
  return { pk: personKey(subject).pk, sk: `STANDING#${occasion}` };
}

/** Lets a grant serve from now on, unless another one does so meanwhile. */
export function stand(occasion: Occasion, grant: Grant, known: Standing | undefined, now: number): Write {
  return {
    ...standingLookup(occasion),
    change: 'SET grantId = :grantId, #ttl = :ttl',
    condition: known ? 'grantId = :known' : 'attribute_not_exists(pk) OR #ttl <= :now',
    values: {
      ':grantId': grant.id,
      ':ttl': grant.expiresAt + KEPT_SECONDS,
      ':known': known?.grantId,
      ':now': known ? undefined : now,
    },
  };
}

/** Lets a grant live on as this one does, and notes when, from where and with which key it was used. Holds only while it has not ended. */
export function prolong({ id, tenant, era = 0, expiresAt, ratchet, jkt }: Grant, now: number): Write {
  const sameEra = era === 0 ? 'attribute_not_exists(era)' : 'era = :era';
  return {
    ...grantLookup(id),
    change: `SET expiresAt = :expiresAt, ratchet = :ratchet, #ttl = :ttl${jkt === undefined ? ' REMOVE jkt' : ', jkt = :jkt'}`,
    condition: `attribute_not_exists(revokedAt) AND expiresAt > :now AND tenant = :tenant AND ${sameEra}`,
    values: {
      ':expiresAt': expiresAt,
      ':ratchet': ratchet,
      ':ttl': expiresAt + KEPT_SECONDS,
      ':now': now,
      ':jkt': jkt,
      ':tenant': tenant,
      ':era': era === 0 ? undefined : era,
    },
  };
}

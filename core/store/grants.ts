import { hasNotEnded } from '#core/oauth/grant.ts';
import type { Grant, Ratchet } from '#core/oauth/types.ts';
import { personKey } from './people.ts';
import { change, findAll, type Key, type Lookup, type Outcome, query, type Write } from './table.ts';

/** An ended grant is kept for a while, so that its tokens are told from made-up ones. */
const KEPT_SECONDS = 30 * 86_400;
const POINTER = 'GRANT#';
const PAGE = 100;

/** Where a grant is. */
export function grantLookup(id: string): Lookup<Grant> {
  return { pk: `GRANT#${id}`, sk: 'GRANT' };
}

/** Makes a grant, and the pointer by which its person finds it, which stays for as long as the grant can live. */
export function newGrant(grant: Grant, latestEnd: number): Write[] {
  const { id, clientId, subject, createdAt, expiresAt } = grant;
  return [
    { ...grantLookup(id), put: { ...grant, ttl: expiresAt + KEPT_SECONDS } },
    { ...personKey(subject), sk: `${POINTER}${id}`, put: { clientId, createdAt, ttl: latestEnd } },
  ];
}

/** A page of a person's grants that have not ended, and where the next page starts, if there is one. */
export async function grantsOf(
  subject: string,
  now: number,
  after?: string,
): Promise<{ readonly grants: readonly Grant[]; readonly next: string | undefined }> {
  const { items, next } = await query<Key>(personKey(subject).pk, { after, prefix: POINTER, most: PAGE, now });
  const ids = items.map(({ sk }) => sk.slice(POINTER.length));
  const found = ids.length === 0 ? [] : await findAll(ids.map(grantLookup), now);
  return { grants: found.filter((grant) => hasNotEnded(grant, now)), next };
}

/** Spends the current refresh token. A loser gets the grant as the winner left it. RFC 6749 §6, RFC 9700 §4.14.2. */
export function rotate(grant: Grant, ratchet: Ratchet, expiresAt: number): Promise<Outcome<Grant>> {
  return change(grantLookup(grant.id), {
    change: 'SET ratchet = :ratchet, expiresAt = :expiresAt, #ttl = :ttl',
    condition: 'attribute_exists(pk) AND attribute_not_exists(revokedAt) AND ratchet.#hash = :spent',
    values: {
      ':ratchet': ratchet,
      ':expiresAt': expiresAt,
      ':ttl': expiresAt + KEPT_SECONDS,
      ':spent': grant.ratchet.hash,
    },
  });
}

/** What is noted of a rotation, once for each. */
export type Note = 'lateAt' | 'elsewhereAt';

/** Notes that something is odd about the last rotation of a grant. Noting it again fails the condition. */
export function noted({ id, ratchet }: Grant, note: Note): Write {
  return {
    ...grantLookup(id),
    change: `SET ${note} = :generation`,
    condition: `attribute_exists(pk) AND (attribute_not_exists(${note}) OR ${note} < :generation)`,
    values: { ':generation': ratchet.generation },
  };
}

/** Ends a grant and all its tokens. Ending it twice fails the condition and changes nothing. RFC 7009 §2.1. */
export function endGrant(id: string, now: number): Write {
  return {
    ...grantLookup(id),
    change: 'SET revokedAt = :now',
    condition: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)',
    values: { ':now': now },
  };
}

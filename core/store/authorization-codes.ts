import type { AuthorizationCode } from '#core/oauth/types.ts';
import type { Lookup, Write } from './table.ts';

const KEPT_SECONDS = 86_400;

/** Where a code is. Only its hash is known here. */
export function codeLookup(hash: string): Lookup<AuthorizationCode> {
  return { pk: `CODE#${hash}`, sk: 'CODE' };
}

/** Keeps a new code: a day longer than it can be redeemed, so that a replay is recognised. RFC 6749 §4.1.2. */
export function newCode(code: AuthorizationCode): Write {
  return { ...codeLookup(code.hash), put: { ...code, ttl: code.expiresAt + KEPT_SECONDS } };
}

/** Marks a code used, once. The loser of a race finds the condition failed: its code is a replay. RFC 6749 §4.1.2. */
export function takeCode(hash: string, now: number): Write {
  return {
    ...codeLookup(hash),
    change: 'SET usedAt = :now',
    condition: 'attribute_exists(pk) AND attribute_not_exists(usedAt)',
    values: { ':now': now },
  };
}

import type { Grant } from './types.ts';

/** Says whether a grant still holds: it is there, nobody ended it, and its person may still sign in. */
export function isLive(
  grant: Grant | undefined,
  person: { readonly disabledAt?: number | undefined } | undefined,
): grant is Grant {
  return (
    grant !== undefined && grant.revokedAt === undefined && person !== undefined && person.disabledAt === undefined
  );
}

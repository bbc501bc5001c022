/** What of a person decides whether something of theirs counts. */
export type Bearer = { readonly tenant: string; readonly disabledAt?: number; readonly era?: number | undefined };

/** What was begun for a person: in a tenant of theirs, and in an era. */
type Begun = { readonly tenant: string; readonly era?: number | undefined };

/**
 * True if what was begun for a person still counts: they may sign in, belong to the same tenant, and nobody has ended
 * everything since. A person's era is a number that grows each time somebody does; it is not a time, so no clock decides.
 */
export function stillCounts({ tenant, era = 0 }: Begun, person: Bearer | undefined): person is Bearer {
  if (person === undefined || person.disabledAt !== undefined) return false;
  return person.tenant === tenant && (person.era ?? 0) === era;
}

import type { Lookup, Write } from './table.ts';

const REMEMBERED_SECONDS = 60;

/** Where the cancellation of a request is: requests are told apart by their ids within a grant. */
export function cancellationLookup(grantId: string, requestId: string): Lookup<unknown> {
  return { pk: `CANCELLATION#${grantId}`, sk: requestId };
}

/** Remembers that a client takes a request back, for as long as one can last. */
export function newCancellation(grantId: string, requestId: string, now: number): Write {
  return { ...cancellationLookup(grantId, requestId), put: { ttl: now + REMEMBERED_SECONDS } };
}

import { ALWAYS, change, type Lookup } from './table.ts';

const REMEMBERED_SECONDS = 60;

/** A request that its client took back. */
type Cancellation = { readonly cancelledAt: number };

/** Where the cancellation of a request is: requests are told apart by their ids within a grant. */
export function cancellationLookup(grantId: string, requestId: string): Lookup<Cancellation> {
  return { pk: `CANCELLATION#${grantId}`, sk: requestId };
}

/**
 * Remembers that a client takes a request back, for as long as one can last. Ids begin anew with each connection, so
 * the last one counts.
 */
export async function keepCancellation(grantId: string, requestId: string, now: number): Promise<void> {
  await change(cancellationLookup(grantId, requestId), {
    change: 'SET cancelledAt = :now, #ttl = :ttl',
    condition: ALWAYS,
    values: { ':now': now, ':ttl': now + REMEMBERED_SECONDS },
  });
}

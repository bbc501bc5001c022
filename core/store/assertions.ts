import type { Assertion } from '#core/oauth/client-assertion.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { commit } from './table.ts';

const CLOCK_TOLERANCE_SECONDS = 60;

/** Takes a client's assertion, once. True if this was the first time. RFC 7523 §3, 7. */
export async function takeAssertion(clientId: string, { id, expiresAt }: Assertion): Promise<boolean> {
  const key = { pk: `ASSERTION#${sha256(JSON.stringify([clientId, id]))}`, sk: 'ASSERTION' };
  const { done } = await commit([{ ...key, put: { ttl: expiresAt + CLOCK_TOLERANCE_SECONDS } }]);
  return done;
}

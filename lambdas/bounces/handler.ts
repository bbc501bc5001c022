import { sha256 } from '#core/oauth/digest.ts';
import { audited } from '#core/store/audit.ts';
import { suppress } from '#core/store/people.ts';
import { type Feedback, readFeedback } from './feedback.ts';

const operator = { subject: 'operator', tenant: 'operator' };

/** Stops mail to an address after a permanent bounce or a complaint. Told twice, it does it once. */
export async function handler(event: unknown): Promise<void> {
  const feedback = readFeedback(event);
  for (const address of feedback.addresses) {
    const addressHash = sha256(address);
    console.info({ mail: feedback.kind, address: addressHash, stopped: await stop(addressHash, feedback) });
  }
}

async function stop(address: string, { reason, happenedAtMilliseconds }: Feedback): Promise<boolean> {
  if (reason === undefined) return false;
  const audit = audited(operator, { event: 'suppression', address, reason }, happenedAtMilliseconds);
  return suppress(address, Math.floor(happenedAtMilliseconds / 1_000), audit);
}

import { countEvent } from '#core/http/metrics.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { audited } from '#core/store/audit.ts';
import { hidden } from '#core/store/hidden.ts';
import { suppress } from '#core/store/people.ts';
import { strangerMailsLost } from '#core/store/stranger-mails.ts';
import { commit } from '#core/store/table.ts';
import { type Feedback, readFeedback } from './feedback.ts';

const operator = { subject: 'operator', tenant: 'operator' };

/**
 * Stops mail to an address after a permanent bounce or a complaint, and takes from what may be mailed to strangers. Told
 * twice, it does it once.
 */
export async function handler(event: unknown): Promise<void> {
  const feedback = readFeedback(event);
  for (const address of feedback.addresses) {
    const addressHash = sha256(address);
    const shown = await hidden('address', address);
    console.info({ mail: feedback.kind, address: shown, stopped: await stop(addressHash, shown, feedback) });
  }
}

async function stop(
  addressHash: string,
  address: string,
  { reason, happenedAtMilliseconds }: Feedback,
): Promise<boolean> {
  if (reason === undefined) return false;
  const happenedAt = Math.floor(happenedAtMilliseconds / 1_000);
  const { today, tomorrow } = strangerMailsLost(addressHash, reason, happenedAt);
  const audit = audited(operator, { event: 'suppression', address, reason }, happenedAtMilliseconds);
  const isNew = await suppress(addressHash, happenedAt, [audit, ...today]);
  if (!isNew) return false;
  countEvent(reason === 'bounce' ? 'MailBounces' : 'MailComplaints');
  if (tomorrow.length > 0) await commit(tomorrow);
  return true;
}

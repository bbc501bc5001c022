import { countEvent } from '#core/http/metrics.ts';
import { networkRates } from '#core/network-rates.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { audited } from '#core/store/audit.ts';
import { hidden } from '#core/store/hidden.ts';
import { suppress } from '#core/store/people.ts';
import { networkMailsLost, returned, strangerMailsLost } from '#core/store/stranger-mails.ts';
import { commit } from '#core/store/table.ts';
import { type Feedback, readFeedback } from './feedback.ts';

const operator = { subject: 'operator', tenant: 'operator' };

/**
 * Stops mail to an address after a permanent bounce or a complaint, and takes from what may be mailed to strangers: from
 * what all have, and from the network that asked for the mail. Told twice, it does it once.
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
  { reason, sourceIp, happenedAtMilliseconds }: Feedback,
): Promise<boolean> {
  if (reason === undefined) return false;
  const happenedAt = Math.floor(happenedAtMilliseconds / 1_000);
  const networks = sourceIp === undefined ? [] : networkRates('mailsToStrangersPerNetwork', { sourceIp });
  const cause = networks.slice(-1).flatMap(({ subject }) => returned(subject, reason, happenedAt));
  const fromAll = strangerMailsLost(reason, happenedAt);
  const writes = [
    audited(operator, { event: 'suppression', address, reason }, happenedAtMilliseconds),
    ...networkMailsLost(networks, reason, happenedAt),
  ];
  const suppressed = await suppress(addressHash, happenedAt, [...cause, ...fromAll.today, ...writes]);
  const takesFromAll = suppressed === 'done';
  const hasCausedEnough = suppressed !== 'known' && suppressed !== 'done' && suppressed < cause.length;
  const isNew = takesFromAll || (hasCausedEnough && (await suppress(addressHash, happenedAt, writes)) === 'done');
  if (!isNew) return false;
  countEvent(reason === 'bounce' ? 'MailBounces' : 'MailComplaints');
  if (takesFromAll) await Promise.all(fromAll.tomorrow.map((write) => commit([write])));
  return true;
}

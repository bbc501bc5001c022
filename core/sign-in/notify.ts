import { setTimeout as wait } from 'node:timers/promises';
import { countEvent } from '#core/http/metrics.ts';
import type { Request } from '#core/http/request.ts';
import { send } from '#core/mail/send.ts';
import { noticesTo } from '#core/person-rates.ts';
import { taking } from '#core/store/rates.ts';
import type { Write } from '#core/store/table.ts';
import { notices } from '#generated';
import { noticeMail, type Occasion, type Recipient } from './notice-mail.ts';

/** As long as an answer may wait for SES to take a notice. What takes longer goes on with the next request. */
const MOST_WAIT_MILLISECONDS = 250;

/**
 * Counts a notice to a person in the transaction that it tells of. None where there are to be none; the write fails when
 * they have had so many that another would be a flood.
 */
export function countedNotice(subject: string, now: number): Write[] {
  if (!notices) return [];
  const rate = noticesTo(subject);
  const one = Object.fromEntries(Object.keys(rate.windows).map((window) => [window, 1]));
  return taking(rate, one, now, rate.windows);
}

/** Mails a notice. Whatever becomes of it, what it tells of has happened, so it fails nothing and is not waited for long. */
export async function notify(occasion: Occasion, recipient: Recipient, request: Request): Promise<void> {
  const { sourceIp, now } = request;
  const sent = send(noticeMail({ ...recipient, occasion, sourceIp, now })).catch(() => countEvent('MailFailures'));
  await Promise.race([sent, wait(MOST_WAIT_MILLISECONDS)]);
}

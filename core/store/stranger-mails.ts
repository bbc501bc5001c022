import type { Windows } from '#core/limits.ts';
import { limits } from '#generated';
import { type Rate, taking } from './rates.ts';

const DAY_SECONDS = 86_400;
const MOST_SHARDS = 8;
const LEAST_IN_A_SHARD = 250;

/**
 * The budget of the whole deployment for mail to people it does not know, in one of several counters, so that a rush
 * heats no partition. An address always counts in the same one, and all together never hold more than the budget.
 */
export function strangerMails(addressHash: string): Rate {
  const { mailsToStrangers: windows } = limits;
  const least = Math.min(...Object.values(windows));
  const shards = Math.min(MOST_SHARDS, Math.max(1, Math.floor(least / LEAST_IN_A_SHARD)));
  const shard = Buffer.from(addressHash, 'base64url').readUInt8(0) % shards;
  return { limit: 'mailsToStrangers', subject: String(shard), windows: divided(windows, shards) };
}

/**
 * What mail that came back takes from that budget: of the day on which it did, and of the next up to a half, so that
 * somebody who has mail sent to nobody cannot begin anew at midnight.
 */
export function strangerMailsLost(addressHash: string, reason: keyof typeof parts, now: number) {
  const rate = strangerMails(addressHash);
  const lost = divided(limits.mailsToStrangers, parts[reason], Math.ceil);
  const { day } = rate.windows;
  if (day === undefined) return { today: taking(rate, lost, now), tomorrow: [] };
  const { day: lostADay = 0 } = lost;
  const tomorrow = taking(rate, { day: lostADay }, now + DAY_SECONDS, { day: Math.ceil(day / 2) });
  return { today: taking(rate, lost, now), tomorrow };
}

/** What part of the whole budget each takes. */
const parts = { bounce: 50, complaint: 10 };

function divided(windows: Windows, parts: number, round = Math.floor): Windows {
  return Object.fromEntries(Object.entries(windows).map(([window, most]) => [window, round(most / parts)]));
}

import type { Windows } from '#core/limits.ts';
import { limits } from '#generated';
import { type Rate, taking } from './rates.ts';
import type { Write } from './table.ts';

const DAY_SECONDS = 86_400;
const MOST_SHARDS = 8;
const LEAST_IN_A_SHARD = 250;

/**
 * The budget of the whole deployment for mail to people it does not know, in one of several counters, so that a rush
 * heats no partition. An address always counts in the same one, and all together never hold more than the budget.
 */
export function strangerMails(addressHash: string): Rate {
  return shardRate(Buffer.from(addressHash, 'base64url').readUInt8(0) % shardCount());
}

function shardCount(): number {
  const least = Math.min(...Object.values(limits.mailsToStrangers));
  return Math.min(MOST_SHARDS, Math.max(1, Math.floor(least / LEAST_IN_A_SHARD)));
}

function shardRate(shard: number): Rate {
  return {
    limit: 'mailsToStrangers',
    subject: String(shard),
    windows: divided(limits.mailsToStrangers, shardCount()),
  };
}

/** Why no more mail goes to an address. */
export type Reason = 'bounce' | 'complaint';

/** What part of the whole budget each takes from all, what part of its own from a network, and as how many it counts. */
const parts = {
  bounce: { ofAll: 50, ofNetwork: 10, weight: 1 },
  complaint: { ofAll: 10, ofNetwork: 2, weight: 5 },
};

/**
 * What mail that came back takes from that budget: from each of its counters alike, or somebody who chooses the addresses
 * would choose whose mail stops. Of the day on which it did, and of the next up to a half, so that somebody who has mail
 * sent to nobody cannot begin anew at midnight.
 */
export function strangerMailsLost(
  reason: Reason,
  now: number,
): { readonly today: Write[]; readonly tomorrow: Write[] } {
  const shards = Array.from({ length: shardCount() }, (_, shard) => shardRate(shard));
  const lost = divided(limits.mailsToStrangers, parts[reason].ofAll * shards.length, Math.ceil);
  const today = shards.flatMap((rate) => taking(rate, lost, now));
  const { day } = lost;
  if (day === undefined) return { today, tomorrow: [] };
  const tomorrow = shards.flatMap((rate) => {
    const half = Math.ceil((rate.windows.day ?? 0) / 2);
    return taking(rate, { day }, now + DAY_SECONDS, { day: half });
  });
  return { today, tomorrow };
}

/** What it takes from the newcomers of the network that asked for it. The narrowest is the first. */
export function networkMailsLost(networks: readonly Rate[], reason: Reason, now: number): Write[] {
  const lost = divided(networks[0]?.windows ?? {}, parts[reason].ofNetwork, Math.ceil);
  return networks.flatMap((rate) => taking(rate, lost, now));
}

/** Counts what a network has caused. Holds while it has caused less than takes from all. */
export function returned(network: string, reason: Reason, now: number): Write[] {
  const { mailsReturnedPerNetwork: windows } = limits;
  const { weight } = parts[reason];
  const each = Object.fromEntries(Object.keys(windows).map((window) => [window, weight]));
  return taking({ limit: 'mailsReturnedPerNetwork', subject: network, windows }, each, now, windows);
}

function divided(windows: Windows, parts: number, round = Math.floor): Windows {
  return Object.fromEntries(Object.entries(windows).map(([window, most]) => [window, round(most / parts)]));
}

import type { QuotaName } from '#core/limits.ts';
import type { Principal } from '#core/oauth/types.ts';
import { quotas } from '#generated';
import { ALWAYS, type Change, type Key } from './table.ts';

/** What a call adds to what somebody keeps, or takes from it where it is below zero. */
export type Kept = { readonly items: number; readonly bytes: number };

/** A part of a transaction, and what to say when there is no room for it. */
export type Keeping = Key & Change & { readonly refusal: string };

/** Where it is counted what somebody keeps. */
export function quotaKey(name: QuotaName, { subject, tenant }: Principal): Key {
  return { pk: `QUOTA#${name}#${tenant}#${subject}`, sk: 'QUOTA' };
}

/**
 * Counts what somebody keeps with the write that keeps it, so that it takes no round trip of its own. The condition
 * fails when that would be more than their quota; taking away always holds.
 */
export function keeping(name: QuotaName, { subject, tenant }: Principal, { items, bytes }: Kept): Keeping {
  const most = quotas[name];
  const itemsLeft = most.items - items;
  const bytesLeft = most.bytes - bytes;
  const room = [
    ...(items > 0 ? [hasRoom('keptItems', 'itemsLeft', itemsLeft)] : []),
    ...(bytes > 0 ? [hasRoom('keptBytes', 'bytesLeft', bytesLeft)] : []),
  ];
  const values = {
    ':items': items,
    ':bytes': bytes,
    ...(items > 0 ? { ':itemsLeft': itemsLeft } : {}),
    ...(bytes > 0 ? { ':bytesLeft': bytesLeft } : {}),
  };
  return {
    ...quotaKey(name, { subject, tenant }),
    change: 'ADD keptItems :items, keptBytes :bytes',
    condition: room.join(' AND ') || ALWAYS,
    values,
    refusal: `There is no room for that: one person keeps ${most.items.toLocaleString('en')} of these at most, and ${most.bytes.toLocaleString('en')} bytes. Nothing was saved; delete some first.`,
  };
}

/** Who keeps nothing yet has room for what is no more than all that may be kept. */
function hasRoom(kept: string, left: string, most: number): string {
  const isLittle = `${kept} <= :${left}`;
  return most < 0 ? isLittle : `(attribute_not_exists(${kept}) OR ${isLittle})`;
}

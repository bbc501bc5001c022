import type { AuditItem } from './audit.ts';
import { partitionsOf } from './audit-partitions.ts';
import { type Key, query } from './table.ts';

/** A part of a day's trail: of a whole tenant or of one person in it, after a position of an earlier part. */
type Part = {
  readonly tenant: string;
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly subject?: string | undefined;
  readonly after?: string | undefined;
  /** From the newest on: after a position is before it in time. */
  readonly backwards?: true;
  /** How many items each shard is asked for. */
  readonly most: number;
  /** Leaves out what has expired by then. */
  readonly now?: number;
};

type Stored = AuditItem & Key & { readonly ttl?: number };

/** Where an item stands in the trail of its tenant. */
export type Placed = AuditItem & { readonly position: string };

/**
 * Reads a part of a day's audit trail in the order of time, or backwards, and the position to go on after, if there may
 * be more.
 */
export async function readTrail(part: Part): Promise<{ readonly items: readonly Placed[]; readonly next?: string }> {
  const { tenant, day, subject, ...page } = part;
  const shards = await Promise.all(
    partitionsOf(tenant, day, subject).map((partition) => query<Stored>(partition, page)),
  );
  const inOrder = (one: string, other: string) => (one < other === (part.backwards === undefined) ? -1 : 1);
  const [end] = shards.flatMap(({ next }) => next ?? []).sort(inOrder);
  const items = shards
    .flatMap((shard) => shard.items)
    .filter(({ sk }) => end === undefined || sk === end || inOrder(sk, end) < 0)
    .filter((item) => subject === undefined || item.subject === subject)
    .map(({ pk: _pk, sk, ttl: _ttl, ...item }) => ({ ...item, position: sk }))
    .sort((one, other) => inOrder(one.position, other.position));
  return end === undefined ? { items } : { items, next: end };
}

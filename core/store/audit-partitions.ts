import { sha256 } from '#core/oauth/digest.ts';

const SHARDS = 16;

/** The partition that holds what a person did on a day, among what others did. */
export function partitionOf(tenant: string, day: string, subject: string): string {
  return partition(tenant, day, shardOf(subject));
}

/** The partitions of a tenant's day, or the one that holds a person's items, among others'. */
export function partitionsOf(tenant: string, day: string, subject?: string): readonly string[] {
  if (subject !== undefined) return [partitionOf(tenant, day, subject)];
  return [...Array(SHARDS).keys()].map((shard) => partition(tenant, day, shard));
}

function shardOf(subject: string): number {
  return (Buffer.from(sha256(subject), 'base64url')[0] ?? 0) % SHARDS;
}

function partition(tenant: string, day: string, shard: number): string {
  return `AUDIT#${tenant}#${day}#${shard}`;
}

import { monotonicFactory } from 'ulid';
import type { Principal } from '#core/oauth/types.ts';
import { auditSeconds } from '#generated';
import type { AuditEvent } from './audit-events.ts';
import { partitionOf } from './audit-partitions.ts';
import type { Write } from './table.ts';

/** The items of one request stand in the order in which they were made, though they have its time in common. */
const nextUlid = monotonicFactory();

/** An audit item. It is only ever added: no write here changes or removes one. */
export function audited({ subject, tenant }: Principal, event: AuditEvent, nowMilliseconds: number): Write {
  const time = new Date(nowMilliseconds).toISOString();
  return {
    pk: partitionOf(tenant, time.slice(0, 10), subject),
    sk: `${time}#${nextUlid(nowMilliseconds)}`,
    put: { subject, tenant, at: time, ...event, ttl: Math.floor(nowMilliseconds / 1_000) + auditSeconds },
  };
}

/** An audit item as it is read back. */
export type AuditItem = Principal & AuditEvent & { readonly at: string };

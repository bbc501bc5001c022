import { ulid } from 'ulid';
import { sha256 } from '#core/oauth/digest.ts';
import type { Principal } from '#core/oauth/types.ts';
import { auditSeconds } from '#generated';
import type { Write } from './table.ts';

const SHARDS = 16;

/** What is worth knowing afterwards. Nothing in it is a secret, a token or the text of an argument. */
export type AuditEvent =
  | { readonly event: 'sign_in' }
  | { readonly event: 'grant' | 'revocation'; readonly clientId: string; readonly grantId: string }
  /** A genuine code or token that was refused, and the client that showed it. */
  | { readonly event: 'refusal'; readonly clientId: string; readonly grantId: string; readonly reason: string }
  | { readonly event: 'assertion_replay'; readonly clientId: string }
  | { readonly event: 'admin_change'; readonly command: string; readonly target: string }
  | {
      readonly event: 'code_replay' | 'refresh_repeat' | 'refresh_theft';
      readonly clientId: string;
      readonly grantId: string;
    }
  /** A call of a tool, resource or prompt. A public call comes from no client that is known, and from no grant. */
  | {
      readonly event: AccessEvent;
      readonly clientId?: string | undefined;
      readonly grantId?: string | undefined;
      readonly tool: string;
      readonly outcome: CallOutcome;
      readonly argumentsDigest: string;
    };

export type AccessEvent = 'tool_call' | 'resource_read' | 'prompt_get';

/**
 * What became of a call. Before a tool acts beyond the table it is `started`; a question to the person is `asked`,
 * and what they refuse is `declined`.
 */
export const callOutcomes = ['allowed', 'denied', 'failed', 'started', 'asked', 'declined'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** An audit item. It is only ever added: no write here changes or removes one. */
export function audited({ subject, tenant }: Principal, event: AuditEvent, nowMilliseconds: number): Write {
  const time = new Date(nowMilliseconds).toISOString();
  return {
    pk: partition(tenant, time.slice(0, 10), shardOf(subject)),
    sk: `${time}#${ulid(nowMilliseconds)}`,
    put: { subject, tenant, at: time, ...event, ttl: Math.floor(nowMilliseconds / 1_000) + auditSeconds },
  };
}

/** An audit item as it is read back. */
export type AuditItem = Principal & AuditEvent & { readonly at: string };

/** The partitions of a tenant's day, or the one that holds a person's items, among others'. */
export function partitionsOf(tenant: string, day: string, subject?: string): readonly string[] {
  const shards = subject === undefined ? [...Array(SHARDS).keys()] : [shardOf(subject)];
  return shards.map((shard) => partition(tenant, day, shard));
}

function shardOf(subject: string): number {
  return (Buffer.from(sha256(subject), 'base64url')[0] ?? 0) % SHARDS;
}

function partition(tenant: string, day: string, shard: number): string {
  return `AUDIT#${tenant}#${day}#${shard}`;
}

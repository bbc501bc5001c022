import { monotonicFactory } from 'ulid';
import type { Principal } from '#core/oauth/types.ts';
import { auditSeconds } from '#generated';
import { partitionOf } from './audit-partitions.ts';
import type { Write } from './table.ts';

/** The items of one request stand in the order in which they were made, though they have its time in common. */
const nextUlid = monotonicFactory();

/** What is worth knowing afterwards. Nothing in it is a secret, a token or the text of an argument. */
export type AuditEvent =
  | { readonly event: 'sign_in' }
  | { readonly event: 'grant' | 'revocation'; readonly clientId: string; readonly grantId: string }
  /** A genuine code or token that was refused, and the client that showed it. */
  | { readonly event: 'refusal'; readonly clientId: string; readonly grantId: string; readonly reason: string }
  | { readonly event: 'assertion_replay'; readonly clientId: string }
  /** Mail to an address, known by its hash, stops because of what came back. */
  | { readonly event: 'suppression'; readonly address: string; readonly reason: 'bounce' | 'complaint' }
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
      /** It failed because its time was used up. */
      readonly reason?: 'time';
    };

export type AccessEvent = 'tool_call' | 'resource_read' | 'prompt_get';

/** The names of all events. A new one that is left out here does not compile. */
const events: Readonly<Record<AuditEvent['event'], true>> = {
  ...{ sign_in: true, grant: true, revocation: true, refusal: true, assertion_replay: true, admin_change: true },
  ...{ code_replay: true, refresh_repeat: true, refresh_theft: true },
  ...{ tool_call: true, resource_read: true, prompt_get: true, suppression: true },
};
export const auditEvents: readonly string[] = Object.keys(events);

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
    pk: partitionOf(tenant, time.slice(0, 10), subject),
    sk: `${time}#${nextUlid(nowMilliseconds)}`,
    put: { subject, tenant, at: time, ...event, ttl: Math.floor(nowMilliseconds / 1_000) + auditSeconds },
  };
}

/** An audit item as it is read back. */
export type AuditItem = Principal & AuditEvent & { readonly at: string };

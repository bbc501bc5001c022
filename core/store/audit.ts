import { ulid } from 'ulid';
import { sha256 } from '#core/oauth/digest.ts';
import type { Principal } from '#core/oauth/types.ts';
import type { Write } from './table.ts';

const SHARDS = 16;

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
  | {
      readonly event: 'tool_call';
      readonly clientId: string;
      readonly grantId: string;
      readonly tool: string;
      readonly outcome: 'allowed' | 'denied' | 'failed';
      readonly argumentsDigest: string;
    };

/** An audit item. It is only ever added: no write here changes or removes one. */
export function audited({ subject, tenant }: Principal, event: AuditEvent, nowMilliseconds: number): Write {
  const time = new Date(nowMilliseconds).toISOString();
  const shard = (Buffer.from(sha256(subject), 'base64url')[0] ?? 0) % SHARDS;
  return {
    pk: `AUDIT#${tenant}#${time.slice(0, 10)}#${shard}`,
    sk: `${time}#${ulid(nowMilliseconds)}`,
    put: { subject, tenant, at: time, ...event },
  };
}

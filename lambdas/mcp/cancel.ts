import { jsonMembers } from '#core/http/json-rpc.ts';
import { keepCancellation } from '#core/store/cancellations.ts';
import type { Exchange } from './exchange.ts';

const LONGEST_ID = 100;

/** Remembers that a client takes a request back: another process may be at work on it. MCP 2025-11-25, Cancellation. */
export async function rememberCancellation({ caller, message, request }: Exchange): Promise<void> {
  if (message.method !== 'notifications/cancelled' || caller.grantId === undefined) return;
  const { requestId } = jsonMembers(message.params);
  const id = typeof requestId === 'string' || typeof requestId === 'number' ? String(requestId) : '';
  if (id && id.length <= LONGEST_ID) await keepCancellation(caller.grantId, id, request.now);
}

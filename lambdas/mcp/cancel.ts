import { jsonMembers } from '#core/http/json-rpc.ts';
import { cancellationLookup, keepCancellation } from '#core/store/cancellations.ts';
import { find } from '#core/store/table.ts';
import type { Exchange } from './exchange.ts';

const LONGEST_ID = 100;

/** Remembers that a client takes a request back: another process may be at work on it. MCP 2025-11-25, Cancellation. */
export async function rememberCancellation({ caller, message, request }: Exchange): Promise<void> {
  if (message.method !== 'notifications/cancelled' || caller.grantId === undefined) return;
  const id = idIn(jsonMembers(message.params).requestId);
  if (id !== undefined) await keepCancellation(caller.grantId, id, request.now);
}

/** True if the client has taken this request back. One of the same id that was taken back before this one began is another. */
export async function isCancelled({ caller, message, request }: Exchange): Promise<boolean> {
  const id = idIn(message.id);
  if (id === undefined || caller.grantId === undefined) return false;
  const cancellation = await find(cancellationLookup(caller.grantId, id), request.now);
  return cancellation !== undefined && cancellation.cancelledAt >= request.now;
}

/** The id of a request, by which its cancellation is kept. Undefined for one that is too long to be. */
function idIn(sent: unknown): string | undefined {
  const id = typeof sent === 'string' || typeof sent === 'number' ? String(sent) : '';
  return id === '' || id.length > LONGEST_ID ? undefined : id;
}

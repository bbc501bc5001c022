import type { Call } from '#tools/define-tool.ts';
import type { McpRequest } from './confirmation.ts';
import type { Exchange } from './exchange.ts';

/** Below the time that the Lambda has, so that a tool that waits in vain can still say so. */
const LONGEST_MILLISECONDS = 20_000;

/** A call as the tools, resources and prompts see it. What it writes or attaches counts for nothing. */
export function callOf(exchange: Exchange, mcpRequest?: McpRequest): Call {
  const { caller, request } = exchange;
  const { principal, standing, scopes, clientId = '' } = caller;
  const { now, nowMilliseconds } = request;
  const timeOver = AbortSignal.timeout(LONGEST_MILLISECONDS);
  const signal = mcpRequest ? AbortSignal.any([mcpRequest.signal, timeOver]) : timeOver;
  return {
    ...principal,
    role: standing.role,
    clientId,
    scopes,
    now,
    nowMilliseconds,
    signal,
    requireTime: () => exchange.requireTime(signal),
    progress: (step) => tellProgress(step, mcpRequest),
    write: () => undefined,
    keep: () => undefined,
    attach: () => undefined,
  };
}

/** Only a client that sent a token for it wants to know. MCP 2026-07-28, Progress. */
async function tellProgress({ done, total, message }: Parameters<Call['progress']>[0], mcpRequest?: McpRequest) {
  const progressToken = mcpRequest?._meta?.progressToken;
  if (progressToken === undefined) return;
  const known = { ...(total !== undefined && { total }), ...(message !== undefined && { message }) };
  await mcpRequest?.notify({ method: 'notifications/progress', params: { progressToken, progress: done, ...known } });
}

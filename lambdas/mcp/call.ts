import type { Request } from '#core/http/request.ts';
import type { Role } from '#core/oauth/permission.ts';
import { kindOf } from '#core/oauth/principal.ts';
import type { Principal } from '#core/oauth/types.ts';
import type { Call, ChangingCall } from '#tools/define-tool.ts';
import type { ComputingTime } from './computing-time.ts';
import type { McpRequest } from './confirmation.ts';

/** Below the time that the Lambda has, so that a tool that waits in vain can still say so. */
const LONGEST_MILLISECONDS = 20_000;

/** For whom a request acts, and how long it may compute. */
export type Acting = {
  readonly principal: Principal;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly clientId: string;
  readonly isBound: boolean;
  readonly request: Request;
  readonly time: ComputingTime;
};

type Staging = Pick<ChangingCall, 'write' | 'keep' | 'attach'>;
const nothing: Staging = { write: () => undefined, keep: () => undefined, attach: () => undefined };

/** A call as the tools, resources and prompts see it. What it stages counts for nothing, unless somebody takes it. */
export function callOf(acting: Acting, mcpRequest?: McpRequest, staging = nothing): ChangingCall {
  const { principal, scopes, clientId, isBound, request, time } = acting;
  const { subject, tenant } = principal;
  const { now, nowMilliseconds } = request;
  const timeOver = AbortSignal.timeout(LONGEST_MILLISECONDS);
  const signal = mcpRequest ? AbortSignal.any([mcpRequest.signal, timeOver]) : timeOver;
  return {
    subject,
    tenant,
    get role() {
      return acting.role;
    },
    kind: kindOf(subject),
    clientId,
    isBound,
    scopes,
    now,
    nowMilliseconds,
    signal,
    requireTime: () => time.requireLeft(signal),
    progress: (step) => tellProgress(step, mcpRequest),
    ...staging,
  };
}

/** Only a client that sent a token for it wants to know. MCP 2026-07-28, Progress. */
async function tellProgress({ done, total, message }: Parameters<Call['progress']>[0], mcpRequest?: McpRequest) {
  const progressToken = mcpRequest?._meta?.progressToken;
  if (progressToken === undefined) return;
  const known = { ...(total !== undefined && { total }), ...(message !== undefined && { message }) };
  await mcpRequest?.notify({ method: 'notifications/progress', params: { progressToken, progress: done, ...known } });
}

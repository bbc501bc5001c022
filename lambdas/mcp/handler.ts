import { endpoint } from '#core/http/endpoint.ts';
import { jsonRpcError, jsonRpcForm } from '#core/http/json-rpc.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { mcpUrl } from '#core/issuer.ts';
import { shownToken } from '#core/oauth/challenge.ts';
import { nonceHeader } from '#core/proof.ts';
import { paths } from '#core/routes.ts';
import { guardWaysOut } from '#core/ways-out.ts';
import { opensPublicTools } from '#generated';
import { admitAnyone, admitGrant } from './admission.ts';
import type { Caller } from './caller.ts';
import { rememberCancellation } from './cancel.ts';
import { ComputingTime } from './computing-time.ts';
import { Exchange } from './exchange.ts';
import { requireAllowedOrigin } from './origin.ts';
import { readMessage, refusalOfShape } from './read-message.ts';
import { serve } from './serve.ts';
import { mcpServer } from './server.ts';

guardWaysOut();

/** MCP endpoint: Streamable HTTP, protocol 2026-07-28 and the 2025 revisions, stateless in both. */
export const handler = endpoint(async (request: Request): Promise<Response> => {
  const { path, headers } = request;
  if (path !== paths.mcp && path !== paths.mcpWithSlash) return jsonRpcError(404, `The MCP endpoint is ${mcpUrl}`, 404);
  requireAllowedOrigin(request);
  const shown = shownToken(headers.authorization);
  if (!shown && !opensPublicTools) return unauthorized();
  const time = new ComputingTime();
  const known = shown ? await admitGrant(shown, request, time) : undefined;
  if (known && 'refusal' in known) return known.refusal;
  const read = known?.read ?? readMessage(request);
  if ('refusal' in read) return read.refusal;
  const admission = known ?? (await admitAnyone(read.message, request));
  if ('refusal' in admission) return admission.refusal;
  const { message } = read;
  const { caller, room } = admission;
  const exchange = new Exchange({ caller, room, request, message, time, early: known?.early });
  await rememberCancellation(exchange);
  const response = refusalOfShape(message) ?? (await serve(exchange, () => mcpServer(exchange)));
  await exchange.settle();
  return withNonce(response, caller);
}, jsonRpcForm);

/** Tells a client the nonce for its next proof, where nonces are asked for. RFC 9449 §8.2. */
function withNonce(response: Response, { nonce }: Caller): Response {
  return nonce === undefined ? response : { ...response, headers: { ...response.headers, ...nonceHeader(nonce) } };
}

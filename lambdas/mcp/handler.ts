import { endpoint } from '#core/http/endpoint.ts';
import { jsonRpcError, jsonRpcForm } from '#core/http/json-rpc.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { bearerToken } from '#core/oauth/challenge.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { isLive } from '#core/oauth/grant.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { paths } from '#core/routes.ts';
import { grantLookup } from '#core/store/grants.ts';
import { personLookup } from '#core/store/people.ts';
import { count, type Rate } from '#core/store/rates.ts';
import { findAll } from '#core/store/table.ts';
import { limits, packs as packsInUse } from '#generated';
import { packs } from '#tools/index.ts';
import { requireAllowedOrigin } from './origin.ts';
import { readMessage } from './read-message.ts';
import { serve } from './serve.ts';
import { mcpServer } from './server.ts';
import { ToolCall } from './tool-call.ts';

const tools = packsInUse.flatMap((name) => packs[name]?.tools ?? []);
const verifyAccessToken = accessTokenVerifier(publicKeys);

/** MCP endpoint: Streamable HTTP, protocol 2026-07-28 and the 2025 revisions, stateless in both. RFC 6750 §2.1. */
export const handler = endpoint(async (request: Request): Promise<Response> => {
  const { now, path } = request;
  if (path !== paths.mcp && path !== paths.mcpWithSlash) return jsonRpcError(404, `The MCP endpoint is ${mcpUrl}`, 404);
  requireAllowedOrigin(request);
  const token = bearerToken(request.headers.authorization);
  if (!token) return unauthorized();
  const access = await verifyAccessToken(token, { issuer, resource: mcpUrl, now });
  if (!access) return unauthorized('The access token is not valid or has expired');
  const rate: Rate = { kind: 'call-grant', subject: access.grantId, limits: limits.callsPerGrant };
  const [[grant, person], waitSeconds] = await Promise.all([
    findAll([grantLookup(access.grantId), personLookup(access.subject)], now),
    count([rate], now),
  ]);
  if (!isLive(grant, person, now)) return unauthorized('The access was ended; sign in again');
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const read = readMessage(request);
  if ('refusal' in read) return read.refusal;
  const toolCall = new ToolCall(access, request, read.message);
  const response = await serve(read.message, request, access, () => mcpServer(tools, toolCall));
  await toolCall.settle();
  return response;
}, jsonRpcForm);

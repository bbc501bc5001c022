import type { OAuthError } from '#core/oauth/error.ts';
import { readableByAnyOrigin } from './cors.ts';
import { retryAfter } from './oauth-json.ts';
import { json, type Response } from './response.ts';

/** How the MCP endpoint speaks when it is not the SDK that answers. The code is the HTTP status: ours, not JSON-RPC's. */
export const jsonRpcForm = { answerError, headers: readableByAnyOrigin };

function answerError(error: OAuthError): Response {
  return jsonRpcError(error.status, error.message, error.status, retryAfter(error));
}

/** An error in the form of the MCP endpoint. JSON-RPC 2.0 §5.1. */
export function jsonRpcError(
  code: number,
  message: string,
  status: number,
  headers: Response['headers'] = {},
): Response {
  return json({ jsonrpc: '2.0', id: null, error: { code, message } }, status, headers);
}

/** The members of a JSON object, or none when it is something else. */
export function jsonMembers(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

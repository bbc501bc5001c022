import { json, type Response } from './response.ts';

/** An error in the form of the MCP endpoint, when it is not the SDK that answers. JSON-RPC 2.0 §5.1. */
export function jsonRpcError(code: number, message: string, status: number, headers: Response['headers'] = {}): Response {
  return json({ jsonrpc: '2.0', id: null, error: { code, message } }, status, headers);
}

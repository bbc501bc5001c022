import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import type { Request } from '#core/http/request.ts';
import { challenge, json, type Response } from '#core/http/response.ts';
import { mcpUrl } from '#core/issuer.ts';
import { OAuthError } from '#core/oauth/error.ts';
import type { Exchange } from './exchange.ts';
import type { Message } from './read-message.ts';

/**
 * Has the SDK answer a message through a server made for this one request, in either era, and gives the whole answer
 * at once. MCP 2026-07-28, Streamable HTTP.
 */
export async function serve(
  { message, request, caller: { clientId = '', scopes } }: Exchange,
  makeServer: () => McpServer,
): Promise<Response> {
  const handler = createMcpHandler(makeServer, { keepAliveMs: 0 });
  const authInfo = { token: '', clientId, scopes: [...scopes], resource: new URL(mcpUrl) };
  const response = await handler.fetch(webRequest(request), { authInfo, parsedBody: message });
  return answer(response, message);
}

/** Only what the SDK reads. A header that no web request may carry is the client's mistake. */
function webRequest({ headers }: Request): globalThis.Request {
  const read = Object.entries(headers).filter(
    ([name]) => name === 'accept' || name === 'content-type' || name.startsWith('mcp-'),
  );
  try {
    return new globalThis.Request(mcpUrl, { method: 'POST', headers: read.map(([name, value = '']) => [name, value]) });
  } catch (cause) {
    throw new OAuthError('invalid_request', 'A header is not valid', 400, { cause });
  }
}

async function answer(response: globalThis.Response, { id }: Message): Promise<Response> {
  const { status, headers } = response;
  const contentType = headers.get('content-type');
  const challenged = headers.get('www-authenticate');
  if (challenged) return json(insufficientScope(id, challenged), status, challenge(challenged));
  const body = await response.text();
  return { status, headers: contentType ? { 'content-type': contentType } : {}, ...(body && { body }) };
}

/** A refusal for want of a scope, with the challenge where ChatGPT looks for it. OpenAI Apps SDK, Authentication. */
function insufficientScope(id: unknown, challenged: string): object {
  const content = [{ type: 'text', text: 'This takes a permission that was not granted. Connect again to grant it.' }];
  const result = { content, isError: true, resultType: 'complete', _meta: { 'mcp/www_authenticate': [challenged] } };
  return { jsonrpc: '2.0', id, result };
}

import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { jsonMembers } from '#core/http/json-rpc.ts';
import type { Request } from '#core/http/request.ts';
import { challenge, json, type Response } from '#core/http/response.ts';
import { mcpUrl } from '#core/issuer.ts';
import { asDpopChallenge } from '#core/oauth/challenge.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { acceptedForms } from './accepted-forms.ts';
import type { Exchange } from './exchange.ts';
import type { Message } from './message.ts';
import { namesRevision } from './message-shapes.ts';

const [JSON_FORM, EVENTS_FORM] = ['application/json', 'text/event-stream'];

/**
 * Has the SDK answer a message through a server made for this one request, in either era, and gives the whole answer
 * at once. MCP 2026-07-28, Streamable HTTP.
 */
export async function serve(exchange: Exchange, makeServer: () => McpServer): Promise<Response> {
  const { message, request, caller } = exchange;
  const { clientId = '', scopes } = caller;
  const handler = createMcpHandler(makeServer, { keepAliveMs: 0 });
  const authInfo = { token: '', clientId, scopes: [...scopes], resource: new URL(mcpUrl) };
  const response = await handler.fetch(webRequest(request, message), { authInfo, parsedBody: message });
  return answer(response, exchange);
}

/**
 * Only what the SDK reads, which would have both forms named literally. A header that no web request may carry is the
 * client's mistake. The first message of the 2025 revisions settles the revision by itself: clients write their newest
 * one into its header. MCP 2025-11-25, Lifecycle. A header without a value says nothing.
 */
function webRequest({ headers }: Request, { method, params }: Message): globalThis.Request {
  const settlesRevision = method === 'initialize' && !namesRevision(params);
  const read = Object.entries(headers).filter(
    ([name, value]) => name.startsWith('mcp-') && value !== '' && !(settlesRevision && name === 'mcp-protocol-version'),
  );
  const forms = { 'content-type': JSON_FORM, accept: `${JSON_FORM}, ${EVENTS_FORM}` };
  try {
    const all = { ...Object.fromEntries(read.map(([name, value = '']) => [name, value])), ...forms };
    return new globalThis.Request(mcpUrl, { method: 'POST', headers: all });
  } catch (cause) {
    throw new OAuthError('invalid_request', 'A header is not valid', 400, { cause });
  }
}

async function answer(response: globalThis.Response, { message, request, caller }: Exchange): Promise<Response> {
  const { status, headers } = response;
  const challenged = headers.get('www-authenticate');
  if (challenged) {
    const inScheme = caller.isBound ? asDpopChallenge(challenged) : challenged;
    return json(insufficientScope(message.id, inScheme), status, challenge(inScheme));
  }
  const body = await response.text();
  if (!body) return { status };
  const messages = headers.get('content-type') === EVENTS_FORM ? eventsIn(body) : [body];
  return status === 200 && isForEvents(messages, message, request)
    ? { status, headers: { 'content-type': EVENTS_FORM }, body: messages.map(asEvent).join('') }
    : { status, headers: { 'content-type': JSON_FORM }, body: messages.at(-1) };
}

/** The messages in what the SDK wrote as a stream: each on a line of its own. */
function eventsIn(stream: string): string[] {
  const field = 'data: ';
  return stream
    .split('\n')
    .filter((line) => line.startsWith(field))
    .map((line) => line.slice(field.length));
}

function asEvent(message: string): string {
  return `event: message\ndata: ${message}\n\n`;
}

/**
 * The whole answer is known before any of it is sent, so it is one JSON message, unless the client takes events alone or
 * wants to hear more than the answer. MCP 2026-07-28, Streamable HTTP, Progress.
 */
function isForEvents(messages: readonly string[], { params }: Message, { headers }: Request): boolean {
  const accepted = acceptedForms(headers.accept);
  const wantsProgress = jsonMembers(jsonMembers(params)._meta).progressToken !== undefined;
  return accepted.events && (!accepted.json || wantsProgress || messages.length > 1);
}

/** A refusal for want of a scope, with the challenge where ChatGPT looks for it. OpenAI Apps SDK, Authentication. */
function insufficientScope(id: unknown, challenged: string): object {
  const content = [{ type: 'text', text: 'This takes a permission that was not granted. Connect again to grant it.' }];
  const result = { content, isError: true, resultType: 'complete', _meta: { 'mcp/www_authenticate': [challenged] } };
  return { jsonrpc: '2.0', id, result };
}

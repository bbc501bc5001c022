import { isUtf8 } from 'node:buffer';
import { holdsHalfCharacter } from '#core/http/half-character.ts';
import { jsonRpcError } from '#core/http/json-rpc.ts';
import { hasMediaType } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { json, type Response } from '#core/http/response.ts';
import { isTooDeep, parsedJson } from '#core/http/sound-json.ts';
import { acceptedForms } from './accepted-forms.ts';
import type { Message } from './message.ts';
import { faultIn } from './message-shapes.ts';
import { normalForm } from './normal-form.ts';

const LARGEST_BODY = 1024 * 1024;
const [PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS] = [-32_700, -32_600, -32_602];

type Read = { readonly message: Message } | { readonly refusal: Response };

/**
 * Reads the one message of a request, or says in an answer why it cannot be read. A batch is refused in every
 * revision: its calls would count as one. MCP 2026-07-28, Streamable HTTP; JSON-RPC 2.0 §5.1.
 */
export function readMessage(request: Request): Read {
  const { body, headers } = request;
  if (!hasMediaType(request, 'application/json')) {
    return { refusal: jsonRpcError(415, 'The content type must be application/json', 415) };
  }
  if (body.length > LARGEST_BODY) return { refusal: jsonRpcError(413, 'The body is larger than 1 MB', 413) };
  const message = isUtf8(body) ? parsedJson(body.toString()) : undefined;
  if (message === undefined) return { refusal: jsonRpcError(PARSE_ERROR, 'The body is not JSON', 400) };
  if (!isObject(message) || isTooDeep(message)) {
    return { refusal: jsonRpcError(INVALID_REQUEST, 'The body must be one JSON-RPC message of reasonable depth', 400) };
  }
  if (holdsHalfCharacter(message)) {
    return { refusal: jsonRpcError(INVALID_REQUEST, 'The message holds half a character', 400) };
  }
  if (!canBeAnswered(message, headers.accept)) {
    const taken = 'This answers with application/json or text/event-stream, and the Accept header takes neither';
    return { refusal: jsonRpcError(406, taken, 406) };
  }
  return { message: normalForm(message) };
}

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only a request has an answer with a content. RFC 9110 §12.5.1. */
function canBeAnswered({ id, method }: Message, accept: string | undefined): boolean {
  const { json, events } = acceptedForms(accept);
  return id == null || method === undefined || json || events;
}

/** Refuses a request of a wrong shape. Who may not send it hears that first. JSON-RPC 2.0 §5.1. */
export function refusalOfShape(message: Message): Response | undefined {
  const fault = faultIn(message);
  if (!fault) return undefined;
  const error = { code: INVALID_PARAMS, message: fault.sentence };
  return json({ jsonrpc: '2.0', id: message.id, error }, fault.status);
}

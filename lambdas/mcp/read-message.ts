import { isUtf8 } from 'node:buffer';
import { holdsHalfCharacter } from '#core/http/half-character.ts';
import { jsonMembers, jsonRpcError } from '#core/http/json-rpc.ts';
import { hasMediaType } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { json, type Response } from '#core/http/response.ts';

const LARGEST_BODY = 1024 * 1024;
const DEEPEST = 64;
const [PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS] = [-32_700, -32_600, -32_602];

/** What a method names. The SDK takes it for a text, and fails on what cannot be made one. */
const named = new Map<unknown, string>([
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

/** A JSON-RPC message as it came: an object, and no more than that is known of it. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * Reads the one message of a request, or says in an answer why it cannot be read. A batch is refused in every
 * revision: its calls would count as one. MCP 2026-07-28, Streamable HTTP; JSON-RPC 2.0 §5.1.
 */
export function readMessage(request: Request): { readonly message: Message } | { readonly refusal: Response } {
  const { body } = request;
  if (!hasMediaType(request, 'application/json')) {
    return { refusal: jsonRpcError(415, 'The content type must be application/json', 415) };
  }
  if (body.length > LARGEST_BODY) return { refusal: jsonRpcError(413, 'The body is larger than 1 MB', 413) };
  const message = parsed(body);
  if (message === undefined) return { refusal: jsonRpcError(PARSE_ERROR, 'The body is not JSON', 400) };
  if (!isObject(message) || isDeeperThan(DEEPEST, message)) {
    return { refusal: jsonRpcError(INVALID_REQUEST, 'The body must be one JSON-RPC message of reasonable depth', 400) };
  }
  if (holdsHalfCharacter(message)) {
    return { refusal: jsonRpcError(INVALID_REQUEST, 'The message holds half a character', 400) };
  }
  const name = named.get(message.method);
  if (name !== undefined && typeof jsonMembers(message.params)[name] !== 'string') {
    const id = typeof message.id === 'object' ? null : message.id;
    const error = { code: INVALID_PARAMS, message: `${name} must be a text` };
    return { refusal: json({ jsonrpc: '2.0', id, error }) };
  }
  return { message };
}

function parsed(body: Buffer): unknown {
  if (!isUtf8(body)) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks level by level: recursion would overflow on just what this is to keep out. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels && level.length > 0; depth += 1) {
    level = level.flatMap((node) => (typeof node === 'object' && node !== null ? Object.values(node) : []));
  }
  return level.length > 0;
}

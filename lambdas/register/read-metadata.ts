import { isUtf8 } from 'node:buffer';
import { hasMediaType } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { OAuthError } from '#core/oauth/error.ts';

const LARGEST_BODY = 64 * 1024;

/** Reads the JSON body of a registration. Throws if it isn't JSON, or far larger than any honest one. RFC 7591 §3.1. */
export function readMetadata(request: Request): unknown {
  const { body } = request;
  if (!hasMediaType(request, 'application/json')) throw refusal('The content type must be application/json');
  if (body.length > LARGEST_BODY) throw refusal('The body is too large', 413);
  // Where a byte was no UTF-8 the gateway has put U+FFFD.
  if (!isUtf8(body) || body.includes('\uFFFD')) throw refusal('The body is not UTF-8');
  return parsed(body.toString());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal('The body is not JSON');
  }
}

function refusal(description: string, status = 400): OAuthError {
  return new OAuthError('invalid_client_metadata', description, status);
}

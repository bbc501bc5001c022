import { isUtf8 } from 'node:buffer';
import { holdsHalfCharacter } from '#core/http/half-character.ts';
import { hasMediaType } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { OAuthError } from '#core/oauth/error.ts';

const LARGEST_BODY = 64 * 1024;

/** Reads the JSON body of a registration. Throws when it is none, or far larger than any honest one. RFC 7591 §3.1. */
export function readMetadata(request: Request): unknown {
  const { body } = request;
  if (!hasMediaType(request, 'application/json')) throw refusal('The content type must be application/json');
  if (body.length > LARGEST_BODY) throw refusal('The body is too large', 413);
  const metadata = parsed(isUtf8(body) ? body.toString() : '');
  if (holdsHalfCharacter(metadata)) throw refusal('The body holds half a character');
  return metadata;
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

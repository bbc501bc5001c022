import { isUtf8 } from 'node:buffer';
import { OAuthError } from '#core/oauth/error.ts';
import type { Request } from './request.ts';

const LARGEST_BODY = 64 * 1024;

/** Every parameter that an OAuth endpoint here understands. Others are ignored. RFC 6749 §3.1, §3.2. */
const names = [
  ...['response_type', 'response_mode', 'client_id', 'redirect_uri', 'scope', 'state', 'prompt', 'login_hint'],
  ...['code_challenge', 'code_challenge_method', 'request', 'request_uri'],
  ...['grant_type', 'code', 'code_verifier', 'refresh_token', 'client_secret', 'token', 'token_type_hint'],
] as const;
export type ParameterName = (typeof names)[number];

/** The parameters of a request: each at most once, but for `resource`. RFC 8707 §2 lets that one repeat. */
export type Parameters = Readonly<Partial<Record<ParameterName, string>>> & { readonly resources: readonly string[] };

/** Reads the parameters. One without a value counts as left out. Throws when one is repeated. RFC 6749 §3.1. */
export function parameters(source: URLSearchParams): Parameters {
  const given = names.flatMap((name) => {
    const value = parameter(source, name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(given), resources: source.getAll('resource').filter(Boolean) };
}

/** Reads one parameter. Throws when it is repeated or is not UTF-8. RFC 6749 §3.1. */
export function parameter(source: URLSearchParams, name: string): string | undefined {
  const values = source.getAll(name);
  if (values.length > 1) throw new OAuthError('invalid_request', `${name} must not be repeated`);
  if (values[0]?.includes('\uFFFD')) throw new OAuthError('invalid_request', `${name} is not UTF-8`);
  return values[0] || undefined;
}

/** Reads a form. Throws when the body is no form, not UTF-8, or far larger than any honest one. RFC 6749 §3.2. */
export function form(request: Request): URLSearchParams {
  requireMediaType(request, 'application/x-www-form-urlencoded');
  return new URLSearchParams(text(request));
}

/** Reads a JSON body. Throws when it is none, so deep inside or so large that no honest one is. RFC 7591 §3.1. */
export function jsonBody(request: Request): unknown {
  requireMediaType(request, 'application/json');
  try {
    return JSON.parse(text(request));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OAuthError('invalid_request', 'The body is not JSON');
  }
}

function requireMediaType({ headers }: Request, expected: string): void {
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== expected) throw new OAuthError('invalid_request', `The content type must be ${expected}`);
}

function text({ body }: Request): string {
  if (body.length > LARGEST_BODY) throw new OAuthError('invalid_request', 'The body is too large', 413);
  if (!isUtf8(body)) throw new OAuthError('invalid_request', 'The body is not UTF-8');
  return body.toString();
}

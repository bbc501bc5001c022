import { isUtf8 } from 'node:buffer';
import { OAuthError } from '#core/oauth/error.ts';
import type { Request } from './request.ts';

const LARGEST_FORM = 64 * 1024;

/** Every parameter that an OAuth endpoint here understands. Others are ignored. RFC 6749 §3.1, §3.2. */
const names = [
  ...[
    'response_type',
    'response_mode',
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'prompt',
    'login_hint',
    'max_age',
    'acr_values',
  ],
  ...['code_challenge', 'code_challenge_method', 'dpop_jkt', 'request', 'request_uri'],
  ...['grant_type', 'code', 'code_verifier', 'refresh_token', 'client_secret', 'token', 'token_type_hint'],
  ...['client_assertion', 'client_assertion_type', 'assertion'],
] as const;
type ParameterName = (typeof names)[number];

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
  const { body } = request;
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) {
    throw new OAuthError('invalid_request', 'The content type must be application/x-www-form-urlencoded');
  }
  if (body.length > LARGEST_FORM) throw new OAuthError('invalid_request', 'The form is too large', 413);
  if (!isUtf8(body)) throw new OAuthError('invalid_request', 'The form is not UTF-8');
  return new URLSearchParams(body.toString());
}

/**
 * True if the content type of a request is this one, whatever its parameters. A header that came twice must say the
 * same both times. RFC 9110 §5.3, §8.3.1.
 */
export function hasMediaType({ headers }: Request, expected: string): boolean {
  const given = headers['content-type']?.split(',') ?? [];
  return given.length > 0 && given.every((type) => type.split(';', 1)[0]?.trim().toLowerCase() === expected);
}

import type { OAuthError } from '#core/oauth/error.ts';
import { readableByAnyOrigin } from './cors.ts';
import { challenge, json, type Response } from './response.ts';

/** How the OAuth endpoints that clients call speak: errors are JSON, and web pages may read them. RFC 6749 §5.2. */
export const oauthJson = { answerError, headers: readableByAnyOrigin };

function answerError(error: OAuthError): Response {
  const body = { error: error.code, error_description: error.message };
  return json(body, error.status, { ...authentication(error), ...retryAfter(error) });
}

/** Says how to authenticate. RFC 9110 §11.6.1, RFC 6750 §3. */
function authentication({ status, code }: OAuthError): Readonly<Record<string, string>> {
  if (status !== 401) return {};
  return challenge(code === 'invalid_token' ? 'Bearer error="invalid_token"' : 'Basic realm="clients"');
}

/** When to come back, for 429 and 503. RFC 9110 §10.2.3. */
export function retryAfter({ retryAfterSeconds }: OAuthError): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}

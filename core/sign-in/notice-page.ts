import { type Html, html } from '#core/http/html.ts';
import { retryAfter } from '#core/http/oauth-json.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import type { OAuthError } from '#core/oauth/error.ts';

/** How the authorization endpoint speaks of failures that no client may hear of: on a page. RFC 6749 §4.1.2.1. */
export const pages = { answerError: noticePage, headers: {} };

function noticePage(error: OAuthError): Response {
  const response = page({ title: titleOf(error), status: error.status, body: explanation(error) });
  return { ...response, headers: { ...response.headers, ...retryAfter(error) } };
}

function titleOf({ status }: OAuthError): string {
  if (status === 429) return 'Too many tries';
  return status >= 500 ? 'Something went wrong' : 'This cannot go on';
}

function explanation({ message, retryAfterSeconds }: OAuthError): Html {
  const minutes = Math.ceil((retryAfterSeconds ?? 0) / 60);
  const when = minutes > 1 ? `Try again in ${minutes} minutes.` : 'Try again in a minute.';
  return html`<p>${message}</p>${retryAfterSeconds !== undefined && html`<p>${when}</p>`}`;
}

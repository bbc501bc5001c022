import { type Html, html, phrase } from '#core/http/html.ts';
import { retryAfter } from '#core/http/oauth-json.ts';
import { page } from '#core/http/page.ts';
import { type Reason, Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsFor, wordsOf } from '#core/http/words-for.ts';
import type { OAuthError } from '#core/oauth/error.ts';
import { duration, fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';

/** How the authorization endpoint speaks of failures that no client may hear of: on a page. RFC 6749 §4.1.2.1. */
export const pages = { answerError: noticePage, headers: {} };

async function noticePage(error: OAuthError, request: Request): Promise<Response> {
  const isSpoken = error instanceof Refusal && error.language !== undefined;
  const words = await (isSpoken ? wordsOf(error) : wordsFor(request));
  const reason = reasonOf(error);
  const { title, text } = words.problem[reason];
  const host = error instanceof Refusal ? error.host : '';
  const body = html`<p>${phrase<'{name}{host}{id}'>(text as '{name}{host}{id}', { name, host, id: html`<code>${request.id}</code>` })}</p>
${when(words, error)}
${reason === 'request' && forDevelopers(words, error)}`;
  const response = page({ words, title, status: error.status, body });
  return { ...response, headers: { ...response.headers, ...retryAfter(error) } };
}

/** Why something was refused, in the words of the catalogue. */
export function reasonOf(error: OAuthError): Reason {
  if (error instanceof Refusal) return error.reason;
  if (error.status === 429) return 'tooMany';
  return error.status >= 500 ? 'failed' : 'request';
}

function when(words: Words, { retryAfterSeconds }: OAuthError): Html {
  if (retryAfterSeconds === undefined) return html``;
  return html`<p>${fill(words.problem.tryAgain, { time: duration(words, retryAfterSeconds) })}</p>`;
}

/** What was wrong with the request, for the developers of the app. It is in English, as on the wire. */
export function forDevelopers({ problem }: Words, { code, message }: OAuthError): Html {
  return html`<details class="soft"><summary>${problem.details}</summary><p lang="en" dir="ltr"><code>${code}</code>: ${message}</p></details>`;
}

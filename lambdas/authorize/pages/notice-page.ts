import { type Html, html } from '#core/http/html.ts';
import { retryAfter } from '#core/http/oauth-json.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import type { OAuthError } from '#core/oauth/error.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden } from './form.ts';

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

/** Says that a code has served already, and leads on to where it led. */
export function alreadySignedInPage(form: Form): Response {
  return page({
    title: 'You are signed in',
    status: 400,
    body: html`<p>This code has been used. There is no need for it any more.</p>
<form method="post" action="${paths.consent}">
${hidden(form)}
<div class="row"><button class="main">Continue</button></div>
</form>`,
  });
}

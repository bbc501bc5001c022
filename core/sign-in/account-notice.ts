import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsFor } from '#core/http/words-for.ts';
import type { OAuthError } from '#core/oauth/error.ts';
import { paths } from '#core/routes.ts';
import { pages, reasonOf } from './notice-page.ts';

/** How the account speaks of failures: no app sent anybody there, so a form that is refused leads back to the account. */
export const accountPages = { answerError: accountNotice, headers: {} };

async function accountNotice(error: OAuthError, request: Request): Promise<Response> {
  const reason = reasonOf(error);
  const isForm = reason === 'foreign' || reason === 'request';
  if (!isForm || !request.path.startsWith(paths.account)) return pages.answerError(error, request);
  const words = await wordsFor(request);
  const { formRefused, back } = words.account;
  const body = html`<p>${formRefused}</p>
<p><a href="${paths.account}">${back}</a></p>`;
  return page({ words, title: words.problem[reason].title, status: error.status, body });
}

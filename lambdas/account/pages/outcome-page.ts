import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import type { Words } from '#core/words/words.ts';

type Outcome = { readonly title: string; readonly text: string; readonly status?: number };

/** Says what a form has done, and leads back to the account. */
export function outcomePage(words: Words, { text, ...outcome }: Outcome): Response {
  const body = html`<p>${text}</p>
<p><a href="${paths.account}">${words.account.back}</a></p>`;
  return page({ words, ...outcome, body });
}

/** Says what a form has done to somebody who is not signed in any more, and leads to a new sign-in. */
export function signedOutPage(words: Words, { text, ...outcome }: Outcome): Response {
  const body = html`<p>${text}</p>
<p><a href="${paths.accountSignIn}">${words.account.signInAgain}</a></p>`;
  return page({ words, ...outcome, body });
}

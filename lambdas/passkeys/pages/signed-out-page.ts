import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsFor } from '#core/http/words-for.ts';
import { paths } from '#core/routes.ts';

/** Where a sign-in begins that leads to the page of passkeys. */
export const signInPath = `${paths.accountSignIn}?to=${paths.passkeys}`;

/** Tells a person that they are signed out in this browser, and leads them to a sign-in. */
export async function signedOutPage(request: Request): Promise<Response> {
  const words = await wordsFor(request);
  const { expiredTitle, expired, signInAgain } = words.account;
  return page({
    words,
    title: expiredTitle,
    status: 403,
    body: html`<p>${expired}</p>
<div class="row"><a class="main" href="${signInPath}">${signInAgain}</a></div>`,
  });
}

import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { wordsFor } from '#core/http/words-for.ts';

/** Says that nobody is signed in in this browser. */
export async function signedOutPage(request: Request): Promise<Response> {
  const words = await wordsFor(request);
  const { signedOutTitle, signedOut } = words.passkeys;
  return page({ words, title: signedOutTitle, status: 403, body: html`<p>${signedOut}</p>` });
}

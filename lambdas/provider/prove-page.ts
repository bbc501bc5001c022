import { html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden } from '#core/sign-in/form.ts';

/** Asks somebody who came back from a provider to show, by a mailed code, that the address is theirs. */
export function provePage(
  form: Form,
  { provider, address }: { readonly provider: Provider; readonly address: string },
): Response {
  const { proveTitle, prove, mailCode, otherWay } = form.words.provider;
  const given = {
    provider: html`<bdi>${provider.name}</bdi>`,
    address: html`<strong><bdi>${address}</bdi></strong>`,
  };
  return page({
    words: form.words,
    title: proveTitle,
    body: html`<p>${phrase(prove, given)}</p>
<form method="post" action="${paths.email}">
${hidden(form)}<input type="hidden" name="email" value="${address}">
<div class="row"><button class="main">${mailCode}</button></div>
</form>
<form method="post" action="${paths.email}">
${hidden(form)}<input type="hidden" name="other" value="1">
<p class="soft"><button class="link">${otherWay}</button></p>
</form>`,
  });
}

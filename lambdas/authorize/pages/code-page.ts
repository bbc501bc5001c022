import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden, invalid, problem } from './form.ts';

/** Asks for the code that was mailed. */
export function codePage(form: Form & { readonly address: string }): Response {
  return page({
    title: 'Type the code',
    status: form.problem ? 400 : 200,
    body: html`<p>If mail can reach <strong>${form.address}</strong>, a code is on its way. It holds for 15 minutes.</p>
${problem(form)}
<form method="post" action="${paths.code}">
${hidden(form)}
<label for="code">Code</label>
<input id="code" class="code" name="code" type="text" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required autofocus maxlength="20" placeholder="XXXX-XXXX"${invalid(form)}>
<div class="row"><button class="main">Continue</button></div>
</form>
<form method="post" action="${paths.email}">
${hidden(form)}
<input type="hidden" name="email" value="${form.address}">
<p class="soft">Nothing there? Look among the junk, or <button class="link">send another code</button>.</p>
</form>`,
  });
}

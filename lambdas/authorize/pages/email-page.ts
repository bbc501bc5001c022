import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden, invalid, problem } from '#core/sign-in/form.ts';
import { name } from '#generated';

/** Asks for the address that the code is mailed to. What it is, is judged here: browsers take fewer ways of typing it. */
export function emailPage(form: Form, address?: string): Response {
  return page({
    title: `Sign in to ${name}`,
    status: form.problem ? 400 : 200,
    body: html`<p>We mail you a code. You need no password.</p>
${problem(form)}
<form method="post" action="${paths.email}" novalidate>
${hidden(form)}
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required autofocus maxlength="254"${invalid(form)}${address !== undefined && html` value="${address}"`}>
<div class="row"><button class="main">Send the code</button></div>
</form>`,
  });
}

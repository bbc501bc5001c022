import { html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { fill } from '#core/words/say.ts';
import { name } from '#generated';
import { type Form, invalid, postForm, problem, titleOf } from './form.ts';
import { passkeyForm, passkeyScript } from './passkey-form.ts';
import { passkeySite } from './passkey-site.ts';
import { providerForm } from './provider-form.ts';

/** Asks for the address that the code is mailed to. The form is checked here, since browsers accept less than we do. */
export function emailPage(form: Form, address?: string): Response {
  const { signIn } = form.words;
  return page({
    words: form.words,
    title: titleOf(form, fill(signIn.title, { name })),
    heading: phrase(signIn.title, { name: html`<bdi>${name}</bdi>` }),
    status: form.problem ? 400 : 200,
    ...(passkeySite === undefined ? {} : { script: passkeyScript }),
    body: html`<p>${signIn.lead}</p>
${problem(form)}
${postForm(
  paths.email,
  form,
  html`<label for="email">${signIn.address}</label>
<input id="email" name="email" type="email" dir="ltr" autocomplete="username webauthn" required autofocus maxlength="254"${invalid(form)}${address !== undefined && html` value="${address}"`}>
<div class="row"><button class="main">${signIn.submit}</button></div>`,
  html` novalidate`,
)}
${passkeySite && passkeyForm(form, passkeySite)}
${providerForm(form)}`,
  });
}

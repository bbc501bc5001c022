import { type Html, html, phrase } from '#core/http/html.ts';
import { paths } from '#core/routes.ts';
import { providerButtons } from '#generated';
import { type Form, postForm } from './form.ts';

/** A button for each outside provider. Nothing where there are none. */
export function providerForm(form: Form): Html {
  if (providerButtons.length === 0) return html``;
  const { continueWith } = form.words.provider;
  const button = ({ id, name }: (typeof providerButtons)[number]) =>
    html`<button name="provider" value="${id}">${phrase(continueWith, { provider: html`<bdi>${name}</bdi>` })}</button>`;
  return postForm(paths.provider, form, html`<div class="row ways">${providerButtons.map(button)}</div>`);
}

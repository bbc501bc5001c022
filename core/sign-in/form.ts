import { type Html, html } from '#core/http/html.ts';
import { fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { type Browser, formToken } from './browser.ts';

/** What every form of the flow carries, the texts of its page, and what was wrong with the last try. */
export type Form = Pick<Browser, 'id' | 'secret'> & {
  readonly words: Words;
  readonly problem?: string;
  /** How many passkeys have signed in to the window. */
  readonly passkeyUses?: number | undefined;
  /** True if the page offers a passkey. */
  readonly offersPasskey?: boolean;
};

/** A form that goes to a path of the flow, tied to its sign-in and to this browser. */
export function postForm(
  action: string,
  form: Pick<Form, 'id' | 'secret'>,
  body: Html,
  attributes?: Html | false,
): Html {
  return html`<form method="post" action="${action}"${attributes}>
${hidden(form)}${body}
</form>`;
}

/** The fields that tie a form to its sign-in and to this browser. */
export function hidden({ id, secret }: Pick<Form, 'id' | 'secret'>): Html {
  return html`<input type="hidden" name="transaction" value="${id}"><input type="hidden" name="form_token" value="${formToken(secret)}">`;
}

/** A number that a form of ours carries. Undefined where it carries none. */
export function numberIn(form: URLSearchParams, name: string): number | undefined {
  const value = form.get(name) ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

/** What was wrong, where a screen reader announces it. */
export function problem({ problem: text }: Form): Html {
  return text === undefined ? html`` : html`<p class="warn" role="alert" id="problem">${text}</p>`;
}

/** Ties what was wrong to the field that it was wrong with. */
export function invalid({ problem: text }: Form): Html {
  return text === undefined ? html`` : html` aria-invalid="true" aria-describedby="problem"`;
}

/** The title of a page with a form, which says first that something was wrong. */
export function titleOf({ words, problem: text }: Form, title: string): string {
  return text === undefined ? title : fill(words.common.errorTitle, { title });
}

import { type Html, html } from '#core/http/html.ts';
import type { Visitor } from '../visitor.ts';

/** A form of the account page with one button. */
export function action(
  { formToken }: Visitor,
  path: string,
  button: Html,
  fields: Readonly<Record<string, string>> = {},
): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${path}">
<input type="hidden" name="form_token" value="${formToken}">${hidden}
${button}
</form>`;
}

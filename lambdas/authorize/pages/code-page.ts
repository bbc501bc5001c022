import { type Html, html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { longestTyped } from '#core/oauth/one-time-code.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden, invalid, problem } from '#core/sign-in/form.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { contact, name } from '#generated';

type Awaited = Pick<SignIn, 'address' | 'mails' | 'triesLeft'>;

/**
 * Asks for the code that was mailed. The forms say how many tries were left and how many mails had gone out, so that one
 * which is sent twice is told from the next.
 */
export function codePage({ address = '', mails = 1, triesLeft }: Awaited, form: Form): Response {
  return page({
    title: 'Type the code',
    status: form.problem ? 400 : 200,
    body: html`${whatWasMailed(address, mails)}
${problem(form)}
<form method="post" action="${paths.code}">
${hidden(form)}<input type="hidden" name="tries" value="${triesLeft}">
<label for="code">Code</label>
<input id="code" class="code" name="code" type="text" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required autofocus maxlength="${longestTyped}" placeholder="XXXX-XXXX"${invalid(form)}>
<div class="row"><button class="main">Continue</button></div>
</form>
<form method="post" action="${paths.email}">
${hidden(form)}<input type="hidden" name="mails" value="${mails}">
<input type="hidden" name="email" value="${address}">
<p class="soft">Nothing there? Look among the junk, or <button class="link">send another code</button>.</p>
<p class="soft">Still nothing? No more mail goes to an address from which it came back, or where it was reported as spam: ${help()} to have it sent again. And while many newcomers sign in at once, an address that is new here has to wait: try again in an hour.</p>
</form>`,
  });
}

function help(): string {
  return contact === null ? `ask the people who run ${name}` : `turn to ${contact}`;
}

/** The same words whether there is anybody at the address or not. */
function whatWasMailed(address: string, mails: number): Html {
  if (mails <= 1) {
    return html`<p>If mail can reach <strong>${address}</strong>, a code is on its way. It holds for 15 minutes.</p>`;
  }
  return html`<p>If mail can reach <strong>${address}</strong>, another code is on its way. Only the newest code counts: those from before serve no more.</p>`;
}

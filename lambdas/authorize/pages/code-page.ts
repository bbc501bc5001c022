import { type Html, html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { signInSeconds } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { type Form, invalid, postForm, problem, titleOf } from '#core/sign-in/form.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { duration, fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { contact, name } from '#generated';
import { countdownScript, longestCountdown } from './countdown-script.ts';

type Awaited = Pick<SignIn, 'address' | 'mails' | 'triesLeft'>;

/**
 * Asks for the code that was mailed. The forms say how many tries were left and how many mails had gone out, so that one
 * which is sent twice is told from the next. The field takes whatever is pasted: nothing is cut off. Where another code
 * has to wait, the page counts down to it.
 */
export function codePage({ address = '', mails = 1, triesLeft }: Awaited, form: Form, waitSeconds?: number): Response {
  const { code } = form.words;
  const isCountedDown = waitSeconds !== undefined && waitSeconds <= longestCountdown;
  return page({
    words: form.words,
    title: titleOf(form, code.title),
    heading: html`${code.title}`,
    status: form.problem ? 400 : 200,
    ...(isCountedDown ? { script: countdownScript } : {}),
    body: html`${whatWasMailed(form.words, address, mails)}
${problem(form)}
${postForm(
  paths.code,
  form,
  html`<input type="hidden" name="tries" value="${triesLeft}">
<label for="code">${code.label}</label>
<input id="code" class="code" name="code" type="text" dir="ltr" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required autofocus placeholder="XXXX-XXXX"${invalid(form)}>
<div class="row"><button class="main">${code.submit}</button></div>`,
)}
${postForm(
  paths.email,
  form,
  html`<input type="hidden" name="mails" value="${mails}">
<input type="hidden" name="email" value="${address}">
<p class="soft">${code.spam}</p>
<p class="soft"><button class="link">${code.resend}</button></p>`,
  isCountedDown && html` data-wait="${waitSeconds}" data-text="${code.resendLater}"`,
)}
${postForm(
  paths.email,
  form,
  html`<input type="hidden" name="other" value="1">
<p class="soft"><button class="link">${code.otherAddress}</button></p>`,
)}
<details class="soft">
<summary>${code.still}</summary>
<p>${phrase(code.stopped, { help: help(form.words) })}</p>
<p>${code.busy}</p>
</details>`,
  });
}

function help({ code }: Words): string {
  return contact === null ? fill(code.askOperator, { name }) : fill(code.askContact, { contact });
}

/** The same words, even if nobody has this address. */
function whatWasMailed(words: Words, address: string, mails: number): Html {
  const shown = html`<strong><bdi>${address}</bdi></strong>`;
  const { sent, sentAgain } = words.code;
  const time = duration(words, signInSeconds);
  return html`<p>${mails <= 1 ? phrase(sent, { address: shown, time }) : phrase(sentAgain, { address: shown })}</p>`;
}

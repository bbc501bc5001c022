import { type Html, html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { mostWindows, signInSeconds } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { type Form, postForm } from '#core/sign-in/form.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import { duration, fill, plural } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';

/** Says that a code has been used already, and leads on to consent. */
export function alreadySignedInPage(form: Form): Response {
  const { closed } = form.words;
  return closedPage(
    form.words,
    closed.usedTitle,
    html`<p>${closed.used}</p>${onward(form)}`,
    settlingScript(form.words),
  );
}

/** Says that the person has answered the client already, and leads to where the same answer goes once more. */
export function answeredPage(form: Form, isApproved: boolean): Response {
  const { closed } = form.words;
  return closedPage(
    form.words,
    isApproved ? closed.allowedTitle : closed.cancelledTitle,
    html`<p>${closed.answered}</p><p>${closed.waiting}</p>${onward(form)}`,
    settlingScript(form.words),
  );
}

/** Says that the sign-in took too long. */
export function expiredPage(words: Words, again: string | undefined): Response {
  const { closed } = words;
  const said = fill(closed.expired, { time: duration(words, signInSeconds) });
  return closedPage(words, closed.expiredTitle, html`<p>${said}</p>${wayBack(words, again)}`);
}

/** Says that newer windows took the place of this one. */
export function pushedOutPage(words: Words, again: string | undefined): Response {
  const { closed } = words;
  const said = plural(words, closed.pushedOut, mostWindows);
  return closedPage(words, closed.pushedOutTitle, html`<p>${said}</p>${wayBack(words, again)}`);
}

/** Says that the sign-in was begun in another browser, or that this one has lost its cookie. */
export function elsewherePage(words: Words): Response {
  const { closed } = words;
  return closedPage(words, closed.elsewhereTitle, html`<p>${closed.elsewhere}</p><p>${closed.elsewhereNext}</p>`);
}

/** Says that there is no such sign-in. */
export function unknownPage(words: Words): Response {
  const { closed } = words;
  return closedPage(words, closed.unknownTitle, html`<p>${closed.connectAgain}</p>`);
}

function closedPage(words: Words, title: string, body: Html, script?: string): Response {
  return page({ words, title, status: 400, body, ...(script === undefined ? {} : { script }) });
}

/** Leads to consent with the cookie that the browser still has. */
function onward(form: Form): Html {
  const button = html`<div class="row"><button class="main">${form.words.common.continue}</button></div>
${settlingNotice}`;
  return postForm(paths.consent, form, button);
}

function wayBack({ closed }: Words, again: string | undefined): Html {
  if (again === undefined) return html`<p>${closed.connectAgain}</p>`;
  return html`<div class="row"><a class="main" href="${again}">${closed.startAgain}</a></div>
<p class="soft">${closed.orConnectAgain}</p>`;
}

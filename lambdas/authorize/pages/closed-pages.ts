import { type Html, html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { mostWindows, signInSeconds } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden } from '#core/sign-in/form.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';

/** Says that a code has served already, and leads on to where it led. */
export function alreadySignedInPage(form: Form): Response {
  return closed(
    'You are signed in',
    html`<p>This code has been used. There is no need for it any more.</p>
${onward(form)}`,
    settlingScript,
  );
}

/** Says that the person has answered the client already, and leads to where the same answer goes once more. */
export function answeredPage(form: Form, isApproved: boolean): Response {
  return closed(
    isApproved ? 'You have already approved this' : 'You have already denied this',
    html`<p>The application has your answer, and the first answer stands. You can close this window.</p>
<p>If the application is still waiting for it, go on and send it again.</p>
${onward(form)}`,
    settlingScript,
  );
}

/** Says that the sign-in took too long. */
export function expiredPage(again: string | undefined): Response {
  const minutes = signInSeconds / 60;
  return closed(
    'This sign-in has expired',
    html`<p>A sign-in is open for ${minutes} minutes, and this one began longer ago.</p>
${wayBack(again)}`,
  );
}

/** Says that newer windows took the place of this one. */
export function pushedOutPage(again: string | undefined): Response {
  return closed(
    'Too many sign-in windows',
    html`<p>A browser can have ${mostWindows} sign-in windows open at a time. You opened more, so the oldest was closed: this one.</p>
${wayBack(again)}`,
  );
}

/** Says that the browser is not the one that began, or has forgotten it. */
export function elsewherePage(): Response {
  return closed(
    'This sign-in belongs to another browser',
    html`<p>This sign-in was begun in another browser, or this browser did not keep its cookie.</p>
<p>Go on in the browser in which you began. Or go back to your application and connect again; this site must be allowed to set cookies.</p>`,
  );
}

/** Says that there is no such sign-in. */
export function unknownPage(): Response {
  return closed('This sign-in is not known', html`<p>Go back to your application and connect again.</p>`);
}

function closed(title: string, body: Html, script?: string): Response {
  return page({ title, status: 400, body, ...(script === undefined ? {} : { script }) });
}

/** Leads to consent with the cookie that the browser still has. */
function onward(form: Form): Html {
  return html`<form method="post" action="${paths.consent}">
${hidden(form)}
<div class="row"><button class="main">Continue</button></div>
${settlingNotice}
</form>`;
}

function wayBack(again: string | undefined): Html {
  if (again === undefined) return html`<p>Go back to your application and connect again.</p>`;
  return html`<p><a href="${again}">Begin again</a>, or go back to your application and connect again.</p>`;
}

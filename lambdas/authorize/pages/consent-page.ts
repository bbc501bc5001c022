import { type Html, html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { paths } from '#core/routes.ts';
import { type Form, hidden, problem } from '#core/sign-in/form.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { scopes as catalogue, name } from '#generated';
import { type Destination, destinationOf } from '../destination.ts';
import { byDefault } from '../offer.ts';

/**
 * Asks whether the client may do what it asks for. It is always asked, each scope can be left out, and what only a role
 * gives has to be ticked.
 */
export function consentPage(signIn: SignIn, offered: readonly string[], form: Form): Response {
  const { request, address } = signIn;
  const destination = destinationOf(request.redirectUri);
  const clientName = signIn.clientName ?? 'An application without a name';
  return page({
    title: `Allow access to ${name}?`,
    status: form.problem ? 400 : 200,
    script: settlingScript,
    body: html`${introduction(clientName, destination)}
${problem(form)}
<dl>
<dt>Signed in as</dt><dd>${address}</dd>
${describedBy(request.clientId)}<dt>It answers at</dt><dd>${destination.shown}</dd>
</dl>
<form method="post" action="${paths.consent}">
${hidden(form)}
${offered.length > 0 ? choice(offered) : nothingToGrant}
${settlingNotice}
</form>
<form method="post" action="${paths.signOut}">
${hidden(form)}
<p class="soft">Not you? <button class="link">Sign in with another address</button>.</p>
</form>
<p class="soft">You can end this at any time by disconnecting it in the application.</p>`,
  });
}

/** A client that is known by a document is vouched for by the host of that document, and by nobody else. */
function describedBy(clientId: string): Html {
  return isClientUrl(clientId) ? html`<dt>It is described at</dt><dd>${new URL(clientId).host}</dd>` : html``;
}

function introduction(clientName: string, { isThisDevice }: Destination): Html {
  if (!isThisDevice) return html`<p>A site that calls itself <strong>${clientName}</strong> asks for access.</p>`;
  return html`<p>A program on this device that calls itself <strong>${clientName}</strong> asks for access.</p>
<p class="warn">Any program can call itself that. Approve only if you have just started this yourself.</p>`;
}

function choice(offered: readonly string[]): Html {
  return html`<fieldset>
<legend>It asks to</legend>
${offered.map(scopeChoice)}
</fieldset>
<div class="row">
<button name="decision" value="deny">Deny</button>
<button class="main" name="decision" value="approve">Approve</button>
</div>`;
}

const nothingToGrant = html`<p class="warn">Your organisation lets you grant nothing of what it asks for.</p>
<div class="row"><button class="main" name="decision" value="deny">Back to the application</button></div>`;

function scopeChoice(scope: string): Html {
  const text = catalogue.find((definition) => definition.name === scope)?.text ?? scope;
  return html`<label class="scope"><input type="checkbox" name="scope" value="${scope}"${byDefault.includes(scope) && html` checked`}> ${text}</label>
`;
}

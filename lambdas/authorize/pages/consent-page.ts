import { type Html, html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { paths } from '#core/routes.ts';
import { consentText } from '#core/sign-in/consent-text.ts';
import { type Destination, destinationOf } from '#core/sign-in/destination.ts';
import { type Form, hidden, problem, titleOf } from '#core/sign-in/form.ts';
import { passkeySite } from '#core/sign-in/passkey-site.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { consentTexts, name } from '#generated';
import { byDefault } from '../offer.ts';
import { offerScript, passkeyOffer } from './passkey-offer.ts';

/**
 * Asks whether the client may do what it asks for. It is always asked, each scope can be left out, and what only a role
 * gives has to be ticked.
 */
export function consentPage(signIn: SignIn, offered: readonly string[], form: Form): Response {
  const { request, address } = signIn;
  const { words } = form;
  const { consent } = words;
  const offerSite = form.offersPasskey ? passkeySite : undefined;
  const destination = destinationOf(request.redirectUri);
  const client = signIn.clientName ?? consent.unnamed;
  return page({
    words,
    title: titleOf(form, fill(consent.title, { client, name })),
    heading: phrase(consent.title, { client: html`<bdi>${client}</bdi>`, name: html`<bdi>${name}</bdi>` }),
    status: form.problem ? 400 : 200,
    script: offerSite ? settlingScript(words) + offerScript : settlingScript(words),
    body: html`${destination.isThisDevice && html`<p class="warn">${consent.thisDevice}</p>`}
${problem(form)}
<dl>
<dt>${consent.client}</dt><dd>${vouchedFor(request.clientId, consent)}</dd>
<dt>${consent.destination}</dt><dd>${shown(destination, consent)}</dd>
</dl>
<form method="post" action="${paths.consent}">
${hidden(form)}
${offered.length > 0 ? choice(offered, client, words) : nothingToGrant(consent)}
${settlingNotice}
</form>
<form method="post" action="${paths.signOut}">
${hidden(form)}
<p class="soft">${phrase(consent.signedInAs, { address: html`<strong><bdi>${address}</bdi></strong>` })} <button class="link">${consent.notYou}</button></p>
</form>
<p class="soft">${phrase(consent.trust, { client: html`<bdi>${client}</bdi>`, name: html`<bdi>${name}</bdi>` })} ${consent.later}</p>
${offerSite && passkeyOffer(form, offerSite)}`,
  });
}

type Texts = Words['consent'];

/** The host of a client's document vouches for it, and nothing else does. */
function vouchedFor(clientId: string, consent: Texts): Html {
  if (!isClientUrl(clientId)) return html`${consent.unverified}`;
  return phrase(consent.published, { host: html`<bdi dir="ltr">${new URL(clientId).host}</bdi>` });
}

function shown({ isThisDevice, shown: address }: Destination, consent: Texts): Html {
  const isolated = html`<bdi dir="ltr">${address}</bdi>`;
  return isThisDevice ? phrase(consent.onThisDevice, { address: isolated }) : isolated;
}

/** What it may do, first what only reads, then what changes something. */
function choice(offered: readonly string[], client: string, words: Words): Html {
  const { consent } = words;
  const [reading, changing] = [false, true].map((changes) =>
    offered.filter((scope) => (consentTexts[scope]?.changes ?? true) === changes),
  );
  return html`<fieldset>
<legend>${phrase(consent.allows, { client: html`<bdi>${client}</bdi>` })}</legend>
${group(consent.read, reading, words)}
${group(consent.change, changing, words)}
</fieldset>
<div class="row">
<button name="decision" value="deny">${consent.cancel}</button>
<button class="main" name="decision" value="approve">${consent.allow}</button>
</div>`;
}

function group(title: string, scopes: readonly string[] = [], words: Words): Html {
  if (scopes.length === 0) return html``;
  return html`<fieldset class="group">
<legend>${title}</legend>
${scopes.map((scope) => scopeChoice(scope, words))}</fieldset>`;
}

function nothingToGrant(consent: Texts): Html {
  return html`<p class="warn">${consent.nothing}</p>
<div class="row"><button class="main" name="decision" value="deny">${consent.backToApp}</button></div>`;
}

function scopeChoice(scope: string, words: Words): Html {
  return html`<label class="scope"><input type="checkbox" name="scope" value="${scope}"${byDefault.includes(scope) && html` checked`}> ${consentText(scope, words)}</label>
`;
}

import { type Html, html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { paths } from '#core/routes.ts';
import { consentText } from '#core/sign-in/consent-text.ts';
import { type Destination, destinationOf } from '#core/sign-in/destination.ts';
import { type Form, postForm, problem, titleOf } from '#core/sign-in/form.ts';
import { passkeySite } from '#core/sign-in/passkey-site.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import type { Approval } from '#core/store/approvals.ts';
import type { ClientUses } from '#core/store/client-uses.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { day, fill, plural } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { consentTexts, name } from '#generated';
import { byDefault } from '../offer.ts';
import { offerScript, passkeyOffer } from './passkey-offer.ts';

/** What a person may grant, how the client is used here, and when and for what they approved it before. */
export type Offered = {
  readonly scopes: readonly string[];
  readonly uses: ClientUses | undefined;
  readonly before: Approval | undefined;
};

/**
 * Asks whether the client may do what it asks for. It is always asked, each scope can be left out, and what only a role
 * gives has to be ticked.
 */
export function consentPage(signIn: SignIn, offered: Offered, form: Form): Response {
  const { request, address } = signIn;
  const { words } = form;
  const { consent } = words;
  const offerSite = form.offersPasskey ? passkeySite : undefined;
  const destination = destinationOf(request.redirectUri);
  const client = signIn.clientName ?? consent.unnamed;
  const names = { client: isolated(client), name: isolated(name) };
  return page({
    words,
    title: titleOf(form, fill(consent.title, { client, name })),
    heading: phrase(consent.title, names),
    status: form.problem ? 400 : 200,
    script: offerSite ? settlingScript(words) + offerScript : settlingScript(words),
    body: html`${destination.isThisDevice && html`<p class="warn">${consent.thisDevice}</p>`}
${problem(form)}
<dl>
<dt>${consent.client}</dt><dd>${vouchedFor(signIn, consent)}</dd>
<dt>${consent.usedHere}</dt><dd>${usedHere(offered, words)}</dd>
<dt>${consent.destination}</dt><dd>${shown(destination, consent)}</dd>
</dl>
${postForm(
  paths.consent,
  form,
  html`${offered.scopes.length > 0 ? choice(offered, names, words) : nothingToGrant(consent)}
${settlingNotice}`,
)}
${postForm(
  paths.signOut,
  form,
  html`<p class="soft">${phrase(consent.signedInAs, { address: html`<strong>${isolated(address)}</strong>` })} <button class="link">${consent.notYou}</button></p>`,
)}
<p class="soft">${phrase(consent.trust, names)}</p>
${offerSite && passkeyOffer(form, offerSite)}`,
  });
}

type Texts = Words['consent'];

/** A text that keeps its direction to itself. */
function isolated(text: string | undefined): Html {
  return html`<bdi>${text}</bdi>`;
}

/**
 * The host of a client's document vouches for it, or the operator. Nobody does for one that registered itself. A client's
 * picture is shown only beside the host that vouches for it, and comes from this server.
 */
function vouchedFor({ id, request: { clientId }, isOfOperator, logoUri }: SignIn, consent: Texts): Html {
  if (isOfOperator) return phrase(consent.ofOperator, { name: isolated(name) });
  if (!isClientUrl(clientId)) return html`${consent.unverified}`;
  const published = phrase(consent.published, { host: html`<bdi dir="ltr">${new URL(clientId).host}</bdi>` });
  if (!logoUri) return published;
  return html`<img src="${paths.clientLogo}?transaction=${id}" alt="" width="40" height="40"><span>${published}</span>`;
}

/** How many people here have trusted it before: an impostor of a known client has no users. */
function usedHere({ uses, before }: Offered, words: Words): Html {
  const { consent } = words;
  if (uses === undefined) return html`${consent.usedByNobody}`;
  const said = [plural(words, consent.usedBy, uses.people), fill(consent.since, { date: day(words, uses.firstAt) })];
  if (before?.approvedAt !== undefined) said.push(fill(consent.allowedBefore, { date: day(words, before.approvedAt) }));
  return html`${said.map((one) => html`${one}<br>`)}`;
}

function shown({ isThisDevice, shown: address }: Destination, consent: Texts): Html {
  const leftToRight = html`<bdi dir="ltr">${address}</bdi>`;
  return isThisDevice ? phrase(consent.onThisDevice, { address: leftToRight }) : leftToRight;
}

/** What it may do, first what only reads, then what changes something. */
function choice({ scopes, before }: Offered, names: { readonly client: Html }, words: Words): Html {
  const { consent } = words;
  const [reading, changing] = [false, true].map((changes) =>
    scopes.filter((scope) => (consentTexts[scope]?.changes ?? true) === changes),
  );
  return html`<fieldset>
<legend>${phrase(consent.allows, names)}</legend>
${group(consent.read, { scopes: reading, before }, words)}
${group(consent.change, { scopes: changing, before }, words)}
</fieldset>
<div class="row">
<button name="decision" value="deny">${consent.cancel}</button>
<button class="main" name="decision" value="approve">${consent.allow}</button>
</div>`;
}

type Group = { readonly scopes: readonly string[] | undefined; readonly before: Approval | undefined };

function group(title: string, { scopes = [], before }: Group, words: Words): Html {
  if (scopes.length === 0) return html``;
  return html`<fieldset class="group">
<legend>${title}</legend>
${scopes.map((scope) => scopeChoice(scope, before?.scopes?.includes(scope) ?? false, words))}</fieldset>`;
}

function nothingToGrant(consent: Texts): Html {
  return html`<p class="warn">${consent.nothing}</p>
<div class="row"><button class="main" name="decision" value="deny">${consent.backToApp}</button></div>`;
}

function scopeChoice(scope: string, wasGranted: boolean, words: Words): Html {
  return html`<label class="scope"><input type="checkbox" name="scope" value="${scope}"${byDefault.includes(scope) && html` checked`}> <span>${consentText(scope, words)}${wasGranted && html` <small>(${words.consent.before})</small>`}</span></label>
`;
}

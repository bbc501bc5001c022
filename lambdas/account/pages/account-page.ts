import { deviceOf } from '#core/http/device.ts';
import { type Html, html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { wideStyle } from '#core/http/wide-style.ts';
import { ownPartOf } from '#core/oauth/grant.ts';
import { paths } from '#core/routes.ts';
import { consentText } from '#core/sign-in/consent-text.ts';
import { passkeySite } from '#core/sign-in/passkey-site.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import type { ListedSession } from '#core/store/sessions.ts';
import { languages } from '#core/words/languages.ts';
import { fill, moment } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';
import type { Connection, Vouched } from '../connections.ts';
import type { Visitor } from '../visitor.ts';
import { activityPath } from './activity-page.ts';
import { action } from './form.ts';

type Account = {
  readonly visitor: Visitor;
  readonly connections: readonly Connection[];
  /** Where the list of connections goes on. */
  readonly next: string | undefined;
  readonly sessions: readonly ListedSession[];
};

/** What a person has connected, where they are signed in, and what they may do about it. */
export function accountPage({ visitor, connections, next, sessions }: Account): Response {
  const { address, words } = visitor;
  const { account } = words;
  return page({
    words,
    title: account.title,
    wide: wideStyle,
    script: settlingScript(words),
    body: html`<p>${phrase(words.consent.signedInAs, { address: html`<bdi dir="ltr"><strong>${address}</strong></bdi>` })}</p>
${settlingNotice}
${apps(visitor, connections, next)}
${browsers(visitor, sessions)}
${
  passkeySite !== undefined &&
  html`<h2>${words.passkeys.title}</h2>
<p><a href="${paths.passkeys}">${account.passkeysLink}</a></p>`
}
${languageChoice(visitor)}
<h2>${account.dataTitle}</h2>
<p><a href="${paths.accountData}">${account.dataLink}</a></p>
<h2>${account.everywhereTitle}</h2>
<p>${account.everywhere}</p>
${action(visitor, paths.accountEndEverything, html`<button>${account.signOutEverywhere}</button>`)}
<p><a href="${paths.accountDelete}">${account.deleteLink}</a></p>`,
  });
}

function apps(visitor: Visitor, connections: readonly Connection[], next: string | undefined): Html {
  const { account } = visitor.words;
  const more =
    next !== undefined && html`<p><a href="${paths.account}?after=${encodeURIComponent(next)}">${account.more}</a></p>`;
  const all = html`<button>${account.disconnectAll}</button>`;
  const activity = html`<p><a href="${activityPath()}">${account.activityOfAll}</a></p>`;
  if (connections.length === 0)
    return html`<h2>${account.appsTitle}</h2>\n<p>${account.noApps}</p>${more}\n${activity}`;
  return html`<h2>${account.appsTitle}</h2>
<p>${fill(account.apps, { name })}</p>
<ul class="cards">
${connections.map((connection) => app(visitor, connection))}
</ul>${more}
${connections.length > 1 && action(visitor, paths.accountDisconnectAll, all)}
${activity}`;
}

function app(visitor: Visitor, { grant, vouched, lastUsed, ...client }: Connection): Html {
  const { account } = visitor.words;
  const clientName = client.name ?? visitor.words.consent.unnamed;
  const id = ownPartOf(grant.id);
  const from = lastUsed.from === 'unknown' ? '' : ` ${account[lastUsed.from]}`;
  const label = fill(account.disconnectApp, { client: clientName });
  const activityLabel = fill(account.activityOf, { client: clientName });
  return html`<li>
<h3><bdi>${clientName}</bdi></h3>
<p class="soft">${vouchedText(vouched, visitor.words)}</p>
<dl>
<dt>${account.can}</dt><dd><ul>${grant.scopes.map((scope) => html`<li>${consentText(scope, visitor.words)}</li>`)}</ul></dd>
<dt>${account.connected}</dt><dd>${time(grant.createdAt, visitor.words)}</dd>
<dt>${account.lastActive}</dt><dd>${time(lastUsed.at, visitor.words)}${from}</dd>
</dl>
${grant.jkt !== undefined && html`<p class="soft">${account.bound}</p>`}
<p><a href="${activityPath(id)}" aria-label="${activityLabel}">${account.activityTitle}</a></p>
${action(visitor, paths.accountDisconnect, html`<button aria-label="${label}">${account.disconnect}</button>`, { connection: id })}
</li>
`;
}

function time(seconds: number, words: Words): Html {
  return html`<time datetime="${new Date(seconds * 1_000).toISOString()}">${moment(words, seconds)}</time>`;
}

function vouchedText(vouched: Vouched, { consent }: Words): string {
  switch (vouched.by) {
    case 'host':
      return fill(consent.published, { host: vouched.host });
    case 'operator':
      return fill(consent.ofOperator, { name });
    case 'nobody':
      return consent.unverified;
  }
}

/** Each language is named in its own words, for somebody who reads no other. */
function languageChoice(visitor: Visitor): Html {
  const { account, language: current } = visitor.words;
  const options = languages.map((language) => {
    const shown = new Intl.DisplayNames(language, { type: 'language' }).of(language);
    return html`<option value="${language}" lang="${language}"${language === current && html` selected`}>${shown}</option>`;
  });
  const choice = html`<label for="language">${account.language}</label>
<select id="language" name="language">${options}</select>
<p><button>${account.save}</button></p>`;
  return action(visitor, paths.accountLanguage, choice);
}

function browsers(visitor: Visitor, sessions: readonly ListedSession[]): Html {
  const { account } = visitor.words;
  const others = html`<button>${account.signOutOthers}</button>`;
  return html`<h2>${account.sessionsTitle}</h2>
<ul class="cards">
${sessions.map((session) => browser(visitor, session))}
</ul>
${sessions.length > 1 && action(visitor, paths.accountEndSessions, others)}`;
}

function browser(visitor: Visitor, { hash, agent, signedInAt }: ListedSession): Html {
  const { account } = visitor.words;
  const isThis = hash === visitor.sessionHash;
  const shown = shownBrowser(agent, visitor.words);
  const label = fill(account.signOutOf, { browser: shown });
  const button = html`<button aria-label="${label}">${account.signOut}</button>`;
  return html`<li>
<h3>${shown}</h3>
<p class="soft">${isThis && html`<strong>${account.thisBrowser}</strong> · `}${fill(account.signedIn, { time: moment(visitor.words, signedInAt) })}</p>
${isThis ? action(visitor, paths.accountSignOut, button) : action(visitor, paths.accountEndSession, button, { session: hash })}
</li>
`;
}

function shownBrowser(agent: string | undefined, { account }: Words): string {
  const { browser, system } = deviceOf(agent);
  if (browser !== undefined && system !== undefined) return fill(account.browserOn, { browser, system });
  return browser ?? system ?? account.unknownBrowser;
}

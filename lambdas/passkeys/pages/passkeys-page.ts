import { type Html, html, phrase } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import {
  additionChallenge,
  creationOptions,
  longestPasskeyName,
  mostPasskeys,
  type Site,
} from '#core/oauth/passkey.ts';
import { freshSignInSeconds } from '#core/oauth/sign-in.ts';
import { paths } from '#core/routes.ts';
import { hidden } from '#core/sign-in/form.ts';
import { sessionFormToken } from '#core/sign-in/session.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import { type Passkey, passkeyHash } from '#core/store/passkeys.ts';
import { day, duration, fill } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { name } from '#generated';
import type { Visitor } from '../visitor.ts';
import { creationScript } from './creation-script.ts';
import { signInPath } from './signed-out-page.ts';

/** What to say first: what was done, or why nothing was. */
type Said = { readonly problem?: Problem; readonly done?: 'added' | 'renamed' | 'removed' };

/** Why nothing was changed. */
export type Problem = 'outOfDate' | 'tooOld' | 'tooMany' | 'tooOften' | 'unreadable' | 'badName' | 'reviewer';

/** The passkeys of a person, where they add, name and remove them. */
export function passkeysPage(visitor: Visitor, site: Site, { problem, done }: Said = {}): Response {
  const { passkeys, session, window, words } = visitor;
  const texts = words.passkeys;
  return page({
    words,
    title: problem === undefined ? texts.title : fill(words.common.errorTitle, { title: texts.title }),
    heading: html`${texts.title}`,
    status: problem === undefined ? 200 : 400,
    script: settlingScript(words) + creationScript,
    body: html`<p>${phrase(texts.lead, { name: html`<bdi>${name}</bdi>` })}</p>
${problem !== undefined && html`<p class="warn" role="alert">${whyNot(problem, words)}</p>`}
${done === undefined ? settlingNotice : html`<p role="status"><strong>${texts[done]}</strong></p>`}
${window && onward(visitor)}
<p class="soft">${phrase(texts.signedInAs, { address: html`<bdi>${session.address}</bdi>` })}</p>
${passkeys.length === 0 ? html`<p>${texts.none}</p>` : passkeys.map((passkey) => shownPasskey(passkey, visitor))}
${addition(visitor, site)}`,
  });
}

function whyNot(problem: Problem, words: Words): string {
  const texts = words.passkeys;
  switch (problem) {
    case 'tooOld':
      return fill(texts.tooOld, { time: duration(words, freshSignInSeconds) });
    case 'tooMany':
      return fill(texts.tooMany, { count: mostPasskeys });
    case 'badName':
      return fill(texts.badName, { count: longestPasskeyName });
    default:
      return texts[problem];
  }
}

function shownPasskey(passkey: Passkey, visitor: Visitor): Html {
  const { words } = visitor;
  const texts = words.passkeys;
  const { createdAt, lastUsedAt } = passkey;
  const added = day(words, createdAt);
  const dates =
    lastUsedAt === undefined
      ? fill(texts.unused, { added })
      : fill(texts.used, { added, used: day(words, lastUsedAt) });
  const id = passkeyHash(passkey.id);
  return html`<section aria-labelledby="${id}">
<h2 id="${id}"><bdi>${passkey.name}</bdi></h2>
<p class="soft">${dates}</p>
<form method="post" action="${paths.passkeys}">
${proof(visitor)}<input type="hidden" name="which" value="${id}">
<label for="name-${id}">${texts.name}</label>
<input id="name-${id}" name="name" type="text" dir="auto" required maxlength="${longestPasskeyName}" value="${passkey.name}" autocomplete="off">
<div class="row"><button name="do" value="rename">${texts.rename}</button><button name="do" value="remove" formnovalidate>${texts.remove}</button></div>
</form>
</section>
`;
}

/** Why none can be added, or the form that adds one. */
function addition(visitor: Visitor, site: Site): Html {
  const { passkeys, isFresh, isReviewer, secret, holder, session, words } = visitor;
  const texts = words.passkeys;
  if (isReviewer) return html`<p>${texts.reviewer}</p>`;
  if (passkeys.length >= mostPasskeys) return html`<p class="soft">${whyNot('tooMany', words)}</p>`;
  if (!isFresh) return html`<p>${whyNot('tooOld', words)} <a href="${signInPath}">${words.account.signInAgain}</a></p>`;
  const options = creationOptions({
    site,
    challenge: additionChallenge(secret, holder),
    handle: holder.handle,
    address: session.address,
    siteName: name,
    existing: passkeys,
  });
  return html`<p class="soft" data-unsupported>${texts.unsupported}</p>
<form method="post" action="${paths.passkeys}" hidden data-passkey="${JSON.stringify(options)}" data-known="${texts.known}" data-failed="${texts.failed}">
${proof(visitor)}<input type="hidden" name="do" value="add"><input type="hidden" name="passkey">
<div class="row"><button class="main">${texts.add}</button></div>
<p class="soft" role="status"></p>
</form>`;
}

/** Leads back to the window in which a client is being connected. */
function onward({ window, words }: Visitor): Html {
  if (!window) return html``;
  return html`<form method="post" action="${paths.consent}">${hidden(window)}<div class="row"><button class="main">${words.common.continue}</button></div></form>`;
}

/** What ties a form to the session, and to the window in which a client is being connected. */
function proof({ secret, window }: Visitor): Html {
  return html`<input type="hidden" name="session_token" value="${sessionFormToken(secret)}">${window && hidden(window)}`;
}

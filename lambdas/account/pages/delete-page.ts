import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { freshSignInSeconds } from '#core/oauth/sign-in.ts';
import { isPersonal } from '#core/oauth/tenant.ts';
import { paths } from '#core/routes.ts';
import { settlingNotice, settlingScript } from '#core/sign-in/settling.ts';
import { duration, fill, plural } from '#core/words/say.ts';
import type { Words } from '#core/words/words.ts';
import { auditSeconds, name } from '#generated';
import { signInFor } from '../sign-in.ts';
import type { Visitor } from '../visitor.ts';
import { action } from './form.ts';

type Shown = {
  readonly isFresh: boolean;
  /** Why nothing was deleted. */
  readonly problem?: 'unconfirmed' | 'tooOld';
};

/** Says what deleting an account means, and asks for it, or for a sign-in before. */
export function deletePage(visitor: Visitor, { isFresh, problem }: Shown): Response {
  const { words, person } = visitor;
  const { account } = words;
  if (person.isReviewer) return reviewersPage(words);
  const tooOld = fill(account.deleteTooOld, { time: duration(words, freshSignInSeconds) });
  const why = problem === 'unconfirmed' ? account.deleteUnconfirmed : tooOld;
  const isInOrganization = !isPersonal(person.tenant);
  return page({
    words,
    title: problem === undefined ? account.deleteTitle : fill(words.common.errorTitle, { title: account.deleteTitle }),
    heading: html`${account.deleteTitle}`,
    status: problem === undefined ? 200 : 400,
    script: settlingScript(words),
    body: html`${problem !== undefined && html`<p class="warn" role="alert" id="problem">${why}</p>`}
${settlingNotice}
<p>${account.deleteLead}</p>
${isInOrganization && html`<p>${account.deleteShared}${person.role === 'admin' && html` ${fill(account.deleteAdmin, { name })}`}</p>`}
<p>${recorded(words)} <a href="${paths.accountData}">${account.dataLink}</a></p>
${isFresh ? confirmation(visitor, problem !== undefined) : html`${problem === undefined && html`<p>${tooOld}</p>`}<p><a class="main" href="${signInFor(paths.accountDelete)}">${account.signInAgain}</a></p>`}
<p><a href="${paths.account}">${account.back}</a></p>`,
  });
}

/** Several reviewers use one account, which is the operator's. */
function reviewersPage(words: Words): Response {
  const { account } = words;
  const body = html`<p>${account.deleteReviewer}</p>
<p><a href="${paths.account}">${account.back}</a></p>`;
  return page({ words, title: account.deleteTitle, body, status: 403 });
}

function confirmation(visitor: Visitor, wasWrong: boolean) {
  const { account } = visitor.words;
  const invalid = wasWrong && html` aria-invalid="true" aria-describedby="problem"`;
  return action(
    visitor,
    paths.accountDelete,
    html`<label class="scope"><input type="checkbox" name="confirm" value="yes" required${invalid}> <span>${account.deleteConfirm}</span></label>
<div class="row"><button>${account.deleteButton}</button></div>`,
  );
}

/** What stays for a while. */
function recorded(words: Words): string {
  return plural(words, words.account.deleteRecord, Math.round(auditSeconds / 86_400));
}

/** Says that an account is closed, also to a form that comes after that. */
export function closedPage(words: Words): Response {
  const { account } = words;
  const body = html`<p>${account.deleted}</p>
<p>${recorded(words)}</p>
<p>${account.deletedAnew}</p>`;
  return page({ words, title: account.deletedTitle, body });
}

import { html } from '#core/http/html.ts';
import { page } from '#core/http/page.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { plural } from '#core/words/say.ts';
import { recordedDays } from '../export.ts';
import type { Visitor } from '../visitor.ts';
import { action } from './form.ts';

/** Offers people their data as a file, or the next file if an earlier one leads here. */
export function dataPage(visitor: Visitor, part: string | undefined): Response {
  const { words } = visitor;
  const { account } = words;
  const button = html`<div class="row"><button class="main">${account.download}</button></div>`;
  return page({
    words,
    title: account.dataTitle,
    body: html`<p>${part === undefined ? plural(words, account.data, recordedDays) : account.dataNext}</p>
<p class="soft">${account.dataShared} ${account.dataParts}</p>
${action(visitor, paths.accountData, button, part === undefined ? {} : { part })}
<p><a href="${paths.account}">${account.back}</a></p>`,
  });
}

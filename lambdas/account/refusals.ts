import type { Response } from '#core/http/response.ts';
import type { Words } from '#core/words/words.ts';
import { outcomePage, signedOutPage } from './pages/outcome-page.ts';

/** Says that nobody is signed in to this browser any more, so nothing was done. */
export function expired(words: Words): Response {
  return signedOutPage(words, { title: words.account.expiredTitle, text: words.account.expired, status: 400 });
}

/** Says that the form was of a page from before, so nothing was done. */
export function outdated(words: Words): Response {
  return outcomePage(words, { title: words.account.outdatedTitle, text: words.account.outdated, status: 400 });
}

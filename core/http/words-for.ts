import { chooseLanguage } from '#core/words/choose.ts';
import { wordsIn } from '#core/words/languages.ts';
import type { Words } from '#core/words/words.ts';
import { language as byDefault } from '#generated';
import type { Request } from './request.ts';

/**
 * The texts for the person who sent a request: in the language of their account, if it has one, else in what the request or
 * their browser asks for. OpenID Connect Core 1.0 §3.1.2.1, RFC 9110 §12.5.4.
 */
export function wordsFor({ query, headers }: Request, account?: string): Promise<Words> {
  const uiLocales = query.get('ui_locales') ?? undefined;
  const acceptLanguage = headers['accept-language'];
  return wordsIn(chooseLanguage({ account, uiLocales, acceptLanguage }) ?? byDefault);
}

/** The texts in the language that was chosen before, or in the operator's. */
export function wordsOf({ language }: { readonly language?: string | undefined }): Promise<Words> {
  return wordsIn(chooseLanguage({ account: language }) ?? byDefault);
}

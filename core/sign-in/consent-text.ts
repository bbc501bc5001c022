import type { Words } from '#core/words/words.ts';
import { consentTexts } from '#generated';

/** What a scope lets a client do, in the language of the person who is asked, or else in English. */
export function consentText(scope: string, { scopeTexts }: Pick<Words, 'scopeTexts'>): string {
  return scopeTexts[scope] ?? consentTexts[scope]?.text ?? scope;
}

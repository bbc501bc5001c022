import type { Words } from '#core/words/words.ts';
import { consentTexts } from '#generated';

/** What a scope lets a client do, in the language of whoever is asked, or in the one in which it is described. */
export function consentText(scope: string, { language }: Pick<Words, 'language'>): string {
  const texts = consentTexts[scope]?.text ?? scope;
  return typeof texts === 'string' ? texts : (texts[language] ?? texts.en);
}

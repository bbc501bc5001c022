import { composed, inLowerCase } from '../text.ts';

const SNIPPET = 160;
const BEFORE = 40;

type Searched = { readonly title: string; readonly text: string };

/** Where words were found. */
type Hit = { readonly wordsInTitle: number; readonly snippet: string };

/** The words of a query, each to be found in any case, also within a longer word. */
export function wordsOf(query: string): readonly string[] {
  return [...new Set(inLowerCase(composed(query)).split(/\s+/).filter(Boolean))];
}

/** Says where the words are if all of them are there, in the title or in the text. */
export function hit(words: readonly string[], searched: Searched): Hit | undefined {
  const [title, text] = [inLowerCase(composed(searched.title)), composed(searched.text)];
  const inTitle = words.filter((word) => title.includes(word));
  const elsewhere = words.filter((word) => !inTitle.includes(word));
  const lowerText = inLowerCase(text);
  if (!elsewhere.every((word) => lowerText.includes(word))) return undefined;
  const shown = elsewhere.length > 0 ? elsewhere : words;
  const places = shown.map((word) => lowerText.indexOf(word)).filter((place) => place >= 0);
  return { wordsInTitle: inTitle.length, snippet: snippet(text, places) };
}

/** A line of the text around the first of these places, or else its beginning. */
function snippet(text: string, places: readonly number[]): string {
  const start = Math.max(0, Math.min(...places, text.length) - BEFORE);
  const from = places.length === 0 ? 0 : start;
  const part = withoutHalves(text.slice(from, from + SNIPPET))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${from > 0 ? '…' : ''}${part}${from + SNIPPET < text.length ? '…' : ''}`;
}

/** A cut may go through a character that has two halves. */
function withoutHalves(part: string): string {
  return part.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, '');
}

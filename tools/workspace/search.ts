const SNIPPET = 160;
const BEFORE = 40;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

type Searched = { readonly title: string; readonly text: string };

/** Where words were found. */
type Hit = { readonly wordsInTitle: number; readonly snippet: string };

/** The words of a query, each to be found in any case, also within a longer word. */
export function wordsOf(query: string): readonly RegExp[] {
  const words = new Set(query.normalize().split(/\s+/).filter(Boolean));
  return [...words].map((word) => new RegExp(word.replaceAll(SPECIAL, '\\$&'), 'iu'));
}

/** Says where the words are if all of them are there, in the title or in the text. */
export function hit(words: readonly RegExp[], searched: Searched): Hit | undefined {
  const [title, text] = [searched.title.normalize(), searched.text.normalize()];
  const inTitle = words.filter((word) => word.test(title));
  const elsewhere = words.filter((word) => !inTitle.includes(word));
  if (!elsewhere.every((word) => word.test(text))) return undefined;
  return { wordsInTitle: inTitle.length, snippet: snippet(text, elsewhere.length > 0 ? elsewhere : words) };
}

/** A line of the text around the first place where one of the words is, or else its beginning. */
function snippet(text: string, words: readonly RegExp[]): string {
  const places = words.map((word) => text.search(word)).filter((place) => place >= 0);
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

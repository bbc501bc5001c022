import * as z from 'zod';

/** No script needs more marks on one letter, and putting marks in order takes time that grows with their square. UAX #15 §13. */
const MOST_MARKS = 30;
const TOO_MANY_MARKS = new RegExp(`(?<!\\p{M})\\p{M}{${MOST_MARKS + 1},}`, 'gu');
/** Ends a line, or turns round what stands after it, also beyond the text. UAX #9 §2.2. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u202D\u202E]/u;
/** What leaves something to see: letters, digits and signs, but for those that are drawn as nothing. */
const SEEN = /(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/**
 * A text with letters and their accents put together, so that what looks the same is the same. Takes time in proportion
 * to its length whatever it holds: marks beyond thirty on one letter, which older items may have, are left out.
 * Unicode UAX #15, NFC.
 */
export function composed(text: string): string {
  const bounded = text.replace(TOO_MANY_MARKS, (marks) => [...marks].slice(0, MOST_MARKS).join(''));
  return bounded.normalize();
}

/** A text as it is compared with another, in any case. What was kept before in another form compares alike. */
export function comparable(text: string): string {
  return composed(composed(text).toLowerCase());
}

/** A text with its letters in lower case, each in the place where it was. */
export function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  const inPlace = lower.length === text.length ? lower : Array.from(text, letterInLowerCase).join('');
  return inPlace.replaceAll('ς', 'σ');
}

/** A letter that takes more room in lower case stays as it is. */
function letterInLowerCase(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === letter.length ? lower : letter;
}

const marked = z.string().refine((text) => text.search(TOO_MANY_MARKS) < 0, {
  error: `must have at most ${MOST_MARKS} accents or other marks on a letter`,
  abort: true,
});

/** A text that a person wrote, in the form in which it is kept. */
export const written = marked.overwrite(composed);

/** A name or title that a person wrote: one line, since it is shown where no more is expected. */
export const writtenLine = written
  .trim()
  .refine(isOneLine, { error: 'must be one line without control characters', abort: true })
  .refine((text) => text === '' || SEEN.test(text), 'must have something in it that can be seen');

/** A label that a person wrote, in the form in which labels are kept and compared. */
export const writtenLabel = marked
  .trim()
  .overwrite(comparable)
  .refine(isOneLine, 'must be one line without control characters');

function isOneLine(text: string): boolean {
  return !CONTROL.test(text);
}

/** True if a text has no more lines than that. */
export function hasAtMostLines(text: string, most: number): boolean {
  return (text.match(LINE_END)?.length ?? 0) < most;
}

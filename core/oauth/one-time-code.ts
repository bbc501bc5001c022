import { randomInt } from 'node:crypto';
import { hmac } from './digest.ts';

/** Letters and digits that nobody takes for one another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
/** How long a code is. */
export const codeLength = 8;

/** As much as may be typed or pasted where a code is asked for: a whole sentence, not a whole mail. */
export const longestTyped = 200;

/** A new one-time code: eight characters, about 39 bits. */
export function newOneTimeCode(): string {
  return Array.from({ length: codeLength }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** A code as people read it: XXXX-XXXX. */
export function shownCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** What is stored of a code. Without the browser's secret the table cannot be searched for it. */
export function codeHash(code: string, browserSecret: string): string {
  return hmac(browserSecret, `code ${code}`);
}

/**
 * Letters that are drawn like one of the alphabet: U, which is not in it while V is, and those of a Cyrillic or Greek
 * keyboard. I, L, O, 0 and 1 look like several or like none, so nothing is read into them.
 */
const lookAlikes = new Map(zip('UАВСЕНЈКМРЅТХУΑΒΕΖΗΚΜΝΡΤΥΧ', 'VABCEHJKMPSTXYABEZHKMNPTYX'));
const isOfAlphabet = new RegExp(`^[${ALPHABET}]+$`);
const isHyphen = /^\s*[\p{Pd}\u2212\u30FC\u2500~_]\s*$/u;

/**
 * The code in what somebody typed or pasted: in small or wide letters, with any hyphen or spaces, with words around it.
 * Undefined when there is none, or when it can be read in more than one way.
 */
export function readCode(typed: string): string | undefined {
  if (typed.length > longestTyped) return undefined;
  const groups = groupsOf(plain(typed));
  const pairs = groups.flatMap((group, at) => pairOf(group, groups[at + 1]));
  const readings = [
    pairs.filter(({ between }) => isHyphen.test(between)).map(({ text }) => text),
    groups.map(({ text }) => text),
    pairs.map(({ text }) => text),
    [groups.map(({ text }) => text).join('')],
  ];
  const codes = readings.map((texts) => new Set(texts.filter(isCode))).find(({ size }) => size > 0);
  const [code, ...others] = codes ?? [];
  return others.length === 0 ? code : undefined;
}

/**
 * The characters of so many codes in a row, in what somebody typed or pasted: in small or wide letters, with whatever stands
 * between them. Undefined when they are fewer or more, or others.
 */
export function readCharacters(typed: string, codes: number): string | undefined {
  const text =
    typed.length > longestTyped
      ? ''
      : groupsOf(plain(typed))
          .map((group) => group.text)
          .join('');
  return text.length === codes * codeLength && isOfAlphabet.test(text) ? text : undefined;
}

type Group = { readonly text: string; readonly before: string };

/** Letters and digits as they stand together, and what stands before them. */
function groupsOf(text: string): readonly Group[] {
  const found = text.matchAll(/([^\p{Script=Latin}\p{Nd}]*)([\p{Script=Latin}\p{Nd}]+)/gu);
  return [...found].map(([, before = '', group = '']) => ({ text: group, before }));
}

/** Two halves of a code side by side. */
function pairOf(one: Group, other: Group | undefined): { readonly text: string; readonly between: string }[] {
  if (one.text.length !== codeLength / 2 || other?.text.length !== codeLength / 2) return [];
  return [{ text: one.text + other.text, between: other.before }];
}

function isCode(text: string): boolean {
  return text.length === codeLength && isOfAlphabet.test(text);
}

/** In capitals, without what is not seen, and with one character for all that stand for the same. UAX #15. */
function plain(typed: string): string {
  const seen = typed.normalize('NFKC').replaceAll(/[\p{Cf}\p{DI}]/gu, '');
  return Array.from(seen, (character) => {
    const capital = character.toUpperCase();
    if (/\p{Nd}/u.test(character)) return digitOf(character);
    return lookAlikes.get(capital) ?? (capital.length === 1 ? capital : character);
  }).join('');
}

/** The ASCII digit for one of any script: each has its ten in a row, and some several tens. UAX #44 §4.8. */
function digitOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const isDigit = (value: number) => /\p{Nd}/u.test(String.fromCodePoint(value));
  let value = 0;
  while (isDigit(point - value - 1)) value += 1;
  return String(value % 10);
}

function zip(keys: string, values: string): [string, string][] {
  return Array.from(keys, (key, at) => [key, values[at] ?? '']);
}

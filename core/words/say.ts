import type { Placeholders, Plural, Words } from './words.ts';

type InLanguage = Pick<Words, 'language'>;

/** The parts of a text: those outside the braces, and the names within them. */
export function partsOf(text: string): readonly { readonly text: string; readonly name?: string }[] {
  const parts = text.split(/\{(\w+)\}/);
  return parts.map((part, at) => (at % 2 === 0 ? { text: part } : { text: `{${part}}`, name: part }));
}

/** A text with values in place of its names in braces. */
export function fill<Text extends string>(
  text: Text,
  values: Readonly<Record<Placeholders<Text>, string | number>>,
): string {
  const given: Readonly<Record<string, string | number>> = values;
  return partsOf(text)
    .map((part) => (part.name === undefined ? part.text : String(given[part.name] ?? part.text)))
    .join('');
}

/** The form of a text that goes with a number, with the number in it as the language writes it. */
export function plural({ language }: InLanguage, forms: Plural, count: number): string {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return fill<'{count}'>(form as '{count}', { count: new Intl.NumberFormat(language).format(count) });
}

/** A length of time in the words of a language, rounded up to minutes or hours: `15 minutes`. */
export function duration({ language }: InLanguage, seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const [unit, count] = minutes < 120 ? (['minute', minutes] as const) : (['hour', Math.ceil(minutes / 60)] as const);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** A day and a time of day, in universal time, which it names. */
export function moment({ language }: InLanguage, seconds: number): string {
  const shown = {
    ...({ year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
    ...({ timeZone: 'UTC', timeZoneName: 'short' } as const),
  };
  return new Intl.DateTimeFormat(language, shown).format(seconds * 1_000);
}

/** A day, in universal time. */
export function day({ language }: InLanguage, seconds: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(seconds * 1_000);
}

import type { words as english } from './languages/en.ts';
import type { Language } from './languages.ts';

type English = typeof english;

/** The names in braces that a text holds, such as `address` in `We sent a code to {address}.` */
export type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** A text by the plural categories of its language. Those that a language has no form for are left out. UTS #35, part 3 §5. */
export type Plural = { readonly [Category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Holding<Name extends string> = [Name] extends [never]
  ? string
  : Intersection<Name extends unknown ? `${string}{${Name}}${string}` : never>;
type Translated<Texts> = Texts extends string
  ? Holding<Placeholders<Texts>>
  : Texts extends Plural
    ? Plural
    : { readonly [Key in keyof Texts]: Translated<Texts[Key]> };

/** The direction a language is written in. */
export type Direction = 'ltr' | 'rtl';

/** A language file must have every text of the English one, with the same names in braces. */
export type Translation = Translated<Omit<English, 'direction'>> & { readonly direction: Direction };

/** The texts of one language, as the pages and mails use them. */
export type Words = Omit<English, 'direction'> & {
  readonly language: Language;
  readonly direction: Direction;
  /** What scopes let a client do, of those that the tools in use have texts for in this language. */
  readonly scopeTexts: Readonly<Record<string, string>>;
};

import type { Translation, Words } from './words.ts';

/** A file of a language. The texts of scopes come from the tools, and are put there when the bundles are made. */
type Source = { readonly words: Translation; readonly scopeTexts?: Readonly<Record<string, string>> };

/**
 * The languages that people are spoken to in. Each is a file beside the bundle of a Lambda, loaded when somebody first
 * needs it. To add one, write `languages/<tag>.ts` and name it here.
 */
const sources = {
  en: () => import('#words/en'),
  de: () => import('#words/de'),
  fr: () => import('#words/fr'),
  es: () => import('#words/es'),
  'pt-BR': () => import('#words/pt-BR'),
  ja: () => import('#words/ja'),
  ko: () => import('#words/ko'),
  'zh-Hans': () => import('#words/zh-Hans'),
} satisfies Readonly<Record<string, () => Promise<Source>>>;

/** A language of the catalogue, by its tag. RFC 5646. */
export type Language = keyof typeof sources;

/** What a scope lets a client do, in English or in several languages. One that is not there is shown in English. */
export type InLanguages = string | ({ readonly en: string } & { readonly [Other in Language]?: string });

/** What the consent page says of a scope, and whether it lets a client change anything. */
export type ScopeWords = { readonly text: InLanguages; readonly changes: boolean };

/** Every language of the catalogue. */
export const languages = Object.keys(sources) as readonly Language[];

const loaded = new Map<Language, Promise<Words>>();

/** The texts of a language. */
export function wordsIn(language: Language): Promise<Words> {
  const found = loaded.get(language) ?? load(language);
  loaded.set(language, found);
  return found;
}

/** The compiler holds each translation to the English texts, so all can be used as those. */
async function load(language: Language): Promise<Words> {
  const { words, scopeTexts = {} }: Source = await sources[language]();
  return { ...(words as unknown as Words), language, scopeTexts };
}

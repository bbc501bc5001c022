import { type Language, languages } from './languages.ts';

/** The longest list of languages that is read, in characters and in languages. */
const [LONGEST_LIST, MOST_LANGUAGES] = [1_000, 30];

/** The languages of the catalogue by what tells them apart for a reader: language and script. */
const byScript = new Map(languages.map((language) => [scriptOf(language), language]));

/** What is known of the language that a person wants, the weightiest first. */
export type Wishes = {
  /** What they have set for their account. */
  readonly account?: string | undefined;
  /** What the request for a page asks for: tags with spaces between them. OpenID Connect Core 1.0 §3.1.2.1. */
  readonly uiLocales?: string | undefined;
  /** What their browser asks for. RFC 9110 §12.5.4. */
  readonly acceptLanguage?: string | undefined;
};

/** The language of the catalogue that suits a person best. Undefined when none of those that they read is in it. */
export function chooseLanguage({ account, uiLocales, acceptLanguage }: Wishes): Language | undefined {
  const tags = [account ?? '', ...tagsIn(uiLocales), ...acceptedTags(acceptLanguage)];
  return tags.map(languageFor).find((language) => language !== undefined);
}

/** The language for a tag: that of the same script, whatever the region. Undefined for one that is not in the catalogue. */
function languageFor(tag: string): Language | undefined {
  return byScript.get(scriptOf(tag));
}

/** Language and script of a tag, such as `zh-Hant` for `zh-TW`. Empty for what is not a tag. UTS #35, Likely Subtags. */
function scriptOf(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return '';
  }
}

function tagsIn(list = ''): readonly string[] {
  return list.slice(0, LONGEST_LIST).split(/\s+/).slice(0, MOST_LANGUAGES);
}

/** The tags of an `Accept-Language`, the most wanted first. Those that are not wanted at all are left out. */
function acceptedTags(header = ''): readonly string[] {
  const entries = header.slice(0, LONGEST_LIST).split(',').slice(0, MOST_LANGUAGES).map(weighted);
  const wanted = entries.filter(({ weight }) => weight > 0);
  return wanted.sort((one, other) => other.weight - one.weight).map(({ tag }) => tag);
}

function weighted(entry: string): { readonly tag: string; readonly weight: number } {
  const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => /^q\s*=/i.test(parameter))?.replace(/^q\s*=\s*/i, '');
  const weight = quality === undefined ? 1 : Number(quality);
  return { tag, weight: weight >= 0 && weight <= 1 ? weight : 0 };
}

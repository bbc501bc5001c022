import { partsOf } from '#core/words/say.ts';
import type { Placeholders } from '#core/words/words.ts';

/** HTML that is safe to put into a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | false | readonly Html[];

/** HTML from a template. Every text put into it is escaped; only `Html` goes in as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => `${text}${rendered(parts[index - 1])}${string}`));
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(({ text }) => text).join('');
  return escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A text of the catalogue as HTML, with values in place of its names in braces: each escaped, unless it is HTML. */
export function phrase<Text extends string>(text: Text, values: Readonly<Record<Placeholders<Text>, Part>>): Html {
  const given: Readonly<Record<string, Part>> = values;
  return html`${partsOf(text).map((part) => html`${part.name === undefined ? part.text : given[part.name]}`)}`;
}

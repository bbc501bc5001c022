/** A button, and what it adds to the form that it sends. */
export type Button = { readonly name: string; readonly value: string };

/** A form of a page: where it goes, what it sends by itself, and what is left to the person. */
export type Form = {
  readonly action: string;
  /** Hidden fields and ticked boxes. */
  readonly fields: readonly [string, string][];
  readonly buttons: readonly Button[];
  /** The names of visible fields and of buttons. */
  readonly asks: ReadonlySet<string>;
};

type Attributes = ReadonlyMap<string, string>;

const inTag = `(?:"[^"]*"|'[^']*'|[^'">])*`;
const formPattern = new RegExp(`<form\\b(${inTag})>(.*?)</form>`, 'gis');
const controlPattern = new RegExp(`<(?:input|button)\\b(${inTag})>`, 'gi');
const buttonPattern = new RegExp(`<button\\b(${inTag})>`, 'gi');
const linkPattern = new RegExp(`<a\\b(${inTag})>`, 'gi');
const attributePattern = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** The forms of a page, in order. */
export function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(formPattern)].map(([, tag = '', content = '']) => {
    const controls = [...content.matchAll(controlPattern)].map(([, inner = '']) => attributes(inner));
    const isSentAsIs = (control: Attributes) => control.get('type') === 'hidden' || control.has('checked');
    return {
      action: attributes(tag).get('action') ?? '',
      fields: controls.filter(isSentAsIs).map((control) => [control.get('name') ?? '', control.get('value') ?? '']),
      buttons: [...content.matchAll(buttonPattern)].map(([, inner = '']) => {
        const button = attributes(inner);
        return { name: button.get('name') ?? '', value: button.get('value') ?? '' };
      }),
      asks: new Set(
        controls.filter((control) => control.get('type') !== 'hidden').map((control) => control.get('name') ?? ''),
      ),
    };
  });
}

/** Where the links of a page lead, in order. */
export function linksIn(html: string): readonly string[] {
  return [...html.matchAll(linkPattern)].map(([, tag = '']) => attributes(tag).get('href') ?? '');
}

/** What a page says is wrong: its alert, else its heading and first paragraph. */
export function problemIn(html: string): string {
  const said = [...html.matchAll(/<(?:[a-z]+\b[^>]*role="alert"[^>]*|h1|p)>(.*?)<\//gis)];
  const alert = said.find(([element]) => element.includes('role="alert"'));
  const shown = alert ? [alert] : said.slice(0, 2);
  return shown.map(([, text = '']) => decoded(text.replaceAll(/<[^>]*>/g, '').trim())).join('. ') || 'an empty page';
}

function attributes(tag: string): Attributes {
  const found = [...tag.matchAll(attributePattern)];
  return new Map(found.map(([, name = '', a, b, c]) => [name.toLowerCase(), decoded(a ?? b ?? c ?? '')]));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[name] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

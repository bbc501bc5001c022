const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
/** More than any text that is shown needs, and little enough to be read quickly. */
const MOST_READ = 5_000;

/** Letters that nobody sees and turns of the writing direction could hide from the person what the model reads. */
const UNSEEN = /[\u{e0000}-\u{e007f}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text from elsewhere as plain text on one line: without tags, entities and control characters, and cut off after so
 * many characters. No tag can begin in what is left.
 */
export function plainText(html: string, mostCharacters: number): string {
  const text = withoutTags(decoded(withoutTags(html.slice(0, MOST_READ))))
    .replaceAll(/<(?=[a-z/!?])/gi, '< ')
    .replaceAll(UNSEEN, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed();
  const characters = [...text];
  return characters.length > mostCharacters ? `${characters.slice(0, mostCharacters - 1).join('')}…` : text;
}

function withoutTags(html: string): string {
  return html.replaceAll(/<!--.*?-->|<[a-z/!?][^<>]*>/gis, '');
}

function decoded(html: string): string {
  return html.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (entity, name: string) => {
    if (!name.startsWith('#')) return named[name.toLowerCase()] ?? entity;
    const code = Number(name.toLowerCase().startsWith('#x') ? `0${name.slice(1)}` : name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

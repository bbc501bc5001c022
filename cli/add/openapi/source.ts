/** A text as a string of TypeScript. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${inner}'`;
}

/** The name of a member of an object. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : quoted(name);
}

/** A member of a value. */
export function memberOf(value: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${value}.${name}` : `${value}[${quoted(name)}]`;
}

/** Members in braces: on one line if there is room, else one on each. */
export function braced(members: readonly string[], room = 60): string {
  const line = `{ ${members.join(', ')} }`;
  if (members.length === 0) return '{}';
  if (line.length <= room && !line.includes('\n')) return line;
  return `{\n${members.map((member) => `${indented(member)},`).join('\n')}\n}`;
}

/** Lines, one step to the right. No string of `quoted` goes over several lines. */
export function indented(lines: string): string {
  return lines.replaceAll(/^(?=.)/gm, '  ');
}

/** A text of somebody else on one line, without what steers a terminal or is not seen. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu, '')
    .trim();
}

/** A text of somebody else for a comment, which it cannot end. */
export function inComment(text: string): string {
  return plain(text).replaceAll('*/', '* /');
}

/** A text for a model, without marks of HTML and Markdown, cut to so many characters at the end of a word. */
export function described(text: unknown, most: number): string {
  if (typeof text !== 'string') return '';
  const words = plain(text.slice(0, 20 * most).replaceAll(/<\/?[a-z][^<>]*>/gi, ' '))
    .replaceAll(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replaceAll(/(\*\*|__|`)/g, '')
    .replaceAll(/ {2,}/g, ' ');
  const all = [...words];
  if (all.length <= most) return words.trim();
  const cut = all.slice(0, most - 1).join('');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2)).trimEnd()}…`;
}

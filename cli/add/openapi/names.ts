const LONGEST_NAME = 64;
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** The words of a name, in small letters: `listPets`, `pets/list` and `PetsList` have two. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The name that words come to. */
export function nameOf(words: readonly string[]): string {
  return words.join('_').slice(0, LONGEST_NAME).replace(/_+$/, '') || 'call';
}

/** A name that no other has yet, in the characters that every client takes. It is taken from then on. */
export function newName(words: readonly string[], taken: Set<string>): string {
  const whole = nameOf(words);
  let name = whole;
  for (let count = 2; taken.has(name); count += 1) {
    const end = `_${count}`;
    name = `${whole.slice(0, LONGEST_NAME - end.length)}${end}`;
  }
  taken.add(name);
  return name;
}

/** A name for a variable: what the words come to, and no word of the language. */
export function identifier(words: readonly string[], end = ''): string {
  const [first = '', ...others] = [...words, ...wordsOf(end)];
  const name = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[a-z]/.test(name) && !reserved.has(name) ? name : `the${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

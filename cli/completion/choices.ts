import type { Operand, Option } from '../admin/command.ts';

/** A command with all of its words, and what may stand after them. */
export type Entry = {
  readonly name: string;
  readonly operands?: readonly Operand[];
  readonly options?: Readonly<Record<string, Pick<Option, 'value' | 'oneOf'>>>;
};

/** What may come after what stands there: the words so far, or the words and an option that waits for its value. */
export type Choices = ReadonlyMap<string, readonly string[]>;

/** What these command lines offer, word by word. */
export function choicesIn(entries: readonly Entry[]): Choices {
  const choices = new Map<string, string[]>();
  const offer = (after: string, words: readonly string[]) => {
    const known = choices.get(after) ?? [];
    choices.set(after, [...known, ...words.filter((word) => !known.includes(word))]);
  };
  for (const { name, operands = [], options = {} } of entries) {
    const words = name.split(' ');
    for (const [at, word] of words.entries()) offer(words.slice(0, at).join(' '), [word]);
    const all = Object.entries(options);
    offer(name, [...operands.flatMap(({ oneOf = [] }) => oneOf), ...all.map(([option]) => `--${option}`)]);
    for (const [option, { value, oneOf = [] }] of all)
      if (value !== undefined && !value.startsWith('[')) offer(`${name} --${option}`, oneOf);
  }
  for (const first of ['', 'admin', 'add']) if (choices.has(first)) offer(first, ['--help']);
  return choices;
}

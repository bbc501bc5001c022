import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Item } from './items.ts';

/** A kind of item, as the table of docs/storage.md has it. */
export type Kind = {
  readonly name: string;
  /** The patterns of its keys. */
  readonly partitions: readonly string[];
  readonly sortKeys: readonly string[];
  /** The list of the file in which its person downloads it. */
  readonly list: string | undefined;
  /** What becomes of it when the account of its person is deleted. Undefined for what is of nobody. */
  readonly fate: string | undefined;
};

/** The kinds of items that there are. */
export function kindsInStorage(): readonly Kind[] {
  const document = readFileSync(fileURLToPath(new URL('../../docs/storage.md', import.meta.url)), 'utf8');
  const [, rows = ''] = /\n\| item \|.*\n\|[ -|]*\n((?:\|.*\n)+)/.exec(document) ?? [];
  return rows
    .trim()
    .split('\n')
    .map((row) => {
      const [name = '', pk = '', sk = '', , ofPerson = ''] = row
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      const [, list, fate] = /^(?:`(\w+)`; )?(deleted|expires|stays)/.exec(ofPerson) ?? [];
      return { name, partitions: quoted(pk), sortKeys: quoted(sk), list, fate };
    });
}

/** The kinds that an item may be of: of several, those whose partition says more. */
export function kindsOf({ pk, sk }: Item, kinds: readonly Kind[]): readonly Kind[] {
  const found = kinds.filter(
    ({ partitions, sortKeys }) => isLike(String(pk), partitions) && isLike(String(sk), sortKeys),
  );
  const fixed = (kind: Kind) => Math.max(...kind.partitions.map((pattern) => pattern.replace(/<[^>]*>/g, '').length));
  const most = Math.max(...found.map(fixed));
  return found.filter((kind) => fixed(kind) === most);
}

function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

function isLike(value: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => new RegExp(`^${pattern.replace(/<[^>]*>/g, '.+')}$`).test(value));
}

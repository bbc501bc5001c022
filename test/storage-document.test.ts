import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { kindsInStorage } from './support/storage-document.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const kinds = kindsInStorage();

/** The words that keys begin with, as the code has them. */
function wordsOfKeys(): readonly string[] {
  const files = globSync('{core,lambdas,tools}/**/*.ts', { cwd: root });
  const words = files.flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    return [...text.matchAll(/[`']([A-Z_]{2,})#|sk: '([A-Z_]{2,})'/g)].map(
      ([, prefix, whole]) => prefix ?? whole ?? '',
    );
  });
  return [...new Set(words)].sort();
}

describe('the table of docs/storage.md', () => {
  test('has every word that a key begins with, and no other', () => {
    const patterns = kinds.flatMap(({ partitions, sortKeys }) => [...partitions, ...sortKeys]);
    const documented = patterns.flatMap((pattern) => /^[A-Z_]{2,}(?=#|$)/.exec(pattern)?.[0] ?? []);
    expect([...new Set(documented)].sort()).toEqual(wordsOfKeys());
  });

  test('says of all that is kept for somebody alone what becomes of it, and of what is deleted where they find it', () => {
    const ofPerson = kinds.filter(({ partitions }) => partitions.some((one) => /^(USER|EMAIL|QUOTA)#</.test(one)));
    expect(ofPerson.length).toBeGreaterThan(8);
    expect(ofPerson.filter(({ fate, list }) => fate !== 'deleted' || list === undefined)).toEqual([]);
  });
});

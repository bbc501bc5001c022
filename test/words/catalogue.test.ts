import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { words as english } from '../../core/words/languages/en.ts';
import { languages, wordsIn } from '../../core/words/languages.ts';
import { scopes } from '../../tools/scopes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every text of a catalogue by the path that leads to it. Forms of a plural are texts of their own. */
function textsOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => textsOf(inner, path ? `${path}.${key}` : key));
}

const namesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
const isPlural = (path: string) => /\.(zero|one|two|few|many|other)$/.test(path);

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
  test('has the names in braces of the English texts, and no others', async () => {
    const known = new Map(textsOf(english));
    for (const [path, text] of textsOf(await wordsIn(language))) {
      if (isPlural(path) || ['language', 'direction'].includes(path)) continue;
      expect([path, namesIn(text)]).toEqual([path, namesIn(known.get(path) ?? '')]);
    }
  });

  test('has a form of each plural for every number from 0 to 100', async () => {
    const plurals = new Set(
      textsOf(await wordsIn(language))
        .map(([path]) => path)
        .filter(isPlural)
        .map((path) => path.replace(/\.\w+$/, '')),
    );
    const texts = new Map(textsOf(await wordsIn(language)));
    const rules = new Intl.PluralRules(language);
    const categories = new Set(Array.from({ length: 101 }, (_, count) => rules.select(count)));
    for (const path of plurals) {
      for (const category of categories) {
        const text = texts.get(`${path}.${category}`) ?? texts.get(`${path}.other`);
        expect([path, category, text?.includes('{count}')]).toEqual([path, category, true]);
      }
    }
  });

  test('has no text that is empty, has space around it, or was left in English', async () => {
    const known = new Map(textsOf(english));
    for (const [path, text] of textsOf(await wordsIn(language))) {
      expect([path, text.trim()]).toEqual([path, text]);
      expect([path, text]).not.toEqual([path, '']);
      if (/ .* .* /.test(text)) expect([path, text]).not.toEqual([path, known.get(path)]);
    }
  });

  test('has words for every scope', () => {
    for (const [name, { text }] of Object.entries(scopes)) expect([name, Object.keys(text)]).toEqual([name, languages]);
  });
});

test.for([
  ['fr', /[^,] [:;?!»]|« /, 'a space at which a line may break'],
  ['ko', /\((으|을|를|은|는|이|가)\)/, 'two forms of a particle, as a name in braces might need'],
] as const)('%s has nowhere what %s finds: %s', async ([language, unwanted]) => {
  expect(textsOf(await wordsIn(language)).filter(([, text]) => unwanted.test(text))).toEqual([]);
});

test('every text of the catalogue is shown somewhere', () => {
  const sources = globSync('{core,lambdas}/**/*.ts', { cwd: root })
    .filter((file) => !file.startsWith('core/words/'))
    .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
    .join('\n');
  const keys = textsOf(english).map(([path]) => path.replace(/\.(one|other|title|text)$/, ''));
  const unused = [...new Set(keys)].filter((path) => {
    const key = path.split('.').at(-1) ?? '';
    const stem = key.replace(/(Subject|Title)$/, '');
    return !new RegExp(`(\\.|\\b(const|let) \\{[^}]*\\b|')(${key}|${stem})\\b`).test(sources);
  });
  expect(unused).toEqual([]);
});

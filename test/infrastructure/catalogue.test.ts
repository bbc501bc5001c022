import { expect, test } from 'vitest';
import { catalogue } from '../../lib/catalogue.ts';

process.env.TABLE_NAME ??= 'not known here';
const { tools } = await import('../../tools/index.ts');

test('the catalogue has just the scopes that the tools in use need', () => {
  const needed = new Set<string>(tools.map(({ scope }) => scope));
  expect(new Set(catalogue.map(({ name }) => name))).toEqual(needed);
});

test('a scope implies only scopes that are in the catalogue', () => {
  const names = catalogue.map(({ name }) => name);
  expect(catalogue.flatMap(({ implies }) => implies).filter((name) => !names.includes(name))).toEqual([]);
});

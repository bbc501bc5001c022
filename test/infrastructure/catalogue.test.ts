import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { catalogue } from '../../lib/catalogue.ts';
import { portableSchema, unportableParts } from '../../tools/portable-schema.ts';

process.env.TABLE_NAME ??= 'not known here';
const { packs } = await import('../../tools/index.ts');
const tools = Object.values(packs).flatMap((pack) => pack.tools);
const all = catalogue();

test('every pack is on when the settings name none', () => {
  expect(all.packs).toEqual(Object.keys(packs));
});

test('the catalogue has just the scopes that the tools in use need', () => {
  const { tools, scopes } = catalogue(['profile']);
  expect(tools).toEqual([{ name: 'whoami', scope: 'profile:read' }]);
  expect(scopes.map(({ name }) => name)).toEqual(['profile:read']);
});

test('a scope implies only scopes that are in the catalogue', () => {
  const names = all.scopes.map(({ name }) => name);
  expect(all.scopes.flatMap(({ implies }) => implies).filter((name) => !names.includes(name))).toEqual([]);
});

test('what a person owns is known although its pack is off', () => {
  expect(catalogue(['profile'])).toMatchObject({ items: [], personalItems: expect.arrayContaining(['TODO#']) });
});

test('tools, resources and prompts have their titles though their pack is off: they stay on record', () => {
  expect(catalogue(['profile']).titles).toMatchObject({ list_todos: 'List todos', plan_my_day: 'Plan my day' });
  const names = tools.map(({ name }) => name);
  expect(Object.keys(all.titles)).toEqual(expect.arrayContaining(names));
});

test('a pack that does not exist is named with those that do', () => {
  expect(() => catalogue(['todo'])).toThrow(/tools\.packs: there is no pack todo; tools\/index\.ts has todos, /);
});

test('a pack that reads what is not its own may list it while it is on, and no more than that', () => {
  const others = ['TODO#', 'AUDIT#', 'TENANT#'];
  const { items, listed } = catalogue(['workspace']);
  expect(items).toEqual(['DOCUMENT#']);
  expect(listed).toEqual(['DOCUMENT#', ...others]);
  expect(catalogue(['todos']).listed).toEqual(['TODO#']);
  expect(all.items).not.toEqual(expect.arrayContaining(['AUDIT#']));
  expect(new Set(all.listed).size).toBe(all.listed.length);
});

test.for(tools.map(({ name, input, output }) => [name, { input, output }] as const))(
  '%s has schemas that Gemini, OpenAI in strict mode and Claude all take: one that does not costs the whole list',
  ([, { input, output }]) => {
    expect(unportableParts(portableSchema(input, 'input'))).toEqual([]);
    expect(unportableParts(portableSchema(output, 'output'))).toEqual([]);
  },
);

test('the first 512 characters of the instructions for models are whole, and say who owns what', () => {
  const instructions = Object.values(packs).flatMap((pack) => pack.instructions ?? []);
  expect(instructions.length).toBeGreaterThan(0);
  expect(instructions.join('\n\n').length).toBeLessThanOrEqual(512);
});

test('instructions of packs in use that are too long together are refused, with how long they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-packs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const module = join(folder, 'tools.cjs');
  const pack = (length: number) => `{ tools: [], instructions: 'ü'.repeat(${length}) }`;
  writeFileSync(
    module,
    `exports.packs = { one: ${pack(511)}, two: ${pack(512)}, more: ${pack(512)} }; exports.scopes = {};`,
  );
  expect(catalogue(['one', 'two'], module).packs).toEqual(['one', 'two']);
  expect(() => catalogue(['two', 'more'], module)).toThrow(
    'The instructions of the packs in use have 2050 bytes; at most 2048 are allowed',
  );
});

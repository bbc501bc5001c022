import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { KeptBundles } from '../../lib/kept-bundles.ts';
import { defineSettings } from '../../lib/settings.ts';
import { root } from '../../local/assembly.ts';

mkdirSync(join(root, '.generated'), { recursive: true });
const all = mkdtempSync(join(root, '.generated/kept-'));
const newFolder = () => mkdtempSync(join(all, 'of-'));
afterAll(() => rmSync(all, { recursive: true }));

/** Writes a file, and ends once the clock of the file system, which goes in steps, is past the time of that. */
function save(file: string, text: string): void {
  writeFileSync(file, text);
  const other = join(all, 'now');
  do writeFileSync(other, '');
  while (statSync(other).ctimeMs <= statSync(file).ctimeMs);
}

describe('a bundle that was kept', () => {
  let kept: string;
  let file: string;
  let older: string;

  /** What the next synthesis has: the bundle as it was kept, or as it makes it. */
  const synthesise = ({ source = 'settings', meanwhile = () => {} } = {}): string => {
    const bundles = new KeptBundles(kept, source);
    const folder = newFolder();
    const bundle = join(folder, 'token/index.js');
    const taken = bundles.take('token', folder);
    if (taken) return `kept: ${readFileSync(bundle, 'utf8')}`;
    mkdirSync(join(folder, 'token'));
    cpSync(file, bundle);
    meanwhile();
    bundles.keep([{ name: 'token', loaded: [], files: [file] }], folder);
    return `made: ${readFileSync(bundle, 'utf8')}`;
  };

  beforeEach(() => {
    kept = join(newFolder(), 'bundles');
    file = join(newFolder(), 'token.ts');
    older = join(newFolder(), 'token.ts');
    writeFileSync(older, 'older');
    save(file, 'one');
    synthesise();
  });

  test('is taken while its files are the same', () => {
    expect(synthesise()).toBe('kept: one');
  });

  test('is made anew once one of its files is saved, and kept again', () => {
    save(file, 'two');
    expect(synthesise()).toBe('made: two');
    expect(synthesise()).toBe('kept: two');
  });

  test('is made anew once one of its files is replaced by one that was written before', () => {
    renameSync(older, file);
    expect(synthesise()).toBe('made: older');
  });

  test('is made anew if one of its files was saved while it was bundled', () => {
    save(file, 'two');
    expect(synthesise({ meanwhile: () => save(file, 'three') })).toBe('made: two');
    expect(synthesise()).toBe('made: three');
  });

  test('is made anew for other settings', () => {
    expect(synthesise({ source: 'other settings' })).toBe('made: one');
    expect(synthesise({ source: 'other settings' })).toBe('kept: one');
  });

  test('is not taken once one of its files has gone', () => {
    rmSync(file);
    expect(new KeptBundles(kept, 'settings').take('token', newFolder())).toBeUndefined();
  });
});

test('a synthesis that keeps its bundles makes again only those that a saved tool is in', async () => {
  const folder = newFolder();
  const tools = join(folder, 'index.ts');
  const tool = join(folder, 'tool.ts');
  const described = (description: string) =>
    save(
      tool,
      `import * as z from 'zod';
      import { defineTool } from '#tools/define-tool.ts';
      export default defineTool({
        name: 'one', title: 'One', description: '${description}', scope: 'todos:read',
        input: z.strictObject({}), output: z.object({}), run: () => ({}),
        annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      });`,
    );
  described('Said before.');
  save(
    tools,
    `import tool from './tool.ts';
    export const packs = { one: { tools: [tool] } };
    export const scopes = { 'todos:read': { text: 'See todos' } };`,
  );
  vi.stubEnv('KEPT_BUNDLES', join(folder, 'kept'));
  onTestFinished(() => void vi.unstubAllEnvs());
  /** Each process synthesises once. */
  const bundles = async () => {
    vi.resetModules();
    const { bundle } = await import('../../lib/bundles.ts');
    const made = bundle(['mcp', 'register'], defineSettings({ sender: 'sign-in@example.com' }), tools);
    return (name: string) => readFileSync(join(made, name, 'index.js'), 'utf8');
  };
  expect((await bundles())('mcp')).toContain('Said before.');
  appendFileSync(join(folder, 'kept/register/index.js'), '// kept');
  described('Said now.');
  const after = await bundles();
  expect(after('mcp')).toContain('Said now.');
  expect(after('register')).toMatch(/\/\/ kept$/);
});

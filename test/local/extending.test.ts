import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, startStack } from '../support/stack.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['bin', 'core', 'lambdas', 'lib', 'local', 'tools'];
const files = ['cdk.json', 'package.json', 'tsconfig.json', 'vestibule.config.ts'];

/** A block of code of the guide, and what the guide says to do with it. */
type Block = { readonly attributes: Readonly<Record<string, string>>; readonly code: string };

function blocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```ts (.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', code = '']) => ({
    attributes: Object.fromEntries(
      [...info.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    ),
    code,
  }));
}

/** Does with a project what the guide tells its reader to do with theirs. */
function follow(project: string, { attributes, code }: Block): void {
  const file = join(project, attributes.file ?? attributes['add-to'] ?? '');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, attributes.file ? code : added(readFileSync(file, 'utf8'), code, attributes['instead-of']));
}

/** An import goes above the others, an entry to the others of its list. */
function added(text: string, code: string, replaced: string | undefined): string {
  if (replaced !== undefined) {
    if (!text.includes(replaced)) throw new Error(`There is no line to replace: ${replaced}`);
    return text.replace(`${replaced}\n`, code);
  }
  if (code.startsWith('import')) return `${code}${text}`;
  return text.replace(/^export const (?:packs|scopes).*\{$/m, (line) => `${line}\n${code.trimEnd()}`);
}

describe('docs/extending.md, followed step by step in a copy of the project', () => {
  let project: string;
  let stack: RunningStack;
  let person: ToolClient;

  beforeAll(async () => {
    mkdirSync(join(root, '.generated'), { recursive: true });
    project = mkdtempSync(join(root, '.generated/extending-'));
    for (const name of [...rooms, ...files]) cpSync(join(root, name), join(project, name), { recursive: true });
    for (const block of blocks(readFileSync(join(root, 'docs/extending.md'), 'utf8'))) follow(project, block);
    stack = await startStack({ project });
    person = await connectTools(stack.issuer, { request: { scope: 'dice:roll' } });
  }, 180_000);
  afterAll(async () => {
    await person?.close();
    await stack?.stop();
    rmSync(project, { recursive: true });
  });

  test('compiles', async () => {
    const tsc = join(root, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['--noEmit', '-p', project]).catch(({ stdout }) => expect.fail(stdout));
  });

  test('has a tool that works, under a scope of its own', async () => {
    expect(person.tokens.scope).toBe('dice:roll');
    const { rolls, sum } = await person.run<{ rolls: number[]; sum: number }>('roll_dice', { count: 5, sides: 2 });
    expect(rolls.filter((roll) => roll === 1 || roll === 2)).toHaveLength(5);
    expect(rolls.reduce((one, other) => one + other)).toBe(sum);
  });

  test('has a tool that refuses what its schema does not know', async () => {
    expect(await person.refuse('roll_dice', { dice: 5 })).toContain('dice');
  });

  test('has a tool that keeps something for its person alone', async () => {
    const best = (sum: number, by = person) => by.run<{ best: number }>('best_roll', { sum });
    expect(await best(7)).toEqual({ best: 7 });
    expect(await best(5)).toEqual({ best: 7 });
    expect(await best(9)).toEqual({ best: 9 });
    expect(await person.refuse('best_roll', { sum: 9 })).toContain('already');
    const other = await connectTools(stack.issuer, { request: { scope: 'dice:roll' } });
    expect(await best(3, other)).toEqual({ best: 3 });
    await other.close();
  });
});

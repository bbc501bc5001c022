import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../local/assembly.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { connectTools } from '../support/tool-client.ts';

const parts = ['bin', 'core', 'lambdas', 'lib', 'local', 'tools', 'cdk.json', 'package.json', 'vestibule.config.ts'];
const tool = 'tools/todos/list-todos.ts';
const timeout = 120_000;

describe('a save while the server runs', { timeout }, () => {
  let project: string;
  let stack: RunningStack;

  beforeAll(async () => {
    mkdirSync(join(root, '.generated'), { recursive: true });
    project = mkdtempSync(join(root, '.generated/reload-'));
    for (const part of parts) cpSync(join(root, part), join(project, part), { recursive: true });
    stack = await startStack({ project, env: { WATCH: 'on' } });
  }, timeout);
  afterAll(async () => {
    await stack?.stop();
    rmSync(project, { recursive: true });
  });

  /** Replaces something in a file, in one step, and gives what the server prints until it says that it is done. */
  async function save(file: string, before: string, after: string): Promise<string> {
    const printed = stack.logs().length;
    const path = join(project, file);
    writeFileSync(`${path}.new`, readFileSync(path, 'utf8').replace(before, after));
    renameSync(`${path}.new`, path);
    const since = () => stack.logs().slice(printed);
    await expect.poll(since, { timeout }).toMatch(/^(Reloaded in .*|What ran before keeps running\.)$/m);
    return since();
  }

  async function description(): Promise<string> {
    const { tools, close } = await connectTools(stack.issuer);
    await close();
    return tools.find(({ name }) => name === 'list_todos')?.description ?? '';
  }

  test('is served, be it of a tool or of the server', async () => {
    expect(await save(tool, 'Lists the', 'Really lists the')).toContain('Reloaded');
    expect(await description()).toMatch(/^Really lists/);
    expect(await save('lambdas/discovery/documents.ts', "{ status: 'ok' }", "{ status: 'fine' }")).toContain(
      'Reloaded',
    );
    expect(await (await fetch(`${stack.issuer}/healthz`)).json()).toEqual({ status: 'fine' });
    expect(await save(tool, 'Really', 'Truly')).toContain('Reloaded');
    expect(await description()).toMatch(/^Truly lists/);
  });

  test('of what is no program is told, and what ran before is served', async () => {
    expect(await save(tool, 'export default', 'export default ((')).toContain('list-todos.ts');
    expect(await description()).toMatch(/^Truly lists/);
    expect(await save(tool, 'export default ((', 'export default')).toContain('Reloaded');
  });

  test('of a tool that lies is refused, and what ran before is served', async () => {
    const refused = await save(tool, 'const page =', "await fetch('https://example.com');\n    const page =");
    expect(refused).toContain('list_todos says openWorldHint: false, but its code leads out of the process');
    expect(await description()).toMatch(/^Truly lists/);
    expect(await save(tool, "await fetch('https://example.com');", '')).toContain('Reloaded');
  });
});

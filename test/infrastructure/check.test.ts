import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addServer } from '../../cli/add/server/server.ts';
import { excess } from '../../cli/check/honest-template.ts';
import { root } from '../../local/assembly.ts';

/** An action, and the partitions that it may be done in. */
type Right = [action: string, prefixes: string[]];

/** What `vestibule check` says in the folder of a project, and how it ends. */
async function check(folder: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const program = join(root, 'bin/vestibule.cjs');
  return promisify(execFile)(process.execPath, [program, 'check', ...args], { cwd: folder }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }) => ({ code, said: `${stdout}${stderr}` }),
  );
}

describe('vestibule check', () => {
  let project: string;
  const tool = () => join(project, 'tools/roll-dice.ts');
  let honest: string;

  // Below this folder `vestibule-mcp` is the package itself, as it is below the folder where it is installed.
  beforeAll(async () => {
    mkdirSync(join(root, '.generated'), { recursive: true });
    project = mkdtempSync(join(root, '.generated/project-'));
    for (const part of ['app.ts', 'cdk.json', 'tsconfig.json', 'tools', 'vestibule.config.ts'])
      cpSync(join(root, 'create/template', part), join(project, part), { recursive: true });
    const settings = readFileSync(join(project, 'vestibule.config.ts'), 'utf8');
    const filled = settings
      .replace('{{stack}}', 'Dice')
      .replace('{{name}}', 'Dice')
      .replace('{{sender}}', 'a@b.example');
    writeFileSync(join(project, 'vestibule.config.ts'), filled);
    honest = readFileSync(tool(), 'utf8');
    const server = ['@modelcontextprotocol/server-sequential-thinking', '--name', 'thinking'];
    const said = { print: () => undefined, tell: () => undefined };
    await addServer([...server, '--out', join(project, 'tools/thinking')], said);
    const index = join(project, 'tools/index.ts');
    const listed = readFileSync(index, 'utf8')
      .replace(
        "export { scopes } from './scopes.ts';",
        "import { scopes as own } from './scopes.ts';\nimport { thinkingPack, thinkingScopes } from './thinking/server.ts';\n\nexport const scopes = { ...own, ...thinkingScopes };",
      )
      .replace('dice: { tools: [rollDice] },', 'dice: { tools: [rollDice] },\n  thinking: thinkingPack,');
    writeFileSync(index, listed);
  });
  afterAll(() => rmSync(project, { recursive: true }));

  test('says of an honest project what each tool is able to do', async () => {
    const { code, said } = await check(project);
    expect(said.split('\n')).toEqual([
      ...['✓ types', '✓ settings', '    Dice', '✓ tools', '    roll_dice reads'],
      '    sequentialthinking reads, by the word of thinking',
      ...['✓ template', '✓ servers', '    thinking has its tools as they are written', ''],
    ]);
    expect(code).toBe(0);
  }, 180_000);

  test('refuses a tool that lies, by its types and by its code', async () => {
    const lying = honest
      .replace('run: ({ count, sides })', 'run: ({ count, sides }, call)')
      .replace('return {', "call.write({ pk: 'DICE#', sk: 'DICE', put: {} });\n    return {");
    writeFileSync(tool(), lying);
    const { code, said } = await check(project, '--json');
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(said);
    expect(ok).toBe(false);
    expect(findings).toEqual([
      { part: 'types', ok: false, lines: expect.arrayContaining([expect.stringContaining("'write' does not exist")]) },
      { part: 'settings', ok: true, lines: ['Dice'] },
      {
        part: 'tools',
        ok: false,
        lines: expect.arrayContaining([expect.stringContaining('roll_dice says readOnlyHint: true, but its code')]),
      },
    ]);
  });

  test('explains itself, and names an option that it does not have', async () => {
    expect(await check(project, '--help')).toMatchObject({ code: 0, said: expect.stringContaining('npm run check') });
    expect(await check(project, '--fast')).toMatchObject({ code: 2, said: expect.stringContaining("'--fast'") });
  });
});

describe('a template that lets tools do more than they say', () => {
  const reading = { name: 'one', readOnlyHint: true, destructiveHint: false, openWorldHint: false };
  const adding = { ...reading, readOnlyHint: false };
  const removing = { ...adding, destructiveHint: true };
  const add: Right = ['PutItem', ['RATE#', 'ONE#']];
  const remove: Right = ['DeleteItem', ['CONFIRMATION#', 'ONE#']];
  const written = 'no tool says that it writes, but the template lets them write ONE#';
  const removed = 'no tool says that it removes, but the template lets them remove ONE#';

  test.for<[string, (typeof reading)[], Right[], string[]]>([
    ['reads', [reading], [add, remove], [written, removed]],
    ['reads, and has what is the server’s', [reading], [['PutItem', ['AUDIT#', 'RATE#']]], []],
    ['adds', [adding], [add, remove], [removed]],
    ['removes', [reading, removing], [add, remove], []],
  ])('is found where the tools say that one %s', ([, tools, rights, found]) => {
    expect(excess({ tools, rights: new Map(rights) })).toEqual(found);
  });
});

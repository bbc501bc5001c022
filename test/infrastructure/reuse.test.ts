import { exec } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../local/assembly.ts';
import { startStack } from '../support/stack.ts';
import { connectTools } from '../support/tool-client.ts';

const packages = ['aws-cdk-lib', 'constructs', 'zod'];

/** The example as a package of its own, which has Vestibule among its packages as a workspace of npm has. */
function installExample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'examples/proverbs'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'proverbs', private: true, type: 'module' }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/vestibule-mcp'));
  for (const name of packages) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  return folder;
}

/** Synthesises an app as the CDK does. Rejects with its output when it fails. */
async function synthesise(folder: string): Promise<string> {
  const { app } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const CDK_OUTDIR = join(folder, 'cdk.out');
  await promisify(exec)(app, { cwd: folder, env: { ...process.env, CDK_OUTDIR } });
  return CDK_OUTDIR;
}

test('another app has the server in its own stack, with tools of its own', { timeout: 180_000 }, async () => {
  const ASSEMBLY_DIR = await synthesise(installExample());
  const stack = await startStack({ env: { ASSEMBLY_DIR } });
  onTestFinished(stack.stop);
  const { tools, run, close } = await connectTools(stack.issuer);
  expect(tools.map(({ name }) => name)).toEqual(['proverb_of_the_day']);
  expect(await run('proverb_of_the_day')).toEqual({ proverb: expect.stringMatching(/\.$/) });
  await close();

  const resource = await (await fetch(`${stack.issuer}/.well-known/oauth-protected-resource`)).json();
  expect(resource).toMatchObject({ scopes_supported: ['proverbs:read'] });
  const outputs = await (await fetch(`${stack.issuer}/local/outputs`)).json();
  expect(outputs).toMatchObject({ McpUrl: stack.mcpUrl, AdminFunction: expect.stringMatching(/^ServerAdmin/) });
});

test('a tool whose scope nobody describes is refused at synthesis', async () => {
  const folder = installExample();
  writeFileSync(join(folder, 'scopes.ts'), 'export const scopes = {};');
  await expect(synthesise(folder)).rejects.toThrow(
    'A tool needs the scope proverbs:read, which scopes does not describe',
  );
});

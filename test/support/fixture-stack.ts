import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { replacements } from '../../lib/bundles.ts';
import { writeGenerated } from '../../lib/generate.ts';
import { readAssembly, root } from '../../local/assembly.ts';
import { settings } from '../../vestibule.config.ts';
import { assemblyOf } from './assembly.ts';

/**
 * Synthesises the stack with another module in place of `lambdas/mcp/server.ts`: the same endpoint, gate and answers,
 * but other tools. Gives the folder of the assembly.
 */
export async function synthesiseWithServer(file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-fixture-'));
  cpSync(await assemblyOf(), folder, { recursive: true });
  const generated = join(folder, 'generated.js');
  writeGenerated(settings, generated);
  const replacement = new Replacement('lambdas/mcp/server.ts', file);
  const asset = mcpAsset(folder);
  // It leads to the asset that all assemblies have in common.
  rmSync(asset, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['lambdas/mcp/handler.ts'],
    outfile: join(asset, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'warning',
    mainFields: ['module', 'main'],
    alias: { ...replacements, '#generated': generated },
    plugins: [replacement.plugin],
  });
  if (!replacement.isDone) throw new Error('lambdas/mcp/handler.ts does not import ./server.ts any more');
  return folder;
}

/** Where the bundle of the MCP endpoint lies in an assembly. */
function mcpAsset(folder: string): string {
  const { template, assetFolder } = readAssembly(folder);
  const functions = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  const [, mcp] = functions.find(([id]) => id.startsWith('Mcp')) ?? [];
  const code = mcp?.Properties?.Code as { readonly S3Key?: string } | undefined;
  if (!code?.S3Key) throw new Error('The template has no function for the MCP endpoint');
  return assetFolder(code.S3Key);
}

/** Has the bundler take another file for one of the product's. */
class Replacement {
  isDone = false;
  readonly plugin: Plugin;

  constructor(replaced: string, by: string) {
    this.plugin = {
      name: 'replacement',
      setup: (bundler) => {
        bundler.onResolve({ filter: /\/server\.ts$/ }, ({ path, resolveDir }) => {
          if (join(resolveDir, path) !== join(root, replaced)) return undefined;
          this.isDone = true;
          return { path: by };
        });
      },
    };
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { ownTools } from './catalogue.ts';
import { generatedModule } from './generate.ts';
import type { Settings } from './settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is bundled in place of a package's own modules: paths are from the root. */
export const replacements = { '@modelcontextprotocol/server/_shims': './lambdas/mcp/sdk-shims.ts' };

/** The folders of bundles that were made, by all that goes into them. */
const made = new Map<string, string>();

/**
 * Bundles every named Lambda in one esbuild pass, with the tools of this module.
 * Returns the folder that holds a folder for each, until the synth ends. What would come out the same is made once.
 */
export function bundle(lambdas: readonly string[], settings: Settings, tools = ownTools): string {
  const generated = generatedModule(settings, tools);
  const key = JSON.stringify([lambdas, tools, generated]);
  const folder = made.get(key) ?? build(lambdas, generated, tools);
  made.set(key, folder);
  return folder;
}

function build(lambdas: readonly string[], generatedText: string, tools: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const generated = join(folder, 'generated.js');
  writeFileSync(generated, generatedText);
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(lambdas.map((name) => [`${name}/index`, `lambdas/${name}/handler.ts`])),
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { ...replacements, '#generated': generated, '#tools/index.ts': tools },
    legalComments: 'none',
    logLevel: 'warning',
  });
  return folder;
}

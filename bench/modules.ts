import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { replacements } from '../lib/bundles.ts';
import { writeGenerated } from '../lib/generate.ts';
import { settings } from '../vestibule.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a bundle is made of: kilobytes by package, or by folder of our own, the largest first. */
export type Parts = {
  readonly endpoint: string;
  readonly parts: readonly (readonly [name: string, kilobytes: number])[];
};

/** Bundles each Lambda as it is deployed, and says what is in it. */
export async function modules(endpoints: readonly string[]): Promise<readonly Parts[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-modules-'));
  const generated = join(folder, 'generated.js');
  try {
    writeGenerated(settings, generated);
    return await Promise.all(
      endpoints.map(async (endpoint) => ({ endpoint, parts: await partsOf(endpoint, generated) })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function partsOf(endpoint: string, generated: string): Promise<Parts['parts']> {
  const { metafile } = await build({
    entryPoints: [`lambdas/${endpoint}/handler.ts`],
    absWorkingDir: root,
    outdir: 'out',
    write: false,
    bundle: true,
    metafile: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { ...replacements, '#generated': generated },
    external: ['#words/*'],
    logLevel: 'warning',
  });
  const bytes = new Map<string, number>();
  for (const output of Object.values(metafile.outputs))
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs))
      bytes.set(partOf(path), (bytes.get(partOf(path)) ?? 0) + bytesInOutput);
  return [...bytes].map(([name, size]) => [name, size / 1_024] as const).toSorted((one, other) => other[1] - one[1]);
}

/** The package of a module, or the folder of ours that it is in. */
function partOf(path: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (inPackage) return inPackage;
  if (path.endsWith('generated.js')) return 'settings and catalogue';
  return path.split('/').slice(0, 2).join('/');
}

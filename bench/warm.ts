import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { build } from 'esbuild';
import { replacements } from '../lib/bundles.ts';
import { writeGenerated } from '../lib/generate.ts';
import { tableClient } from '../test/support/items.ts';
import { settings } from '../vestibule.config.ts';
import type { Deployed } from './deployed.ts';
import { runScript } from './process.ts';
import type { Requester } from './requests.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const standIn = fileURLToPath(new URL('./table-stand-in.ts', import.meta.url));

/** What one warm call took of the processor in a round, in microseconds: of ours, and of the SDK's example server. */
export type WarmRound = { readonly ours: number; readonly example: number };

/** How often a call is measured, and how many calls make a round. */
type Length = { readonly rounds: number; readonly calls: number };

/**
 * Measures a warm call when the table answers in the process and at once, beside the same call of the SDK's example
 * server in the same process.
 */
export async function warmCall(
  deployed: Deployed,
  requester: Requester,
  { rounds, calls }: Length,
): Promise<readonly WarmRound[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-warm-'));
  try {
    const items = join(folder, 'items.json');
    writeFileSync(items, JSON.stringify(await allItems(deployed)));
    const event = join(folder, 'event.json');
    writeFileSync(event, JSON.stringify(requester.next()));
    const env = { ...deployed.environment('mcp'), BENCH_ITEMS: items };
    const bundles = [await bundleWithoutTable(folder), await exampleBundle(folder)];
    return (await runScript('warm.cjs', [...bundles, event, String(rounds), String(calls)], env)) as WarmRound[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How both are bundled. */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  logLevel: 'warning',
} as const;
const mainFields = ['module', 'main'];

async function bundleWithoutTable(folder: string): Promise<string> {
  const outfile = join(folder, 'index.cjs');
  const generated = join(folder, 'generated.js');
  writeGenerated(settings, generated);
  await build({
    ...common,
    mainFields,
    entryPoints: [join(root, 'lambdas/mcp/handler.ts')],
    outfile,
    alias: { ...replacements, '#generated': generated, '#core/aws/dynamodb.ts': standIn },
  });
  return outfile;
}

async function exampleBundle(folder: string): Promise<string> {
  const outfile = join(folder, 'example.cjs');
  const entryPoints = [join(root, 'bench/example-server.mjs')];
  await build({ ...common, mainFields, entryPoints, outfile, alias: replacements });
  return outfile;
}

/** All items of the table, as they are on the wire. */
export async function allItems({ engine, tableName }: Deployed): Promise<readonly object[]> {
  const client = tableClient(engine);
  const items: object[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) items.push(...Items);
  return items;
}

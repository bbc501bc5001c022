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
import { median } from './median.ts';
import { runScript } from './process.ts';
import type { Requester } from './requests.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const standIn = fileURLToPath(new URL('./table-stand-in.ts', import.meta.url));
const rounds = 5;
const calls = 500;

/** What one warm call takes of the processor, in milliseconds, when the table answers in the process and at once. */
export async function warmCall(deployed: Deployed, requester: Requester): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-warm-'));
  try {
    const items = join(folder, 'items.json');
    writeFileSync(items, JSON.stringify(await allItems(deployed)));
    const event = join(folder, 'event.json');
    writeFileSync(event, JSON.stringify(requester.next()));
    const env = { ...deployed.environment('mcp'), BENCH_ITEMS: items };
    const args = [await bundleWithoutTable(folder), event, String(rounds), String(calls)];
    return median((await runScript('warm.cjs', args, env)) as number[]) / 1_000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bundleWithoutTable(folder: string): Promise<string> {
  const outfile = join(folder, 'index.cjs');
  const generated = join(folder, 'generated.js');
  writeGenerated(settings, generated);
  await build({
    entryPoints: [join(root, 'lambdas/mcp/handler.ts')],
    absWorkingDir: root,
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { ...replacements, '#generated': generated, '#core/aws/dynamodb.ts': standIn },
    logLevel: 'warning',
  });
  return outfile;
}

async function allItems({ engine, tableName }: Deployed): Promise<readonly object[]> {
  const client = tableClient(engine);
  const items: object[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) items.push(...Items);
  return items;
}

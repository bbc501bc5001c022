/**
 * Synthesises stacks for the tests, each kind of settings once: the CDK is loaded a single time for all of them.
 * Prints its address. A POST of what is to be synthesised gives the folder of an assembly, which is there until this ends.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { App, Stack } from 'aws-cdk-lib';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { buildSync } from 'esbuild';
import { featureFlags } from '../../lib/feature-flags.ts';
import { generatedModule } from '../../lib/generate.ts';
import { McpServer } from '../../lib/mcp-server.ts';
import { defineSettings } from '../../lib/settings.ts';
import { VestibuleStack } from '../../lib/stack.ts';
import { root } from '../../local/assembly.ts';
import { listen } from '../../local/http.ts';
import type { Synthesis } from './assembly.ts';
import { shortcutFiles } from './shortcut.ts';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-assemblies-'));
const bundles = join(root, 'node_modules', '.cache', 'bundles');
const assemblies = new Map<string, string>();

mkdirSync(bundles, { recursive: true });
writeFileSync(join(bundles, 'package.json'), '{"type":"commonjs"}\n');
process.env.TMPDIR = folder;
// esbuild collects its garbage less often: it takes a sixth less time.
process.env.GOGC = '400';
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit());
// Its input ends when the process that started it is gone.
process.stdin.on('end', () => process.exit()).resume();

/** The folder with the assembly for these settings. */
function assemblyFor(asked: string): string {
  const known = assemblies.get(asked);
  if (known) return known;
  const outdir = join(folder, String(assemblies.size));
  synthesise(JSON.parse(asked) as Synthesis, outdir);
  assemblies.set(asked, outdir);
  return outdir;
}

function synthesise({ changes, tools, isForTemplate = false }: Synthesis, outdir: string): void {
  const bundled = isForTemplate ? [] : ['**'];
  const app = new App({ outdir, context: { ...featureFlags, [BUNDLING_STACKS]: bundled } });
  const settings = defineSettings({ sender: 'sign-in@vestibule.example', answerFloorMilliseconds: 0, ...changes });
  if (tools) new McpServer(new Stack(app, 'Vestibule'), 'Default', { settings, tools });
  else new VestibuleStack(app, 'Vestibule', settings);
  app.synth();
  if (isForTemplate) return;
  prepareShortcut(outdir, generatedModule(settings, tools));
  for (const name of readdirSync(outdir)) if (name.startsWith('asset.')) share(name, outdir);
}

let connectionMaker: string | undefined;

/** What the tests make connections with, see `shortcut.ts`: the bundle is the same for all settings. */
function prepareShortcut(outdir: string, generated: string): void {
  connectionMaker ??= buildSync({
    absWorkingDir: root,
    entryPoints: ['test/support/made-connection.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['#generated', '#later/*', '#words/*'],
    write: false,
  }).outputFiles[0]?.text;
  writeFileSync(join(outdir, shortcutFiles.program), connectionMaker ?? '');
  writeFileSync(join(outdir, shortcutFiles.generated), generated.replaceAll(/^export const (\w+) =/gm, 'exports.$1 ='));
}

/**
 * Has an assembly take an asset from where all assemblies, also those of other runs, have it: it is named after its
 * content. What Node compiles of a bundle is kept by where the bundle is. A copy has its name only when it is whole, as
 * another run may look for it, and this one may be stopped.
 */
function share(name: string, outdir: string): void {
  const [own, shared] = [join(outdir, name), join(bundles, name)];
  if (!existsSync(shared)) {
    const copy = `${shared}-${process.pid}`;
    cpSync(own, copy, { recursive: true });
    moveUnlessThere(copy, shared);
  }
  rmSync(own, { recursive: true });
  symlinkSync(shared, own);
}

function moveUnlessThere(copy: string, shared: string): void {
  try {
    renameSync(copy, shared);
  } catch (error) {
    rmSync(copy, { recursive: true });
    if (!existsSync(shared)) throw error;
  }
}

async function answer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
  try {
    return { status: 200, body: assemblyFor(await text(request)) };
  } catch (error) {
    return { status: 400, body: error instanceof Error ? error.message : String(error) };
  }
}

// A connection that is closed while a request is on its way to it would fail that request.
const server = createServer({ keepAliveTimeout: 600_000 }, async (request, response) => {
  const { status, body } = await answer(request);
  response.writeHead(status).end(body);
});
console.info(`http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`);

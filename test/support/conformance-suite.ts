import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/dist/index.js');

export type SuiteRun = {
  readonly code: number;
  readonly output: string;
  /** The scenarios that ran, each with its checks that failed. */
  readonly scenarios: ReadonlyMap<string, readonly string[]>;
};

type Check = { readonly id: string; readonly status: string; readonly errorMessage?: string };

/** Runs the official suite, and shows each line that it prints to a listener, if there is one. */
export async function runSuite(args: readonly string[], onOutput: (output: string) => void = () => undefined): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-conformance-'));
  const child = spawn(process.execPath, [program, ...args, '--output-dir', folder], { cwd: folder });
  try {
    const { code, output } = await outcome(child, onOutput);
    return { code, output, scenarios: readResults(folder) };
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
}

/** The scenarios for servers that a revision requires. */
export async function requiredScenarios(revision: string): Promise<string[]> {
  const { output } = await outcome(spawn(process.execPath, [program, 'list', '--requirements', revision]));
  const [, servers = ''] = /^Server scenarios.*$([^]*?)^Client scenarios/m.exec(output) ?? [];
  return [...servers.matchAll(/^ +- (\S+)/gm)].map(([, scenario = '']) => scenario);
}

async function outcome(child: ChildProcess, onOutput: (output: string) => void = () => undefined): Promise<{ code: number; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
      onOutput(output);
    });
  const [code] = await once(child, 'close');
  return { code, output };
}

/** Each scenario leaves a folder `server-<scenario>-<time>` with its checks. */
function readResults(folder: string): Map<string, readonly string[]> {
  const results = readdirSync(folder).map((name): [string, string[]] => {
    const checks = JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')) as Check[];
    const failed = checks.filter(({ status }) => status === 'FAILURE');
    const scenario = name.replace(/^(server|authorization-server)-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, '');
    return [scenario, failed.map(({ id, errorMessage = '' }) => `${id}: ${errorMessage}`)];
  });
  return new Map(results);
}

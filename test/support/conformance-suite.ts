import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/dist/index.js');

/** How a scenario came out: how many checks passed, and what those say that failed or only warn. */
type Outcome = {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
};

export type SuiteRun = {
  readonly exitCode: number;
  readonly output: string;
  /** Every scenario that ran. */
  readonly scenarios: ReadonlyMap<string, Outcome>;
};

/** Is shown each line as it is printed. When it rejects, the run ends with that error. */
type Listener = (line: string) => Promise<void> | undefined;

type Check = { readonly id: string; readonly status: string; readonly errorMessage?: string };

/** Runs the official suite. */
export async function runSuite(args: readonly string[], listener?: Listener): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-conformance-'));
  try {
    const { exitCode, output } = await run([...args, '--output-dir', folder], listener);
    return { exitCode, output, scenarios: readOutcomes(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The scenarios for servers that a revision requires. */
export async function requiredScenarios(revision: string): Promise<string[]> {
  const { output } = await run(['list', '--requirements', revision]);
  const [, servers = ''] = /^Server scenarios.*$([\s\S]*?)^Client scenarios/m.exec(output) ?? [];
  return [...servers.matchAll(/^ +- (\S+)/gm)].map(([, scenario = '']) => scenario);
}

async function run(args: readonly string[], listener?: Listener): Promise<Pick<SuiteRun, 'exitCode' | 'output'>> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  try {
    return await outcomeOf(child, ended, listener);
  } finally {
    child.kill();
    await ended;
  }
}

async function outcomeOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  ended: Promise<unknown[]>,
  listener: Listener = () => undefined,
): Promise<Pick<SuiteRun, 'exitCode' | 'output'>> {
  let output = '';
  const failed = Promise.withResolvers<never>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      output += `${line}\n`;
      listener(line)?.catch(failed.reject);
    });
  const [exitCode] = await Promise.race([ended, failed.promise]);
  return { exitCode: Number(exitCode), output };
}

/** Each scenario leaves its checks in a folder of its own: `server-<scenario>-<time>` or `authorization-server-…`. */
function readOutcomes(folder: string): Map<string, Outcome> {
  const outcomes = readdirSync(folder).map((name): [string, Outcome] => {
    const [, scenario = name] = /^(?:authorization-)?server-(.+?)-\d{4}-\d{2}-\d{2}T/.exec(name) ?? [];
    const file = join(folder, name, 'checks.json');
    if (!existsSync(file)) return [scenario, { passed: 0, failures: ['ended before its checks'], warnings: [] }];
    const checks = JSON.parse(readFileSync(file, 'utf8')) as Check[];
    const said = (status: string) => checks.filter((check) => check.status === status).map(describe);
    const passed = said('SUCCESS').length;
    return [scenario, { passed, failures: said('FAILURE'), warnings: said('WARNING') }];
  });
  return new Map(outcomes);
}

function describe({ id, errorMessage }: Check): string {
  return errorMessage ? `${id}: ${errorMessage}` : id;
}

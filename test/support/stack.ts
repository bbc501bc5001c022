import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemblyOf } from './assembly.ts';
import { logScan } from './log-scan.ts';
import { noteStack } from './running-stacks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type RunningStack = {
  readonly issuer: string;
  readonly mcpUrl: string;
  readonly dataDir: string;
  readonly pid: number;
  /** All that the runner has printed, with every line that a Lambda logged. */
  readonly logs: () => string;
  /** Ends it as Ctrl-C would. Data goes too, unless the test brought its own folder. */
  readonly stop: () => Promise<void>;
  /** Ends the processes that it has started, in the middle of whatever they do, and gives how many they were. */
  readonly killChildren: () => number;
  /** Ends it with no chance to tidy up. Data stays, for another start with the same `dataDir`. */
  readonly kill: () => Promise<void>;
};

type StackOptions = {
  /** What is set beside the environment of the tests, or, where undefined, is not to be set. */
  readonly env?: Record<string, string | undefined>;
  readonly dataDir?: string;
  /** The folder of the project to synthesise and run: a copy of this one, which a test has changed. */
  readonly project?: string;
};

/** Runs the whole stack on free ports, by default with data of its own. Rejects with its output if it does not start. */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'vestibule-test-'));
  const TELL = join(dataDir, 'told.json');
  const env = {
    ...process.env,
    TELL,
    PORT: '0',
    WATCH: 'off',
    START_AHEAD: 'off',
    VERBOSE: 'on',
    DATA_DIR: dataDir,
    AWS_ENDPOINT_URL_SESV2: process.env.MAIL_SERVICE,
    ...options.env,
    ASSEMBLY_DIR: options.env?.ASSEMBLY_DIR ?? (options.project ? '' : await assemblyOf()),
  };
  const child = spawn(process.execPath, [join(options.project ?? root, 'local/server.ts')], {
    cwd: options.project ?? root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  const endWithTests = () => child.kill('SIGTERM');
  process.once('exit', endWithTests);
  const printed: Buffer[] = [];
  const scan = logScan();
  const output = () => Buffer.concat(printed).toString();
  const ready = Promise.withResolvers<string>();
  let isReady = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed.push(chunk);
      scan(chunk);
      if (isReady) return;
      const [, mcpUrl] = /^MCP server +(\S+)$/m.exec(output()) ?? [];
      const [isAnnounced] = /^Setup page +\S+$/m.exec(output()) ?? [];
      if (!mcpUrl || !isAnnounced) return;
      isReady = true;
      ready.resolve(mcpUrl);
    });
  child.on('close', (code) => ready.reject(new Error(`The stack ended with ${code}:\n${output()}`)));
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await gone;
    process.off('exit', endWithTests);
  };
  const mcpUrl = await ready.promise.catch((error: unknown) => {
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const issuer = /^Sign-in +(\S+)$/m.exec(output())?.[1] ?? new URL(mcpUrl).origin;
  noteStack(issuer, { file: TELL, assembly: env.ASSEMBLY_DIR });
  return {
    issuer,
    mcpUrl,
    dataDir,
    pid: child.pid ?? 0,
    logs: output,
    stop: async () => {
      await end('SIGTERM');
      if (!options.dataDir) rmSync(dataDir, { recursive: true });
    },
    killChildren: () => {
      const pids = readdirSync(join(dataDir, 'pids')).map(Number);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      return pids.length;
    },
    kill: () => end('SIGKILL'),
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = [
  'bin',
  'cli',
  'core',
  'lambdas',
  'lib',
  'local',
  'tools',
  'cdk.json',
  'package.json',
  'vestibule.config.ts',
];
/** What is saved: a tool of those that are served. */
const tool = 'tools/todos/list-todos.ts';
const rounds = 5;
const LONGEST_MILLISECONDS = 120_000;

/** In milliseconds, start by start: until the first answer, and from saving a tool to an answer of the new one. */
export type NpmStart = { readonly firstAnswers: readonly number[]; readonly reloads: readonly number[] };

/** Starts a copy of the project again and again, as a developer does, and saves one of its files. */
export async function npmStart(): Promise<NpmStart> {
  mkdirSync(join(root, '.generated'), { recursive: true });
  const project = mkdtempSync(join(root, '.generated/bench-'));
  try {
    for (const part of parts) cpSync(join(root, part), join(project, part), { recursive: true });
    const firstAnswers: number[] = [];
    const reloads: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const { milliseconds, reload, stop } = await start(project);
      // The first start fills the cache of compiled code.
      if (round > 0) firstAnswers.push(milliseconds);
      if (round > 0) reloads.push(await reload());
      await stop();
    }
    return { firstAnswers, reloads };
  } finally {
    rmSync(project, { recursive: true });
  }
}

type Started = {
  readonly milliseconds: number;
  readonly reload: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

async function start(project: string): Promise<Started> {
  const from = performance.now();
  const env = { ...process.env, PORT: '0', DATA_DIR: join(project, '.local') };
  // A group of its own: npm, the shell that it starts and the runner are told together.
  const child = spawn('npm', ['start'], { cwd: project, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let printed = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
    for (const look of waiting) look();
  });
  const line = async (pattern: RegExp): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = () => {
      const found = pattern.exec(printed);
      if (found) resolve(found[1] ?? found[0]);
    };
    waiting.add(look);
    const patience = setTimeout(
      () => reject(new Error(`npm start did not print ${pattern}: ${printed}`)),
      LONGEST_MILLISECONDS,
    );
    look();
    return promise.finally(() => {
      waiting.delete(look);
      clearTimeout(patience);
    });
  };
  const stop = async () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  try {
    const url = await line(/^MCP server +(\S+)$/m);
    await answered(url);
    const milliseconds = performance.now() - from;
    const reload = async () => {
      printed = '';
      const file = join(project, tool);
      const saved = performance.now();
      writeFileSync(file, readFileSync(file, 'utf8').replace(/(description:\s*['"`])/, '$1Really: '));
      await line(/^Reloaded/m);
      await answered(url);
      return performance.now() - saved;
    };
    return { milliseconds, reload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks the MCP endpoint something without a token, which it answers itself. */
async function answered(url: string): Promise<void> {
  const { status } = await fetch(url, { method: 'POST', body: '{}' });
  if (status !== 401) throw new Error(`${url} answered ${status}`);
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * When a process started, in a form that another process with the same id cannot have.
 * Undefined if there is no such process, or one that has ended and only waits to be collected.
 */
export function startOf(pid: number): string | undefined {
  if (!existsSync('/proc/self/stat')) {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout?.trim() || undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

/** The processes that the runner has started, each recorded in a file until it has ended. */
export class Children {
  readonly #folder: string;
  readonly #running = new Set<ChildProcess>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    process.on('exit', () => this.#signalAll());
  }

  /** Starts a process that ends with the runner at the latest. */
  readonly spawn = (command: string, args: readonly string[], options: { cwd?: string; env: NodeJS.ProcessEnv }) => {
    const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    const record = join(this.#folder, String(child.pid));
    if (child.pid) writeFileSync(record, startOf(child.pid) ?? '');
    this.#running.add(child);
    child.on('exit', () => {
      this.#running.delete(child);
      rmSync(record, { force: true });
    });
    return child;
  };

  /** Ends what a killed runner left behind: processes that still are the recorded ones, and no others. */
  async endLeftovers(): Promise<void> {
    for (const name of readdirSync(this.#folder)) {
      const record = join(this.#folder, name);
      const pid = Number(name);
      const start = readFileSync(record, 'utf8');
      if (start && startOf(pid) === start) process.kill(pid, 'SIGKILL');
      while (start && startOf(pid) === start) await setTimeout(5);
      rmSync(record);
    }
  }

  /** Ends all that run, and waits until they have ended. */
  async end(): Promise<void> {
    const ended = [...this.#running].map((child) => once(child, 'exit'));
    this.#signalAll();
    await Promise.all(ended);
  }

  #signalAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

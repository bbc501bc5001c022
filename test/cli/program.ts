import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Terminal } from '../../cli/shared/terminal.ts';

/** How a run ended, and what it printed. */
export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type Stream = 'stdout' | 'stderr';

/** A run that waits for its person, or goes on until it is stopped. */
export type Run = {
  readonly ended: Promise<Outcome>;
  /** The sign-in address that it printed. */
  readonly address: Promise<URL>;
  /** Resolves with all that it has printed there as soon as this is part of it. Rejects when it ends before. */
  readonly says: (stream: Stream, text: string) => Promise<string>;
  /** Does what Ctrl-C does. */
  readonly interrupt: () => void;
};

/** One of the programs in `cli/`, as a function. */
type Program = (
  args: readonly string[],
  terminal: Terminal & { readonly interruption: AbortSignal },
) => Promise<number>;

/**
 * Runs a program in this process, which takes a fraction of the time: for what is about what it does and prints. How it
 * starts, exits and is interrupted is seen when it is started as the program of its own that it is.
 */
export async function runHere(program: Program, args: readonly string[]): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  const code = await program(args, {
    print: (text) => {
      printed.stdout += `${text}\n`;
    },
    tell: (text) => {
      printed.stderr += `${text}\n`;
    },
    interruption: new AbortController().signal,
  });
  return { code, ...printed };
}

/** Starts one of the programs in `cli/`. It is stopped with the test, should it still run. */
export function startProgram(
  name: 'admin' | 'client' | 'demo' | 'doctor',
  args: readonly string[],
  env: Record<string, string> = {},
): Run {
  const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const program = name === 'demo' ? [file('cli/demo.ts')] : [file('bin/vestibule.cjs'), name];
  return start([process.execPath, ...program, ...args], { env });
}

/** Starts a command. It is stopped with the test, should it still run. */
export function start(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
): Run {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  const output = new Output(child);
  return {
    ended: output.ended,
    get address() {
      return signInAddress(output);
    },
    says: (stream, text) => output.until(stream, (printed) => printed.includes(text)),
    interrupt: () => void child.kill('SIGINT'),
  };
}

/** What a program prints, as it prints it. */
class Output {
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcess;
  readonly #printed = { stdout: '', stderr: '' };

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.on('data', (chunk: Buffer) => {
        this.#printed[name] += chunk;
        child.emit('printed');
      });
    this.ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...this.#printed }));
  }

  async until(stream: Stream, isEnough: (printed: string) => boolean): Promise<string> {
    while (!isEnough(this.#printed[stream])) {
      const isOver = await Promise.race([once(this.#child, 'printed').then(() => false), this.ended.then(() => true)]);
      if (isOver && !isEnough(this.#printed[stream])) throw new Error(`It ended: ${JSON.stringify(this.#printed)}`);
    }
    return this.#printed[stream];
  }
}

async function signInAddress(output: Output): Promise<URL> {
  const address = /sign in:\n(\S+)\n/;
  const printed = await output.until('stderr', (text) => address.test(text));
  return new URL(address.exec(printed)?.[1] ?? '');
}

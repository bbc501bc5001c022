import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** How a run ended, and what it printed. */
export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A run that waits for its person. */
export type Run = {
  readonly ended: Promise<Outcome>;
  /** The sign-in address that it printed. */
  readonly address: Promise<URL>;
  /** Does what Ctrl-C does. */
  readonly interrupt: () => void;
};

/** Starts one of the programs in `cli/`. It is stopped with the test, should it still run. */
export function startProgram(
  name: 'admin' | 'client' | 'doctor',
  args: readonly string[],
  env: Record<string, string> = {},
): Run {
  const file = fileURLToPath(new URL(`../../cli/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  return { ended: outcome(child), address: signInAddress(child), interrupt: () => void child.kill('SIGINT') };
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => {
      printed[name] += chunk;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}

function signInAddress(child: ChildProcess): Promise<URL> {
  const { promise, resolve } = Promise.withResolvers<URL>();
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk;
    const [, address] = /sign in:\n(\S+)\n/.exec(output) ?? [];
    if (address) resolve(new URL(address));
  });
  return promise;
}

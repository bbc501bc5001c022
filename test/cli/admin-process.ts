import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Outcome } from './client-process.ts';

const program = fileURLToPath(new URL('../../cli/admin.ts', import.meta.url));

/** A client as the command line tells of it with `--json`. */
export type AdminClient = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly [member: string]: unknown;
};

/** Runs the operator's command line to its end. It is stopped with the test, should it still run. */
export async function admin(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The operator of a server on this machine. */
export class Operator {
  readonly #issuer: string;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  run(...args: string[]): Promise<Outcome> {
    return admin([...args, '--local', this.#issuer]);
  }

  /** What a command gives as JSON. Throws when it fails. */
  async json(...args: string[]): Promise<AdminClient> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as AdminClient;
  }

  /** Sends a command past the command line, as many can be sent at a time. */
  async invoke(command: string, input: object): Promise<{ readonly ok: boolean; readonly result?: AdminClient }> {
    const outputs = (await (await fetch(`${this.#issuer}/local/outputs`)).json()) as { readonly AdminFunction: string };
    const url = `${this.#issuer}/local/lambda/2015-03-31/functions/${outputs.AdminFunction}/invocations`;
    const body = JSON.stringify({ command, input, time: new Date().toISOString() });
    return (await (await fetch(url, { method: 'POST', body })).json()) as { ok: boolean; result?: AdminClient };
  }
}

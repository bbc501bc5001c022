import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../cli/client.ts', import.meta.url));

/** How a run ended, and what it printed. */
export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A run that waits for its person. */
export type Run = {
  readonly ended: Promise<Outcome>;
  /** The sign-in address that it printed. */
  readonly address: Promise<URL>;
};

type Stored = Readonly<Record<string, StoredConnection>>;
export type StoredConnection = {
  readonly client: { readonly client_id: string };
  readonly tokens: {
    readonly access_token: string;
    readonly refresh_token: string;
    readonly scope: string;
    readonly expires_at: number;
  };
};

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The client as one person on one machine runs it: always with the same server and token file. */
export class Installation {
  readonly #url: string;
  readonly file = join(temporaryFolder(), 'state', 'client.json');

  constructor(url: string) {
    this.#url = url;
  }

  /** Runs the client to its end. */
  run(...args: string[]): Promise<Outcome> {
    return this.start(args).ended;
  }

  /** Starts the client. It is stopped with the test, should it still run. */
  start(args: readonly string[], env: Record<string, string> = {}): Run {
    const all = [program, '--url', this.#url, '--store', this.file, ...args];
    const child = spawn(process.execPath, all, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill());
    return { ended: outcome(child), address: signInAddress(child) };
  }

  stored(): StoredConnection {
    const connection = (JSON.parse(readFileSync(this.file, 'utf8')) as Stored)[this.#url];
    if (!connection) throw new Error('Nothing is stored');
    return connection;
  }

  /** Has the stored access token look as if its time were over. */
  expire(): void {
    const { tokens, ...rest } = this.stored();
    const expired = { ...rest, tokens: { ...tokens, expires_at: 1 } };
    writeFileSync(this.file, JSON.stringify({ [this.#url]: expired }), { mode: 0o600 });
  }
}

/** The requests that a verbose run made: method and path. */
export function requestsIn({ stderr }: Outcome): string[] {
  const lines = [...stderr.matchAll(/^→ (\S+) (\S+)$/gm)];
  return lines.map(([, method, url = '']) => `${method} ${new URL(url).pathname}`);
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

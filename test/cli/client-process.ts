import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { client } from '../../cli/client/client.ts';
import { type Outcome, type Run, runHere, startProgram } from './program.ts';

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

  /** Runs the client to its end, in this process. */
  run(...args: string[]): Promise<Outcome> {
    return runHere(client, this.#with(args));
  }

  /** Starts the client as the program of its own that it is. */
  start(args: readonly string[], env: Record<string, string> = {}): Run {
    return startProgram('client', this.#with(args), env);
  }

  #with(args: readonly string[]): readonly string[] {
    return ['--url', this.#url, '--store', this.file, ...args];
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

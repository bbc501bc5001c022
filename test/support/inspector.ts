import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Person, signIn } from './sign-in.ts';

const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json');
const program = join(dirname(manifest), 'clients', 'launcher', 'build', 'index.js');

/** What a run came to: how it ended, what it printed, and where it sent the person, if it did. */
export type InspectorRun = {
  readonly code: number | null;
  readonly result: Readonly<Record<string, unknown>> | undefined;
  readonly printed: string;
  readonly asked: URL | undefined;
};

/** Runs of the MCP Inspector's command line with one home folder, in which it keeps its tokens. */
export class Inspector {
  readonly #mcpUrl: string;
  readonly #options: readonly string[];
  readonly #home = mkdtempSync(join(tmpdir(), 'vestibule-inspector-'));

  constructor(mcpUrl: string, ...options: readonly string[]) {
    this.#mcpUrl = mcpUrl;
    this.#options = ['--callback-url', 'http://127.0.0.1:0/oauth/callback', ...options];
    onTestFinished(() => rmSync(this.#home, { recursive: true }));
  }

  /** Asks for a method. A person signs in if the program asks for that, at the address that it prints. */
  async run(args: readonly string[], person?: Person): Promise<InspectorRun> {
    const all = ['--cli', this.#mcpUrl, '--transport', 'http', '--format', 'json', ...this.#options, ...args];
    const child = spawn(process.execPath, [program, ...all], {
      // With nothing on its path it opens no browser window on this machine, and it would ask nobody without the flag.
      env: { HOME: this.#home, PATH: this.#home, MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'file' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill());
    let [output, printed] = ['', ''];
    let asked: URL | undefined;
    const answered = Promise.withResolvers<void>();
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk;
      const [, url] = /Please navigate to: (\S+)\s/.exec(printed) ?? [];
      if (!url || asked) return;
      asked = new URL(url);
      signIn(asked, person)
        .then(fetch)
        .then(() => answered.resolve(), answered.reject);
    });
    const [code] = await once(child, 'close');
    if (asked) await answered.promise;
    return { code, result: output ? JSON.parse(output).result : undefined, printed, asked };
  }
}

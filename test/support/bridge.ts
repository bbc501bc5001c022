import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, vi } from 'vitest';
import { Clock } from './clock.ts';
import { startHeaderProxy } from './header-proxy.ts';
import { type Person, signIn } from './sign-in.ts';

const program = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');

/** Runs of the bridge with one configuration folder, at the time of one clock. */
export class Bridge {
  readonly clock = new Clock();
  /** The revisions in which it has spoken to the server. */
  readonly revisions = new Set<unknown>();
  /** How often it has asked a person to sign in. */
  timesAsked = 0;
  readonly #issuer: string;
  readonly #options: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'vestibule-mcp-remote-'));

  constructor(issuer: string, ...options: readonly string[]) {
    this.#issuer = issuer;
    this.#options = options;
    onTestFinished(() => rmSync(this.#folder, { recursive: true }));
  }

  /** Starts the bridge, and connects to it as a desktop program does. A person signs in if it asks for that. */
  async run(person?: Person): Promise<{ readonly client: Client; readonly asked: URL | undefined }> {
    const proxy = await startHeaderProxy(this.#issuer, (received) => {
      if (received['mcp-method'] === 'tools/call') this.revisions.add(received['mcp-protocol-version']);
      return this.clock.headers;
    });
    onTestFinished(proxy.stop);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [
        program,
        `${this.#issuer}/mcp`,
        '--allow-http',
        '--transport',
        'http-only',
        '--enable-proxy',
        ...this.#options,
      ],
      // With nothing on its path it opens no browser window on this machine.
      env: { MCP_REMOTE_CONFIG_DIR: this.#folder, HTTP_PROXY: proxy.url, PATH: this.#folder },
      stderr: 'pipe',
    });
    const client = new Client({ name: 'desktop', version: '1' });
    onTestFinished(() => client.close());
    let printed = '';
    const asked = Promise.withResolvers<URL>();
    transport.stderr?.on('data', (chunk: Buffer) => {
      const before = questions(printed);
      printed += chunk;
      this.timesAsked += questions(printed) - before;
      const [, url] = /Please authorize this client by visiting:\s+(\S+)\s/.exec(printed) ?? [];
      if (url) asked.resolve(new URL(url));
    });
    const connected = client.connect(transport).catch((cause) => {
      throw new Error(`The bridge did not connect:\n${printed}`, { cause });
    });
    const url = await Promise.race([asked.promise, connected]);
    if (!url) return { client, asked: undefined };
    const redirect = await signIn(url, person);
    // It prints the address first, and listens where the browser comes back a moment later.
    const { status } = await vi.waitFor(() => fetch(redirect), { timeout: 15_000 });
    expect(status).toBe(200);
    await connected;
    return { client, asked: url };
  }

  /** What the bridge has stored under a name. */
  stored(name: string): Readonly<Record<string, string>> {
    const files = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' });
    const [file, ...others] = files.filter((path) => path.endsWith(`_${name}.json`));
    if (!file || others.length > 0) throw new Error(`Not one ${name} file among ${files}`);
    return JSON.parse(readFileSync(join(this.#folder, file), 'utf8'));
  }
}

function questions(printed: string): number {
  return printed.split('Please authorize this client').length - 1;
}

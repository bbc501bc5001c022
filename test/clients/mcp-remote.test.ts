import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { Clock, moreThanAnHour } from '../support/clock.ts';
import { newAddress } from '../support/flow.ts';
import { startHeaderProxy } from '../support/header-proxy.ts';
import { revoke } from '../support/revoke.ts';
import { type Person, signIn } from '../support/sign-in.ts';

const issuer = inject('issuer');
const program = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');

/** Runs of the bridge with one configuration folder, at the time of one clock. */
class Bridge {
  readonly clock = new Clock();
  /** The revisions in which it has spoken to the server. */
  readonly revisions = new Set<unknown>();
  readonly #options: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'vestibule-mcp-remote-'));

  constructor(...options: readonly string[]) {
    this.#options = options;
    onTestFinished(() => rmSync(this.#folder, { recursive: true }));
  }

  /** Starts the bridge, and connects to it as a desktop program does. A person signs in if it asks for that. */
  async run(person?: Person): Promise<{ readonly client: Client; readonly asked: URL | undefined }> {
    const proxy = await startHeaderProxy(issuer, (received) => {
      if (received['mcp-method'] === 'tools/call') this.revisions.add(received['mcp-protocol-version']);
      return this.clock.headers;
    });
    onTestFinished(proxy.stop);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [program, `${issuer}/mcp`, '--allow-http', '--transport', 'http-only', '--enable-proxy', ...this.#options],
      // With nothing on its path it opens no browser window on this machine.
      env: { MCP_REMOTE_CONFIG_DIR: this.#folder, HTTP_PROXY: proxy.url, PATH: this.#folder },
      stderr: 'pipe',
    });
    const client = new Client({ name: 'desktop', version: '1' });
    onTestFinished(() => client.close());
    let printed = '';
    const asked = Promise.withResolvers<URL>();
    transport.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk;
      const [, url] = /Please authorize this client by visiting:\s+(\S+)\s/.exec(printed) ?? [];
      if (url) asked.resolve(new URL(url));
    });
    const connected = client.connect(transport).catch((cause) => {
      throw new Error(`The bridge did not connect:\n${printed}`, { cause });
    });
    const url = await Promise.race([asked.promise, connected]);
    if (!url) return { client, asked: undefined };
    expect((await fetch(await signIn(url, person))).status).toBe(200);
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

async function titles(client: Client): Promise<string[]> {
  const { structuredContent } = await client.callTool({ name: 'list_todos', arguments: {} });
  return (structuredContent as { todos: { title: string }[] }).todos.map(({ title }) => title);
}

describe('mcp-remote', () => {
  test.for([
    ['2025-11-25', 'legacy'],
    ['2026-07-28', 'auto'],
  ] as const)(
    'signs in at the address that it prints, and its client calls the tools in revision %s',
    async ([revision, protocol]) => {
      const bridge = new Bridge('--protocol', protocol);
      const { client, asked } = await bridge.run();
      expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({ resource: `${issuer}/mcp` });
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['list_todos', 'create_todo', 'whoami']));
      await client.callTool({ name: 'create_todo', arguments: { title: 'Through the bridge' } });
      expect(await titles(client)).toEqual(['Through the bridge']);
      expect([...bridge.revisions]).toEqual([revision]);
    },
  );

  test('starts again with the tokens that it stored, and asks nobody', async () => {
    const bridge = new Bridge();
    const first = await bridge.run();
    await first.client.callTool({ name: 'create_todo', arguments: { title: 'Before' } });
    await first.client.close();
    const second = await bridge.run();
    expect(second.asked).toBeUndefined();
    expect(await titles(second.client)).toEqual(['Before']);
  });

  test('refreshes an expired token in the middle of a call and at a start, and asks nobody', async () => {
    const bridge = new Bridge();
    const { client } = await bridge.run();
    const { refresh_token: first } = bridge.stored('tokens');
    bridge.clock.advance(moreThanAnHour);
    expect(await titles(client)).toEqual([]);
    const { refresh_token: second } = bridge.stored('tokens');
    await client.close();
    bridge.clock.advance(moreThanAnHour);
    const { asked, client: again } = await bridge.run();
    expect(asked).toBeUndefined();
    expect(await titles(again)).toEqual([]);
    expect(new Set([first, second, bridge.stored('tokens').refresh_token]).size).toBe(3);
  });

  test('asks to sign in again at a start after a revocation', async () => {
    const bridge = new Bridge();
    const address = newAddress();
    const { client } = await bridge.run({ address });
    await client.callTool({ name: 'create_todo', arguments: { title: 'Still there' } });
    await client.close();
    await revoke(issuer, bridge.stored('client_info').client_id ?? '', bridge.stored('tokens').refresh_token ?? '');
    const { asked, client: again } = await bridge.run({ address });
    expect(asked).toBeDefined();
    expect(await titles(again)).toEqual(['Still there']);
  });
});

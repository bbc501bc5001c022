import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishCheck } from '../../cli/publish-check/publish-check.ts';
import { wire } from '../../cli/shared/wire.ts';
import { defineSettings } from '../../lib/settings.ts';
import { newAddress } from '../support/flow.ts';
import { listedSettings, listing } from '../support/listing.ts';
import { refusedBy } from '../support/mcp-registry.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { alteredServer } from './altered-server.ts';
import { temporaryFolder } from './client-process.ts';
import { type Outcome, runHere } from './program.ts';

type Report = {
  readonly errors: number;
  readonly warnings: number;
  readonly checks: readonly { readonly name: string; readonly level: string; readonly saw: string }[];
};

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStackWith(listedSettings);
});
afterAll(() => stack.stop());

/** The pages of the listing, which are elsewhere, and the settings of the server. */
const outside = {
  settingsOf: async () => defineSettings({ ...listedSettings, sender: 'sign-in@example.com' }),
  txtOf: async () => undefined,
  wire: async (url: string | URL, init?: RequestInit) =>
    new URL(url).hostname === 'example.com'
      ? new Response('<h1>Example</h1>', { headers: { 'content-type': 'text/html' } })
      : await wire(url, init),
};

function check(args: readonly string[], url = stack.mcpUrl): Promise<Outcome> {
  const own = ['--url', url, ...(args.includes('--no-sign-in') ? [] : ['--email', newAddress()])];
  return runHere((given, terminal) => publishCheck(given, terminal, outside), [...own, ...args]);
}

const reportIn = ({ stdout }: Outcome) => JSON.parse(stdout) as Report;
const named = ({ checks }: Report, level: string) =>
  checks.filter((one) => one.level === level).map(({ name }) => name);

describe('publish-check of a server that is listed', () => {
  test('finds nothing that a listing is refused for, and leaves nothing behind', async () => {
    const outcome = await check(['--json']);
    const report = reportIn(outcome);
    expect(named(report, 'error')).toEqual([]);
    expect(named(report, 'warning')).toEqual([]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(named(report, 'ok')).toEqual(
      expect.arrayContaining([
        ...['callbacks of clients', 'server card', 'card and server', 'hints of tools', 'icon'],
        ...['calls that should work', 'calls with a mistake', 'favicon', 'pages of tools', 'what pages may reach'],
      ]),
    );
  });

  test('is told in a line each, for the lists that were asked for', async () => {
    const { code, stdout } = await check(['--for', 'registry,card', '--no-sign-in']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toContain(`ok       server card (card) · ${listing.name}`);
    expect(lines.some((line) => line.startsWith('BY HAND  public address (registry) · '))).toBe(true);
    expect(lines.at(-1)).toMatch(/^0 errors, 0 warnings, \d+ to be checked by hand\.$/);
    expect(stdout).not.toContain('openai');
  });

  test('writes what the registry and the forms ask for', async () => {
    const folder = join(temporaryFolder(), 'listing');
    expect(await check(['--write', folder])).toMatchObject({ code: 0, stderr: expect.stringContaining('Written to') });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(readdirSync(folder).sort()).toEqual(
      [
        ...['.claude-plugin', '.cursor-plugin', '.mcp.json', 'gemini-extension.json', 'links.md', 'mcp.json'],
        ...['listed.json', 'server.json', 'test-cases.md', 'texts.md'],
      ].sort(),
    );
    expect(refusedBy(JSON.parse(read('server.json')), { isLocal: true })).toEqual([]);
    expect(JSON.parse(read('server.json'))).toEqual({
      $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
      name: listing.name,
      title: listing.title,
      description: listing.description,
      version: listing.version,
      websiteUrl: listing.website,
      repository: { url: listing.repository, source: 'github' },
      icons: [{ src: `${stack.issuer}/brand/icon.png`, mimeType: 'image/png', sizes: ['512x512'] }],
      remotes: [{ type: 'streamable-http', url: stack.mcpUrl }],
    });
    expect(JSON.parse(read('gemini-extension.json')).mcpServers).toEqual({ todos: { httpUrl: stack.mcpUrl } });
    const plugin = { name: 'todos', version: listing.version, description: listing.description };
    expect(JSON.parse(read('.cursor-plugin/plugin.json'))).toEqual(plugin);
    expect(JSON.parse(read('mcp.json'))).toEqual({ mcpServers: { todos: { url: stack.mcpUrl } } });
    expect(JSON.parse(read('.claude-plugin/plugin.json'))).toEqual({
      ...plugin,
      author: { name: listing.publisher },
      homepage: listing.website,
      repository: listing.repository,
    });
    expect(JSON.parse(read('.mcp.json'))).toEqual({ mcpServers: { todos: { type: 'http', url: stack.mcpUrl } } });
    expect(read('texts.md')).toContain(`**Tagline:** ${listing.tagline}`);
    expect(read('links.md')).toContain('https://example.com/privacy');
    expect(read('test-cases.md')).toContain('- Tool: `delete_todo` (may destroy)');
  });
});

test('what has changed since a listing is told', async () => {
  const folder = join(temporaryFolder(), 'listing');
  await check(['--write', folder, '--for', 'openai']);
  const file = join(folder, 'listed.json');
  const same = reportIn(await check(['--json', '--for', 'openai', '--since', file]));
  expect(same.checks).toContainEqual(expect.objectContaining({ name: 'changes since the listing', level: 'ok' }));
  const listed = JSON.parse(readFileSync(file, 'utf8'));
  const [first, ...others] = listed.tools;
  writeFileSync(file, JSON.stringify({ ...listed, tools: [{ ...first, description: 'Another' }, ...others] }));
  const outcome = await check(['--json', '--for', 'openai', '--since', file]);
  expect(outcome.code).toBe(0);
  expect(reportIn(outcome).checks).toContainEqual(
    expect.objectContaining({ level: 'warning', saw: `${first.name} has another description` }),
  );
});

test.for([
  ['nothing', undefined, 'cannot be read (ENOENT): --since takes the listed.json of an earlier --write.'],
  ['no JSON', '{', 'is not the listed.json of an earlier --write.'],
  ['another file', '{"tools": [1]}', 'is not the listed.json of an earlier --write.'],
] as const)('%s in the place of what was listed is refused in one sentence', async ([, text, says]) => {
  const file = join(temporaryFolder(), 'listed.json');
  if (text !== undefined) writeFileSync(file, text);
  const { code, stdout, stderr } = await check(['--since', file]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(says);
});

describe('what is wrong ends with 1:', () => {
  test('a proof that is another, and a card that is gone', async () => {
    const { url } = await alteredServer(stack.issuer, {
      alter: (exchange) => {
        if (exchange.path === '/.well-known/openai-apps-challenge') exchange.body = 'another';
        if (exchange.path === '/mcp/server-card') exchange.status = 404;
      },
    });
    const outcome = await check(['--json', '--for', 'openai,card', '--no-sign-in'], url);
    expect(outcome.code).toBe(1);
    // What stands between passes on text alone, so the picture is broken too.
    expect(named(reportIn(outcome), 'error')).toEqual([
      ...['proof for OpenAI', 'icon', 'server card', 'address in the card', 'card for pages and caches'],
    ]);
  });

  test('what doctor finds, by its name', async () => {
    const { url } = await alteredServer(stack.issuer, {
      alter: ({ path, headers }) => {
        if (path === '/mcp') headers.delete('www-authenticate');
      },
    });
    const outcome = await check(['--json', '--for', 'registry', '--no-sign-in'], url);
    expect(outcome.code).toBe(1);
    expect(named(reportIn(outcome), 'error')).toContain('challenge without a token');
  });
});

describe('a folder that cannot be written', () => {
  test('because something is in it, stays as it is', async () => {
    const folder = join(temporaryFolder(), 'full');
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    const { code, stdout, stderr } = await check(['--write', folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('is not empty: name a folder that is new or empty.');
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  test('because the one above it is missing, leaves nothing half written', async () => {
    const above = temporaryFolder();
    const { code, stderr } = await check(['--write', join(above, 'nowhere', 'listing'), '--no-sign-in']);
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was written to');
    expect(readdirSync(above)).toEqual([]);
    expect(existsSync(join(above, 'nowhere'))).toBe(false);
  });
});

describe('the command line of publish-check', () => {
  test.for<[readonly string[], string]>([
    [[], 'Say which server: --url URL or --local'],
    [['--url', 'https://mcp.example.com/mcp', '--for', 'nobody'], '--for takes registry, openai, anthropic'],
    [['--url', 'https://mcp.example.com/mcp', '--for'], '--for needs a value'],
    [['--url', 'https://mcp.example.com/mcp', '--write'], '--write needs a value'],
    [['--url', 'https://mcp.example.com/mcp', '--sign-in'], "Unknown option '--sign-in'"],
    [['--url', 'https://mcp.example.com/mcp', '--bogus'], "Unknown option '--bogus'"],
    [['--url', 'https://mcp.example.com/other'], '--url must be an MCP URL'],
    [['--local', '--email', 'a@b.example', '--no-sign-in'], '--email and --no-sign-in cannot be used together'],
  ])('%j is refused in one sentence', async ([args, says]) => {
    const { code, stdout, stderr } = await runHere((given, terminal) => publishCheck(given, terminal, outside), args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('--help explains every option', async () => {
    const { code, stdout } = await runHere(publishCheck, ['--help']);
    expect(code).toBe(0);
    for (const option of [
      'url',
      'local',
      'for',
      'write',
      'since',
      'stage',
      'no-sign-in',
      'email',
      'no-browser',
      'json',
    ])
      expect(stdout).toContain(`--${option} `);
  });
});

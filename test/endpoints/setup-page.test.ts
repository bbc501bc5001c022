import { beforeAll, describe, expect, inject, test } from 'vitest';
import { send } from '../support/browser.ts';
import { connectTools } from '../support/tool-client.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text: string) => text.replaceAll(/&([a-z#0-9]+);/g, (whole, name) => entities[name] ?? whole);

/** The parts of the page below each heading of the third level, by that heading. */
function cards(html: string): ReadonlyMap<string, string> {
  const found = [...html.matchAll(/<li>\s*<h3>(.*?)<\/h3>(.*?)(?=<li>\s*<h3>|<\/main>)/gs)];
  return new Map(found.map(([, title = '', steps = '']) => [unescaped(title), steps]));
}

let page: ReadonlyMap<string, string>;
let whole: string;

beforeAll(async () => {
  whole = (await send(issuer, { path: '/' })).text;
  page = cards(whole);
});

const card = (title: string): string => page.get(title) ?? '';
const linkIn = (title: string) => unescaped(/<a href="([^"]*)"/.exec(card(title))?.[1] ?? '');
const copied = (title: string) => unescaped(/<pre [^>]*>(.*?)<\/pre>/s.exec(card(title))?.[1] ?? '');

describe('the page that says how to connect', () => {
  test('has steps for each client', () => {
    const clients = ['Claude', 'Claude Code', 'ChatGPT', 'Codex', 'Cursor', 'VS Code'];
    const more = ['Gemini CLI', 'Windsurf', 'Zed', 'MCP Inspector', 'Other apps'];
    expect([...page.keys()].slice(0, 11)).toEqual([...clients, ...more]);
  });

  test.for([
    ['Claude Code', 'claude mcp add --transport http vestibule URL'],
    ['Codex', 'codex mcp add vestibule --url URL'],
    ['VS Code', `code --add-mcp '{"name":"vestibule","type":"http","url":"URL"}'`],
    ['Gemini CLI', 'gemini mcp add --scope user --transport http vestibule URL'],
    ['MCP Inspector', 'npx @modelcontextprotocol/inspector --transport http --server-url URL'],
    ['Other apps', 'npx mcp-remote URL'],
  ] as const)('has the command for %s', ([client, command]) => {
    expect(copied(client)).toBe(command.replace('URL', mcpUrl));
  });

  test.for([
    ['Cursor', (url: string) => ({ mcpServers: { vestibule: { url } } })],
    ['Windsurf', (serverUrl: string) => ({ mcpServers: { vestibule: { serverUrl } } })],
    ['Zed', (url: string) => ({ context_servers: { vestibule: { url } } })],
  ] as const)('has the settings for %s', ([client, settings]) => {
    expect(JSON.parse(copied(client))).toEqual(settings(mcpUrl));
  });

  test.for([
    ['Claude', 'https://claude.ai/customize/connectors?modal=add-custom-connector&'],
    ['Cursor', 'cursor://anysphere.cursor-deeplink/mcp/install?name=vestibule&config='],
    ['VS Code', 'vscode:mcp/install?%7B'],
  ] as const)('has a link that opens %s', ([client, start]) => {
    expect(linkIn(client).startsWith(start)).toBe(true);
  });

  test('leads to where the status of the server is', async () => {
    expect(whole).toContain('The server was up when it sent you this page.');
    const [, path = ''] = /<a href="(\/healthz)"/.exec(whole) ?? [];
    expect(await (await fetch(new URL(path, issuer))).json()).toEqual({ status: 'ok' });
  });
});

describe('the tools on that page', () => {
  const titlesIn = (group: string) =>
    [...card(group).matchAll(/<bdi lang="en">(.*?)<\/bdi>/g)].map(([, title = '']) => unescaped(title)).sort();

  test('are those that clients list, and for admins one more, by whether they change anything', async () => {
    const person = await connectTools(issuer);
    const { tools } = person;
    await person.close();
    const titles = (reads: boolean) =>
      tools.filter(({ annotations }) => annotations?.readOnlyHint === reads).map(({ title = '' }) => title);
    expect(titlesIn('Read-only')).toEqual(titles(true).sort());
    expect(titlesIn('Make changes')).toEqual([...titles(false), 'Purge the workspace'].sort());
    expect(card('Make changes')).toContain('Purge the workspace</bdi> (admins only)');
  });

  test('stand below the words of the consent page for what they need', () => {
    expect(card('Read-only')).toMatch(/<p>See your to-dos<\/p>\s*<ul class="soft">\s*<li><bdi lang="en">List /);
    expect(card('Read-only')).toMatch(/<p>Needs no permission<\/p>\s*<ul class="soft">\s*<li><bdi lang="en">Greet</);
  });

  test('are described in the language of the person', async () => {
    const { text } = await send(issuer, { path: '/', headers: { 'accept-language': 'de' } });
    expect([...cards(text).keys()].slice(-2)).toEqual(['Nur lesen', 'Ändern']);
    expect(text).toContain('<p>Ihre Aufgaben ansehen</p>');
  });
});

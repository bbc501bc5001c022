import { createHash } from 'node:crypto';
import {
  getToolUiResourceUri,
  McpUiResourceMetaSchema,
  RESOURCE_MIME_TYPE,
} from '@modelcontextprotocol/ext-apps/app-bridge';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');

let person: ToolClient;
let page: string;
let meta: unknown;
let uri: string;
beforeAll(async () => {
  person = await connectTools(issuer);
  uri = getToolUiResourceUri(person.tools.find(({ name }) => name === 'list_todos') ?? {}) ?? '';
  const [content] = (await person.client.readResource({ uri })).contents;
  if (!content || !('text' in content)) throw new Error('The board is no text');
  page = content.text;
  meta = content._meta?.ui;
  expect(content.mimeType).toBe(RESOURCE_MIME_TYPE);
});
afterAll(() => person.close());

describe('the board of todos, MCP Apps 2026-01-26', () => {
  test('is what list_todos names as its page, and no other tool does', () => {
    expect(uri).toMatch(/^ui:\/\/./);
    expect(person.tools.filter((tool) => getToolUiResourceUri(tool) === uri).map(({ name }) => name)).toEqual([
      'list_todos',
    ]);
  });

  test('asks its host for nothing from elsewhere, and for no permission', async () => {
    expect(McpUiResourceMetaSchema.parse(meta)).toEqual({
      csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
      prefersBorder: true,
    });
    const { resources } = await person.client.listResources();
    const listed = resources.find((resource) => resource.uri === uri);
    expect(listed).toMatchObject({ mimeType: RESOURCE_MIME_TYPE, _meta: { ui: meta } });
  });

  test('has nothing in it that lies elsewhere, and is small', () => {
    expect(page).not.toMatch(/\bhttps?:|\bsrc=|\bhref=|@import|url\(/);
    expect(Buffer.byteLength(page)).toBeLessThan(10_000);
  });

  test('lets only its own style and script count', () => {
    const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page) ?? [];
    const hashOf = (element: string) => {
      const [, text = ''] = new RegExp(`<${element}[^>]*>([^]*?)</${element}>`).exec(page) ?? [];
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page.indexOf(policy)).toBeLessThan(page.indexOf('<style>'));
    expect(page.match(/<(style|script)\b/g)).toEqual(['<style', '<script']);
  });

  test('is the same for everybody', async () => {
    const stranger = await connectTools(issuer);
    await stranger.run('create_todo', { title: 'Not on the page' });
    expect((await stranger.client.readResource({ uri })).contents).toMatchObject([{ text: page }]);
    await stranger.close();
  });

  test('leaves the answer of list_todos as readable as it is without it', async () => {
    await person.run('create_todo', { title: 'In words too' });
    const { content } = await person.client.callTool({ name: 'list_todos', arguments: {} });
    expect(content).toEqual([{ type: 'text', text: expect.stringContaining('In words too') }]);
  });
});

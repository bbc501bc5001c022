import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { send } from '../support/browser.ts';
import { connect } from '../support/flow.ts';
import { listedSettings, listing } from '../support/listing.ts';
import { ask, askModern, resultOf } from '../support/mcp.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

const plain = inject('issuer');
const card = '/mcp/server-card';
const catalog = '/.well-known/ai-catalog.json';
const openai = '/.well-known/openai-apps-challenge';
const registry = '/.well-known/mcp-registry-auth';
let stack: RunningStack;

beforeAll(async () => {
  stack = await startStackWith(listedSettings);
});
afterAll(() => stack.stop());

const read = (path: string, headers: Record<string, string> = {}) => fetch(`${stack.issuer}${path}`, { headers });

describe('the server card, draft SEP-2127', () => {
  test('says what the settings say, and where the server is', async () => {
    const response = await read(card);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/mcp-server-card+json');
    expect(await response.json()).toEqual({
      $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
      name: listing.name,
      version: listing.version,
      title: listing.title,
      description: listing.description,
      websiteUrl: listing.website,
      repository: { url: listing.repository, source: 'github' },
      icons: [{ src: `${stack.issuer}/brand/icon.png`, mimeType: 'image/png', sizes: ['512x512'] }],
      remotes: [{ type: 'streamable-http', url: stack.mcpUrl }],
    });
  });

  test('is in the catalogue of what the domain has', async () => {
    const response = await read(catalog);
    expect(response.headers.get('content-type')).toBe('application/ai-catalog+json');
    expect(await response.json()).toEqual({
      specVersion: '1.0',
      host: { displayName: listing.publisher },
      entries: [
        {
          identifier: `urn:air:${new URL(stack.issuer).hostname}:mcp:todos`,
          type: 'application/mcp-server-card+json',
          url: `${stack.issuer}${card}`,
        },
      ],
    });
  });

  test('agrees with what the server says of itself to clients of both eras', async () => {
    const said = (await (await read(card)).json()) as Record<string, unknown>;
    const { tokens } = await connect(stack.issuer);
    const clientInfo = { name: 'test', version: '1' };
    const began = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
    const [old, current] = [
      resultOf(await ask(stack.issuer, tokens.access_token, 'initialize', began)),
      resultOf(await askModern(stack.issuer, tokens.access_token, 'server/discover')),
    ];
    const { name, version, title, description, websiteUrl, icons } = said;
    const discovered = (current._meta as Record<string, unknown>)['io.modelcontextprotocol/serverInfo'];
    for (const info of [old.serverInfo, discovered])
      expect(info).toEqual({ name, version, title, description, websiteUrl, icons });
    for (const { instructions } of [old, current]) expect(instructions).toContain('Todos belong to the person');
  });

  test.for([card, catalog])('%s is sent again only when it has changed, RFC 9110 §13.1.2', async (path) => {
    const first = await read(path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(first.headers.get('cache-control')).toBe('public, max-age=3600');
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await read(path, { 'if-none-match': tag });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
      expect(again.headers.get('cache-control')).toBe('public, max-age=3600');
    }
    for (const tag of ['"other"', etag.slice(1, -1)])
      expect((await read(path, { 'if-none-match': tag })).status).toBe(200);
  });

  test.for([card, catalog])('%s can be read by any page, with its tag', async (path) => {
    const { headers } = await read(path, { origin: 'https://app.example' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toBe('ETag');
    const asked = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    const preflight = await send(stack.issuer, { method: 'OPTIONS', path, headers: asked });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('GET');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/If-None-Match.*Content-Type/);
  });

  test('leaves the MCP endpoint beside it as it is', async () => {
    for (const path of ['/mcp', '/mcp/']) expect((await read(path)).status).toBe(401);
    const posted = await fetch(`${stack.issuer}${card}`, { method: 'POST', body: '{}' });
    expect(posted.status).toBe(404);
    const head = await send(stack.issuer, { method: 'HEAD', path: card });
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

describe('what shows that the domain is the operator’s', () => {
  test.for([
    [openai, listing.proofs.openai],
    [registry, listing.proofs.mcpRegistry],
  ] as const)('%s is the text that was set and nothing else', async ([path, proof]) => {
    const response = await read(path, { accept: 'text/plain' });
    expect([response.status, response.redirected]).toEqual([200, false]);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe(proof);
  });
});

test('the icon of a listing is served from here, for any page', async () => {
  const response = await read('/brand/icon.png', { origin: 'https://app.example' });
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(listing.icon));
});

test.for([card, catalog, openai, registry, '/brand/icon.png'])('without a listing %s is not served', async (path) => {
  const answer = await send(plain, { path });
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.text)).toMatchObject({ error: 'not_found' });
});

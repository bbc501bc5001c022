import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { newAddress } from '../support/flow.ts';
import { alteredServer, type Exchange } from './altered-server.ts';
import { Installation, requestsIn } from './client-process.ts';

const real = inject('issuer');

const list = ['--tool', 'list_todos', '--verbose', '--mailbox', '--email'];
const resourceMetadata = '/.well-known/oauth-protected-resource';

async function runAgainst(alter: (exchange: Exchange) => void) {
  const { url } = await alteredServer(real, { alter });
  return await new Installation(url).run(...list, newAddress());
}

function notFound(exchange: Exchange): void {
  exchange.status = 404;
  exchange.body = '{}';
}

describe('discovery', () => {
  test('finds the metadata without a challenge, at the path or at the root, RFC 9728 §3.1', async () => {
    const run = await runAgainst((exchange) => {
      exchange.headers.delete('www-authenticate');
      if (exchange.path === `${resourceMetadata}/mcp`) notFound(exchange);
    });
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run).slice(1, 3)).toEqual([`GET ${resourceMetadata}/mcp`, `GET ${resourceMetadata}`]);
  });

  test('takes the OpenID configuration where there is no other', async () => {
    const run = await runAgainst((exchange) => {
      if (exchange.path.startsWith('/.well-known/oauth-authorization-server')) notFound(exchange);
    });
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run)).toContain('GET /.well-known/openid-configuration');
  });

  const untrusted = [
    {
      what: 'metadata of another resource',
      path: `${resourceMetadata}/mcp`,
      member: 'resource',
      value: 'https://other.example/mcp',
    },
    {
      what: 'metadata of another issuer',
      path: '/.well-known/oauth-authorization-server',
      member: 'issuer',
      value: 'https://other.example',
    },
    {
      what: 'a server without S256',
      path: '/.well-known/oauth-authorization-server',
      member: 'code_challenge_methods_supported',
      value: ['plain'],
    },
    {
      what: 'a server that says nothing of PKCE',
      path: '/.well-known/oauth-authorization-server',
      member: 'code_challenge_methods_supported',
      value: undefined,
    },
  ];
  test.for(untrusted)('refuses $what', async ({ path, member, value }) => {
    const run = await runAgainst((exchange) => {
      if (exchange.path === path) exchange.body = JSON.stringify({ ...JSON.parse(exchange.body), [member]: value });
    });
    expect(run.code).toBe(3);
    expect(requestsIn(run)).not.toContain('POST /register');
    expect(run.stderr).not.toMatch(/^ +at /m);
  });
});

describe('tokens', () => {
  test('are refreshed when the server finds them expired first', async () => {
    const headers: Record<string, string> = {};
    const { url } = await alteredServer(real, { headers });
    const client = new Installation(url);
    await client.run(...list, newAddress());
    headers['x-local-clock-offset'] = '4000';
    const run = await client.run('--list', '--verbose');
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run)).toContain('POST /token');
    expect(requestsIn(run)).not.toContain('GET /authorize');
  });

  test('are kept when a refresh fails for another reason', async () => {
    const answer = { isBroken: false };
    const { url } = await alteredServer(real, {
      alter: (exchange) => {
        if (answer.isBroken && exchange.path === '/token')
          Object.assign(exchange, { status: 503, body: '{"error":"temporarily_unavailable"}' });
      },
    });
    const client = new Installation(url);
    await client.run(...list, newAddress());
    client.expire();
    const before = client.stored();
    answer.isBroken = true;
    const run = await client.run('--list');
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('temporarily_unavailable') });
    expect(run.stderr.trimEnd()).not.toContain('\n');
    expect(client.stored()).toEqual(before);
  });

  test('of a client that the server has forgotten lead to a new registration, RFC 6749 §5.2', async () => {
    const forgotten = new Set<string>();
    const { url } = await alteredServer(real, {
      alter: (exchange) => {
        const clientId = exchange.sent.get('client_id') ?? '';
        if (exchange.path === '/token' && forgotten.has(clientId))
          Object.assign(exchange, { status: 401, body: '{"error":"invalid_client"}' });
      },
    });
    const client = new Installation(url);
    await client.run(...list, newAddress());
    const { client_id } = client.stored().client;
    forgotten.add(client_id);
    client.expire();
    const run = await client.run(...list, newAddress());
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run)).toContain('POST /register');
    expect(client.stored().client.client_id).not.toBe(client_id);
  });
});

describe('--verbose', () => {
  test('shows the whole exchange and no secret of it', async () => {
    const secrets = new Set<string>();
    const { url } = await alteredServer(real, {
      alter: ({ path, sent, sentHeaders, headers, body }) => {
        for (const name of ['code', 'code_verifier', 'form_token']) secrets.add(sent.get(name) ?? '');
        for (const cookie of [...headers.getSetCookie(), sentHeaders.get('cookie') ?? ''])
          secrets.add(/=([^;]*)/.exec(cookie)?.[1] ?? '');
        const redirect = URL.parse(headers.get('location') ?? '')?.searchParams;
        for (const name of ['code', 'state']) secrets.add(redirect?.get(name) ?? '');
        if (path === '/token')
          for (const name of ['access_token', 'refresh_token']) secrets.add(JSON.parse(body)[name]);
      },
    });
    const client = new Installation(url);
    const runs = [await client.run(...list, newAddress()), await client.run('--list', '--verbose')];
    client.expire();
    runs.push(await client.run('--list', '--verbose'), await client.run('--logout', '--verbose'));
    secrets.delete('');
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(secrets.size).toBeGreaterThanOrEqual(9);
    const printed = runs.map(({ stderr }) => stderr).join('');
    expect([...secrets].filter((secret) => printed.includes(secret))).toEqual([]);
    expect(printed).toMatch(/code_verifier=\S{4}…&/);
    expect(printed).toMatch(/"refresh_token":"\S{4}…"/);
  });
});

describe('a server of the 2025 revisions', () => {
  test('is spoken to in its own protocol, and without a sign-in where it asks for none', async () => {
    const http = createServer(async (request, response) => {
      const server = new McpServer({ name: 'old', version: '1.0.0' });
      server.registerTool('greet', { description: 'Greets' }, () => ({ content: [{ type: 'text', text: 'Hello!' }] }));
      const transport = new StreamableHTTPServerTransport({});
      await server.connect(transport as Parameters<typeof server.connect>[0]);
      await transport.handleRequest(request, response);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      http.close();
      http.closeAllConnections();
    });
    const client = new Installation(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
    const run = await client.run('--tool', 'greet', '--verbose');
    expect(run).toMatchObject({
      code: 0,
      stdout: 'Hello!\n',
      stderr: expect.stringContaining('"method":"initialize"'),
    });
  });
});

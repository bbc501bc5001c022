import * as v2 from '@modelcontextprotocol/client';
import * as v1Auth from '@modelcontextprotocol/sdk/client/auth.js';
import * as v1 from '@modelcontextprotocol/sdk/client/index.js';
import * as v1Http from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Bridge } from '../support/bridge.ts';
import { ClientMemory } from '../support/client-memory.ts';
import { Clock, moreThanAnHour } from '../support/clock.ts';
import { callback } from '../support/flow.ts';
import { Inspector } from '../support/inspector.ts';
import { signIn } from '../support/sign-in.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { startTlsSite, type TlsSite } from '../support/tls-site.ts';

let site: TlsSite;
let stack: RunningStack;
beforeAll(async () => {
  site = await startTlsSite((url) => ({
    client_id: url,
    client_name: 'Published',
    token_endpoint_auth_method: 'none',
    // The bridge and the Inspector listen on whatever port suits them, and that of a loopback address does not count.
    redirect_uris: [callback, 'http://localhost/oauth/callback', 'http://127.0.0.1/oauth/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
  }));
  stack = await startStack({ env: { TRUSTED_METADATA_HOSTS: site.host, NODE_EXTRA_CA_CERTS: site.caFile } });
});
afterAll(async () => {
  await stack?.stop();
  await site?.stop();
});

/** What a client keeps that is described at a URL. */
class PublishedMemory<Client, Tokens, Discovery> extends ClientMemory<Client, Tokens, Discovery> {
  readonly clientMetadataUrl = site.url;
}

async function toolNames(client: v1.Client | v2.Client): Promise<string[]> {
  const { tools } = await client.listTools();
  return tools.map(({ name }) => name);
}

const someTools = expect.arrayContaining(['list_todos', 'create_todo', 'whoami']);

describe('a client whose id is the https URL of its description, Client ID Metadata Document §3', () => {
  test('with the v1 SDK signs in without registering, lists the tools and refreshes', async () => {
    const memory = new PublishedMemory<OAuthClientInformationMixed, OAuthTokens, v1Auth.OAuthDiscoveryState>();
    const clock = new Clock();
    const open = () => {
      const client = new v1.Client({ name: 'v1', version: '1' });
      onTestFinished(() => client.close());
      const options = { authProvider: memory, fetch: clock.fetch };
      return { client, transport: new v1Http.StreamableHTTPClientTransport(new URL(stack.mcpUrl), options) };
    };
    const first = open();
    await expect(first.client.connect(first.transport)).rejects.toThrow(v1Auth.UnauthorizedError);
    expect(memory.authorizationUrl.searchParams.get('client_id')).toBe(site.url);
    const redirect = await signIn(memory.authorizationUrl);
    await first.transport.finishAuth(redirect.searchParams.get('code') ?? '');
    const { client, transport } = open();
    await client.connect(transport);
    expect(await toolNames(client)).toEqual(someTools);
    const before = memory.tokens()?.refresh_token;
    clock.advance(moreThanAnHour);
    expect(await toolNames(client)).toEqual(someTools);
    expect(memory.tokens()?.refresh_token).not.toBe(before);
    expect(memory.authorizationUrls).toHaveLength(1);
    expect(memory.clientInformation()?.client_id).toBe(site.url);
  });

  test.for([
    ['2026-07-28', { pin: '2026-07-28' }],
    ['2025-11-25', 'legacy'],
  ] as const)(
    'with the v2 SDK signs in without registering, lists the tools and refreshes, in revision %s',
    async ([revision, mode]) => {
      const memory = new PublishedMemory<
        v2.StoredOAuthClientInformation,
        v2.StoredOAuthTokens,
        v2.OAuthDiscoveryState
      >();
      const clock = new Clock();
      const open = () => {
        const client = new v2.Client({ name: 'v2', version: '1' }, { versionNegotiation: { mode } });
        onTestFinished(() => client.close());
        const options = { authProvider: memory, fetch: clock.fetch };
        return { client, transport: new v2.StreamableHTTPClientTransport(new URL(stack.mcpUrl), options) };
      };
      const first = open();
      await expect(first.client.connect(first.transport)).rejects.toThrow(v2.UnauthorizedError);
      expect(memory.authorizationUrl.searchParams.get('client_id')).toBe(site.url);
      await first.transport.finishAuth((await signIn(memory.authorizationUrl)).searchParams);
      const { client, transport } = open();
      await client.connect(transport);
      expect(client.getNegotiatedProtocolVersion()).toBe(revision);
      expect(await toolNames(client)).toEqual(someTools);
      const before = memory.tokens()?.refresh_token;
      clock.advance(moreThanAnHour);
      const { structuredContent } = await client.callTool({ name: 'list_todos', arguments: {} });
      expect(structuredContent).toEqual({ todos: [] });
      expect(memory.tokens()?.refresh_token).not.toBe(before);
      expect(memory.authorizationUrls).toHaveLength(1);
      expect(memory.clientInformation()?.client_id).toBe(site.url);
    },
  );

  test('with mcp-remote signs in without registering, lists the tools and refreshes', async () => {
    const bridge = new Bridge(stack.issuer, '--client-metadata-url', site.url);
    const { client, asked } = await bridge.run();
    expect(asked?.searchParams.get('client_id')).toBe(site.url);
    expect(await toolNames(client)).toEqual(someTools);
    const before = bridge.stored('tokens').refresh_token;
    bridge.clock.advance(moreThanAnHour);
    const { structuredContent } = await client.callTool({ name: 'list_todos', arguments: {} });
    expect(structuredContent).toEqual({ todos: [] });
    expect(bridge.stored('tokens').refresh_token).not.toBe(before);
    expect(bridge.timesAsked).toBe(1);
  });

  test("with the MCP Inspector's command line signs in without registering, and lists the tools", async () => {
    const inspector = new Inspector(stack.mcpUrl, '--client-metadata-url', site.url);
    const { asked, code, printed, result } = await inspector.run(['--method', 'tools/list']);
    expect(code, printed).toBe(0);
    expect(asked?.searchParams.get('client_id')).toBe(site.url);
    const { tools } = result as { readonly tools: readonly { readonly name: string }[] };
    expect(tools.map(({ name }) => name)).toEqual(someTools);
  });
});

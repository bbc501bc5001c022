import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { ClientMemory } from '../support/client-memory.ts';
import { Clock, moreThanAnHour } from '../support/clock.ts';
import { newAddress } from '../support/flow.ts';
import { revoke } from '../support/revoke.ts';
import { type Person, signIn } from '../support/sign-in.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

/** One program with its memory, at the time of its own clock. */
class Program {
  readonly memory = new ClientMemory<OAuthClientInformationMixed, OAuthTokens, OAuthDiscoveryState>();
  readonly clock = new Clock();

  /** Connects. Rejects when a person must sign in first. */
  async connect(): Promise<Client> {
    const client = new Client({ name: 'v1', version: '1' });
    onTestFinished(() => client.close());
    await client.connect(this.newTransport());
    return client;
  }

  /** Has a person sign in where the client sent them last. */
  async finish(person?: Person): Promise<void> {
    const redirect = await signIn(this.memory.authorizationUrl, person);
    await this.newTransport().finishAuth(redirect.searchParams.get('code') ?? '');
  }

  /** Signs in and connects. */
  async start(person?: Person): Promise<Client> {
    await expect(this.connect()).rejects.toThrow(UnauthorizedError);
    await this.finish(person);
    return this.connect();
  }

  newTransport(): StreamableHTTPClientTransport {
    return new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider: this.memory, fetch: this.clock.fetch });
  }
}

async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<unknown> {
  const { structuredContent, isError, content } = await client.callTool({ name, arguments: input });
  expect(isError, JSON.stringify(content)).toBeFalsy();
  return structuredContent;
}

describe('the v1 SDK', () => {
  test('registers, signs in and agrees on revision 2025-11-25', async () => {
    const program = new Program();
    const client = await program.start();
    const unchanging = { listChanged: false };
    const lists = { tools: unchanging, resources: unchanging, prompts: unchanging };
    expect(client.getServerCapabilities()).toEqual({ ...lists, completions: {} });
    expect(client.getServerVersion()).toMatchObject({ name: 'vestibule' });
    expect(Object.fromEntries(program.memory.authorizationUrl.searchParams)).toMatchObject({
      client_id: program.memory.clientInformation()?.client_id,
      code_challenge_method: 'S256',
      resource: mcpUrl,
    });
    await client.ping();
  });

  test('lists the tools, and takes what they answer for valid by their output schemas', async () => {
    const client = await new Program().start({ address: newAddress() });
    const { tools } = await client.listTools();
    expect(tools.map(({ outputSchema }) => outputSchema?.type)).toEqual(tools.map(() => 'object'));
    const { id } = (await call(client, 'create_todo', { title: 'Water the plants' })) as { id: string };
    await call(client, 'complete_todo', { id });
    expect(await call(client, 'list_todos', { done: true })).toMatchObject({
      todos: [{ id, title: 'Water the plants' }],
    });
    expect(await call(client, 'delete_todo', { id })).toEqual({ deleted: id });
    expect(await call(client, 'whoami')).toMatchObject({ scopes: expect.arrayContaining(['todos:write']) });
  });

  test('refreshes an expired token in the middle of a call, again and again', async () => {
    const program = new Program();
    const client = await program.start();
    const seen = new Set([program.memory.tokens()?.refresh_token]);
    for (const round of [1, 2, 3]) {
      program.clock.advance(moreThanAnHour);
      expect(await call(client, 'list_todos')).toEqual({ todos: [] });
      seen.add(program.memory.tokens()?.refresh_token);
      expect(seen.size).toBe(round + 1);
    }
    expect(program.memory.authorizationUrls).toHaveLength(1);
  });

  test('is sent to sign in again by the call after a revocation, and works again after that', async () => {
    const program = new Program();
    const address = newAddress();
    const client = await program.start({ address });
    await call(client, 'create_todo', { title: 'Still there' });
    const { memory } = program;
    await revoke(issuer, memory.clientInformation()?.client_id ?? '', memory.tokens()?.refresh_token ?? '');
    await expect(call(client, 'list_todos')).rejects.toThrow(UnauthorizedError);
    expect(memory.authorizationUrls).toHaveLength(2);
    expect(memory.tokens()).toBeUndefined();
    await program.finish({ address });
    expect(await call(client, 'list_todos')).toMatchObject({ todos: [{ title: 'Still there' }] });
  });
});

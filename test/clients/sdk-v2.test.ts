import {
  Client,
  IssuerMismatchError,
  type JsonSchemaType,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  type Tool,
  UnauthorizedError,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { ClientMemory } from '../support/client-memory.ts';
import { Clock, moreThanAnHour } from '../support/clock.ts';
import { newAddress } from '../support/flow.ts';
import { revoke } from '../support/revoke.ts';
import { type Person, signIn } from '../support/sign-in.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;
const validator = new AjvJsonSchemaValidator();

const modes: readonly (readonly [revision: string, mode: VersionNegotiationMode])[] = [
  ['2026-07-28', { pin: '2026-07-28' }],
  ['2025-11-25', 'legacy'],
];

/** One program with its memory, at the time of its own clock. */
class Program {
  readonly memory = new ClientMemory<StoredOAuthClientInformation, StoredOAuthTokens, OAuthDiscoveryState>();
  readonly clock = new Clock();
  readonly #mode: VersionNegotiationMode;

  constructor(mode: VersionNegotiationMode) {
    this.#mode = mode;
  }

  open(): { readonly client: Client; readonly transport: StreamableHTTPClientTransport } {
    const { memory, clock } = this;
    const client = new Client({ name: 'v2', version: '1' }, { versionNegotiation: { mode: this.#mode } });
    const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider: memory, fetch: clock.fetch });
    onTestFinished(() => client.close());
    return { client, transport };
  }

  /** Connects with the tokens that are there. */
  async connect(): Promise<Client> {
    const { client, transport } = this.open();
    await client.connect(transport);
    return client;
  }

  /** Is sent to sign in, and gives the transport that waits for what comes of it. */
  async begin(): Promise<StreamableHTTPClientTransport> {
    const { client, transport } = this.open();
    await expect(client.connect(transport)).rejects.toThrow(UnauthorizedError);
    return transport;
  }

  /** Has a person sign in where the client sent them last. */
  async finish(transport: StreamableHTTPClientTransport, person?: Person): Promise<void> {
    await transport.finishAuth((await signIn(this.memory.authorizationUrl, person)).searchParams);
  }

  /** Signs out, as another window of the same program would. */
  async signOut(): Promise<void> {
    const { memory } = this;
    await revoke(issuer, memory.clientInformation()?.client_id ?? '', memory.tokens()?.refresh_token ?? '');
  }

  /** Signs in and connects. */
  async start(person?: Person): Promise<Client> {
    await this.finish(await this.begin(), person);
    return this.connect();
  }
}

/** Calls a tool, and holds what it gives against its output schema. */
async function run(client: Client, tools: readonly Tool[], name: string, input: object = {}): Promise<unknown> {
  const { outputSchema } = tools.find((tool) => tool.name === name) ?? {};
  if (!outputSchema) throw new Error(`${name} has no output schema`);
  const { structuredContent, isError, content } = await client.callTool({ name, arguments: { ...input } });
  expect(isError, JSON.stringify(content)).toBeFalsy();
  expect(validator.getValidator(outputSchema as JsonSchemaType)(structuredContent)).toMatchObject({ valid: true });
  return structuredContent;
}

async function listTodos(client: Client): Promise<unknown> {
  return (await client.callTool({ name: 'list_todos', arguments: {} })).structuredContent;
}

describe.for(modes)('the v2 SDK in revision %s', ([revision, mode]) => {
  test('registers, signs in with PKCE and the resource, and agrees on the revision', async () => {
    const program = new Program(mode);
    const client = await program.start();
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    const { searchParams } = program.memory.authorizationUrl;
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: program.memory.clientInformation()?.client_id,
      code_challenge_method: 'S256',
      resource: mcpUrl,
    });
    expect(program.memory.tokens()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  });

  test('lists every tool with schemas, and each todo tool answers as its output schema says', async () => {
    const client = await new Program(mode).start();
    const { tools } = await client.listTools();
    const called = new Set<string>();
    const call = (name: string, input?: object) => {
      called.add(name);
      return run(client, tools, name, input);
    };
    const { id } = (await call('create_todo', { title: 'Water the plants', tags: ['home'] })) as { id: string };
    expect(await call('get_todo', { id })).toMatchObject({ id, title: 'Water the plants', done: false });
    await call('update_todo', { id, title: 'Water all plants', due: '2030-01-31' });
    await call('complete_todo', { id });
    expect(await call('list_todos', { done: true })).toMatchObject({
      todos: [{ id, title: 'Water all plants', due: '2030-01-31', tags: ['home'] }],
    });
    expect(await call('delete_todo', { id })).toEqual({ deleted: id });
    expect(await listTodos(client)).toEqual({ todos: [] });
    const todoTools = tools.map(({ name }) => name).filter((name) => name.includes('todo'));
    expect([...called].sort()).toEqual(todoTools.sort());
  });

  test('finishes no sign-in whose answer names no issuer or another one', async () => {
    const program = new Program(mode);
    const transport = await program.begin();
    const { searchParams } = await signIn(program.memory.authorizationUrl);
    const without = new URLSearchParams(searchParams);
    without.delete('iss');
    await expect(transport.finishAuth(without)).rejects.toThrow(IssuerMismatchError);
    const other = new URLSearchParams(searchParams);
    other.set('iss', 'https://other.example');
    await expect(transport.finishAuth(other)).rejects.toThrow(IssuerMismatchError);
    await transport.finishAuth(searchParams);
    expect(program.memory.tokens()).toBeDefined();
  });

  test('refreshes an expired token in the middle of a call, again and again', async () => {
    const program = new Program(mode);
    const client = await program.start();
    const seen = new Set([program.memory.tokens()?.refresh_token]);
    for (const round of [1, 2, 3]) {
      program.clock.advance(moreThanAnHour);
      expect(await listTodos(client)).toEqual({ todos: [] });
      seen.add(program.memory.tokens()?.refresh_token);
      expect(seen.size).toBe(round + 1);
    }
    expect(program.memory.authorizationUrls).toHaveLength(1);
  });

  test('asks for the missing scope with those it has when a call needs more, and the call works then', async () => {
    const program = new Program(mode);
    const address = newAddress();
    await program.finish(await program.begin(), { address, scopes: ['todos:read'] });
    expect(program.memory.tokens()?.scope).toBe('todos:read');
    const { client, transport } = program.open();
    await client.connect(transport);
    const create = () => client.callTool({ name: 'create_todo', arguments: { title: 'Ask for more' } });
    await expect(create()).rejects.toThrow(UnauthorizedError);
    const asked = program.memory.authorizationUrl.searchParams.get('scope')?.split(' ');
    expect(new Set(asked?.filter((scope) => scope !== 'offline_access'))).toEqual(
      new Set(['todos:read', 'todos:write']),
    );
    await program.finish(transport, { address });
    expect((await create()).structuredContent).toMatchObject({ title: 'Ask for more' });
    expect(await listTodos(client)).toMatchObject({ todos: [{ title: 'Ask for more' }] });
  });

  test('is sent to sign in again by the call after a revocation, and works again after that', async () => {
    const program = new Program(mode);
    const address = newAddress();
    await program.finish(await program.begin(), { address });
    const { client, transport } = program.open();
    await client.connect(transport);
    await client.callTool({ name: 'create_todo', arguments: { title: 'Still there' } });
    await program.signOut();
    await expect(listTodos(client)).rejects.toThrow(UnauthorizedError);
    expect(program.memory.authorizationUrls).toHaveLength(2);
    expect(program.memory.tokens()).toBeUndefined();
    await program.finish(transport, { address });
    expect(await listTodos(client)).toMatchObject({ todos: [{ title: 'Still there' }] });
  });
});

test('the v2 SDK finds the 2026-07-28 revision by itself', async () => {
  const client = await new Program('auto').start();
  expect(client.getProtocolEra()).toBe('modern');
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
});

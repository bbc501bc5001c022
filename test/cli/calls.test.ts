import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { isAccepted, newAddress } from '../support/flow.ts';
import { Installation, requestsIn } from './client-process.ts';

const issuer = inject('issuer');

const list = ['--tool', 'list_todos'];

function asPerson(): string[] {
  return ['--mailbox', '--email', newAddress()];
}

async function signedIn(...args: string[]): Promise<Installation> {
  const client = new Installation(`${issuer}/mcp`);
  const { code, stderr } = await client.run(...list, ...asPerson(), ...args);
  if (code !== 0) throw new Error(stderr);
  return client;
}

function revoke({ client, tokens }: ReturnType<Installation['stored']>): Promise<Response> {
  const body = new URLSearchParams({ client_id: client.client_id, token: tokens.refresh_token });
  return fetch(`${issuer}/revoke`, { method: 'POST', body });
}

describe('the first run', () => {
  test('discovers, registers, signs in and prints what the tool gave', async () => {
    const client = new Installation(`${issuer}/mcp`);
    const run = await client.run('--tool', 'create_todo', '--args', '{"title":"Buy milk"}', '--verbose', ...asPerson());
    expect(run).toMatchObject({ code: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ title: 'Buy milk', done: false });
    expect(requestsIn(run)).toEqual([
      'POST /mcp',
      'GET /.well-known/oauth-protected-resource/mcp',
      'GET /.well-known/oauth-authorization-server',
      'POST /register',
      'GET /authorize',
      'POST /authorize/email',
      'POST /authorize/code',
      'POST /authorize/consent',
      'GET /callback',
      'POST /token',
      'POST /mcp',
      'POST /mcp',
    ]);
  });

  test('keeps the tokens where only their owner can read them', async () => {
    const { file } = await signedIn();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });
});

describe('--mailbox', () => {
  test('says what the sign-in pages say when they go no further', async () => {
    const run = await new Installation(`${issuer}/mcp`).run(...list, '--mailbox', '--email', 'nobody');
    expect(run).toEqual({
      code: 3,
      stdout: '',
      stderr: 'The sign-in stopped: That doesn’t look like an email address. Check it and try again.\n',
    });
  });
});

describe('later runs', () => {
  test('call at once', async () => {
    const client = await signedIn();
    const run = await client.run(...list, '--verbose');
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run)).toEqual(['POST /mcp', 'POST /mcp']);
  });

  test('refresh a token that has expired, and keep its successor', async () => {
    const client = await signedIn();
    const { refresh_token } = client.stored().tokens;
    client.expire();
    const run = await client.run(...list, '--verbose');
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run)).toContain('POST /token');
    expect(requestsIn(run)).not.toContain('GET /authorize');
    expect(client.stored().tokens.refresh_token).not.toBe(refresh_token);
  });

  test('take turns to refresh, so that one does it for all', async () => {
    const client = await signedIn();
    client.expire();
    const runs = await Promise.all([1, 2, 3].map(() => client.start([...list, '--verbose']).ended));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(runs.flatMap(requestsIn).filter((request) => request === 'POST /token')).toHaveLength(1);
    client.expire();
    expect(await client.run(...list)).toMatchObject({ code: 0 });
  });

  test('pass over a lock that a killed run left behind', async () => {
    const client = await signedIn();
    client.expire();
    writeFileSync(`${client.file}.lock`, '');
    utimesSync(`${client.file}.lock`, 1, 1);
    expect(await client.run(...list)).toMatchObject({ code: 0 });
  });

  test('sign in again, as the same client, when the grant was ended elsewhere', async () => {
    const client = await signedIn();
    const before = client.stored();
    await revoke(before);
    const run = await client.run(...list, ...asPerson(), '--verbose');
    expect(run).toMatchObject({ code: 0 });
    expect(requestsIn(run)).not.toContain('POST /register');
    expect(client.stored().client).toEqual(before.client);
    expect(client.stored().tokens.access_token).not.toBe(before.tokens.access_token);
  });

  test('work for both of two that sign in at the same time', async () => {
    const client = new Installation(`${issuer}/mcp`);
    const runs = await Promise.all([1, 2].map(() => client.run(...list, ...asPerson())));
    expect(runs).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(await client.run(...list)).toMatchObject({ code: 0 });
  });
});

describe('--logout', () => {
  test('revokes the tokens and forgets them', async () => {
    const client = await signedIn();
    const { access_token } = client.stored().tokens;
    expect(await client.run('--logout')).toMatchObject({ code: 0, stdout: expect.stringContaining('Signed out') });
    expect(await isAccepted(issuer, access_token)).toBe(false);
    expect(() => client.stored()).toThrow('Nothing is stored');
    expect(await client.run('--logout')).toMatchObject({ code: 0, stdout: expect.stringContaining('not signed in') });
  });
});

describe('--scope', () => {
  test('asks for those only, and for more when a call needs it', async () => {
    const client = await signedIn('--scope', 'todos:read');
    const before = client.stored().tokens;
    expect(before.scope).toBe('todos:read');
    const run = await client.run('--tool', 'create_todo', '--args', '{"title":"Buy milk"}', ...asPerson());
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('needs todos:write, which was not granted') });
    expect(client.stored().tokens.scope.split(' ').sort()).toEqual(['todos:read', 'todos:write']);
    expect(await isAccepted(issuer, before.access_token)).toBe(false);
  });
});

describe('results', () => {
  test('--list shows title, scope and input of each tool', async () => {
    const client = await signedIn();
    const { stdout } = await client.run('--list');
    expect(stdout).toMatch(/^create_todo · Create a todo · needs todos:write$/m);
    expect(stdout).toMatch(/^ +title: string, needed$/m);
    const { tools } = JSON.parse((await client.run('--list', '--json')).stdout);
    expect(tools.map(({ name }: { name: string }) => name)).toContain('whoami');
  });

  test('--json prints the result as it came', async () => {
    const client = await signedIn();
    const { stdout } = await client.run(...list, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ structuredContent: { todos: [] }, content: [{ type: 'text' }] });
  });

  test('what a tool refuses goes to stderr, with exit code 1', async () => {
    const client = await signedIn();
    const call = ['--tool', 'get_todo', '--args', '{"id":"01JD0000000000000000000000"}'];
    expect(await client.run(...call)).toEqual({ code: 1, stdout: '', stderr: 'There is no such todo.\n' });
    const asJson = await client.run(...call, '--json');
    expect(asJson).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(asJson.stdout)).toMatchObject({ isError: true });
  });

  test('an unknown tool is one sentence', async () => {
    const client = await signedIn();
    const run = await client.run('--tool', 'fly');
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The server refused the call: .*fly.*\n$/),
    });
  });

  test('a token file that is none is named, and left as it is', async () => {
    const client = new Installation(`${issuer}/mcp`);
    mkdirSync(dirname(client.file));
    writeFileSync(client.file, 'my diary');
    const run = await client.run(...list);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(client.file) });
  });
});

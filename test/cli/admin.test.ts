import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { type ClientSite, document } from '../support/client-site.ts';
import { authorizedCode, authorizePath, callback, connect, newPkce, register, requestTokens } from '../support/flow.ts';
import { basic, redeem, refusal, secretOf, tokensIn } from '../support/redemption.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';
import { type AdminClient, Operator } from './admin-process.ts';
import { temporaryFolder } from './client-process.ts';

const secretMethods = ['client_secret_basic', 'client_secret_post'] as const;

let running: TrustingStack;
let site: ClientSite;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  running = await startTrustingStack();
  ({ site, issuer } = running);
  operator = new Operator(issuer);
});
afterAll(() => running?.stop());

/** Adds a client that returns where the tests' browsers do. */
function add(method: string, ...more: string[]): Promise<AdminClient> {
  const about = ['--name', 'Reports', '--redirect-uri', callback];
  return operator.json('clients', 'add', ...about, '--auth-method', method, ...more);
}

/** Has a person approve the client, and gives how its code is redeemed with these parameters and headers. */
async function redemption(client: AdminClient) {
  const { code, verifier } = await authorizedCode(issuer, client.client_id);
  return (parameters: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
    redeem(issuer, { client, code, verifier }, parameters, headers);
}

/** Whether a secret is one of the client's: with it, only the code is wrong. */
async function isValid(client: AdminClient, secret: string): Promise<boolean> {
  const wrong = { grant_type: 'authorization_code', code: 'wrong', code_verifier: newPkce().verifier };
  const answer = await refusal(await requestTokens(issuer, wrong, basic(client.client_id, secret)));
  expect(['400 invalid_grant', '401 invalid_client']).toContain(answer);
  return answer === '400 invalid_grant';
}

function keyFile(content: unknown): string {
  const file = join(temporaryFolder(), 'jwks.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('clients add', () => {
  test.for(secretMethods)('makes a client of %s, whose secret counts in the header', async (method) => {
    const client = await add(method);
    expect(client.token_endpoint_auth_method).toBe(method);
    const redeemAs = await redemption(client);
    expect(await refusal(await redeemAs())).toBe('401 invalid_client');
    expect(await refusal(await redeemAs({}, basic(client.client_id, 'wrong')))).toBe('401 invalid_client');
    const header = basic(client.client_id, secretOf(client));
    expect(await tokensIn(await redeemAs({ client_id: undefined }, header))).toHaveProperty('refresh_token');
  });

  test.for(secretMethods)('makes a client of %s, whose secret counts in the form', async (method) => {
    const client = await add(method);
    const redeemAs = await redemption(client);
    const { refresh_token } = await tokensIn(await redeemAs({ client_secret: secretOf(client) }));
    const refreshing = { grant_type: 'refresh_token', refresh_token, client_id: client.client_id };
    expect(await refusal(await requestTokens(issuer, refreshing))).toBe('401 invalid_client');
    expect((await requestTokens(issuer, { ...refreshing, client_secret: secretOf(client) })).status).toBe(200);
  });

  test('makes a public client, which has no secret', async () => {
    const client = await add('none');
    expect(client).not.toHaveProperty('client_secret');
    expect(await tokensIn(await (await redemption(client))())).toHaveProperty('access_token');
  });

  test('makes a client that signs with a key of a file', async () => {
    const key = await newClientKey();
    const client = await add('private_key_jwt', '--jwks', keyFile({ keys: [key.jwk] }));
    expect(client).not.toHaveProperty('client_secret');
    const redeemAs = await redemption(client);
    const stranger = await newClientKey('ES256', key.jwk.kid);
    const signed = async (by: typeof key) => asParameters(await signClaims(by, honestClaims(client.client_id, issuer)));
    expect(await refusal(await redeemAs(await signed(stranger)))).toBe('401 invalid_client');
    expect(await tokensIn(await redeemAs(await signed(key)))).toHaveProperty('access_token');
  });

  test('makes a client that signs with a key that it publishes', async () => {
    const key = await newClientKey();
    const url = site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [key.jwk] }));
    const client = await add('private_key_jwt', '--jwks-uri', url);
    const assertion = await signClaims(key, honestClaims(client.client_id, issuer));
    expect(await tokensIn(await (await redemption(client))(asParameters(assertion)))).toHaveProperty('access_token');
  });

  test('makes a resource server, which may ask about the tokens of others and sends nobody to sign in', async () => {
    const server = await operator.json('clients', 'add', '--name', 'Files', '--resource-server');
    const { tokens } = await connect(issuer);
    const response = await fetch(`${issuer}/introspect`, {
      method: 'POST',
      headers: basic(server.client_id, secretOf(server)),
      body: new URLSearchParams({ token: tokens.access_token }),
    });
    expect(await response.json()).toMatchObject({ active: true });
    const path = authorizePath(server.client_id, newPkce().challenge);
    expect((await fetch(`${issuer}${path}`, { redirect: 'manual' })).status).toBe(400);
  });

  test('takes an id of the operator’s choice, once', async () => {
    const id = `reports.${randomUUID()}`;
    expect(await add('none', '--id', id)).toMatchObject({ client_id: id });
    const again = ['--name', 'Reports', '--redirect-uri', callback, '--id', id];
    const run = await operator.run('clients', 'add', ...again);
    expect(run).toEqual({ code: 1, stdout: '', stderr: `The id ${id} is taken.\n` });
  });

  test('gives an id to one of those that ask for it at the same time', async () => {
    const client = { client_id: randomUUID(), client_name: 'Reports', redirect_uris: [callback] };
    const input = { ...client, token_endpoint_auth_method: 'client_secret_basic' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => operator.invoke('clients add', input)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('says for people that the secret is shown this once', async () => {
    const run = await operator.run('clients', 'add', '--name', 'Reports', '--redirect-uri', callback);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^ +client_id +[0-9A-Za-z]{22}$/m);
    expect(run.stdout).toMatch(/^ +client_secret +[\w-]{43}$/m);
    expect(run.stdout).toContain('it will not be shown again');
  });

  test('keeps every redirect URI', async () => {
    const other = 'https://reports.example/callback';
    const client = await add('none', '--redirect-uri', other);
    expect(client.redirect_uris).toEqual([callback, other]);
  });
});

describe('clients list and clients show', () => {
  test('tell all of a client but its secrets', async () => {
    const { client_secret, ...client } = await add('client_secret_basic');
    expect(await operator.json('clients', 'show', client.client_id)).toEqual(client);
    const shown = await operator.run('clients', 'show', client.client_id);
    const listed = await operator.run('clients', 'list');
    for (const { stdout } of [shown, listed]) {
      expect(stdout).toContain(client.client_id);
      expect(stdout).toContain('Reports');
      expect(stdout).not.toContain(client_secret);
      expect(stdout).not.toMatch(/hash/i);
    }
  });

  test('list them all, however many there are', async () => {
    const input = { client_name: 'One of many', redirect_uris: [callback], token_endpoint_auth_method: 'none' };
    const added = await Promise.all(Array.from({ length: 105 }, () => operator.invoke('clients add', input)));
    const { clients } = await operator.json('clients', 'list');
    const ids = (clients as AdminClient[]).map(({ client_id }) => client_id);
    expect(ids).toEqual(expect.arrayContaining(added.map(({ result }) => result?.client_id)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('show a client that registered itself, and leave it out of the list', async () => {
    const { client_id } = await register(issuer, { client_name: 'Self-made' });
    const shown = await operator.json('clients', 'show', client_id);
    expect(shown).toMatchObject({ client_name: 'Self-made', origin: 'registration', expires_at: expect.any(String) });
    expect((await operator.run('clients', 'list')).stdout).not.toContain(client_id);
  });
});

describe('clients rotate-secret', () => {
  test('gives a second secret beside the first, until it is finished', async () => {
    const client = await add('client_secret_basic');
    const first = secretOf(client);
    const second = secretOf(await operator.json('clients', 'rotate-secret', client.client_id));
    expect([await isValid(client, first), await isValid(client, second)]).toEqual([true, true]);
    await operator.json('clients', 'rotate-secret', client.client_id, '--finish');
    expect([await isValid(client, first), await isValid(client, second)]).toEqual([false, true]);
    const redeemAs = await redemption(client);
    expect(await tokensIn(await redeemAs({ client_secret: second }))).toHaveProperty('access_token');
  });

  test('leaves the two newest valid when nobody finishes', async () => {
    const client = await add('client_secret_post');
    const rotate = async () => secretOf(await operator.json('clients', 'rotate-secret', client.client_id));
    const [second, third] = [await rotate(), await rotate()];
    const valid = [secretOf(client), second, third].map((secret) => isValid(client, secret));
    expect(await Promise.all(valid)).toEqual([false, true, true]);
  });

  test('never leaves more than two when many rotate at once', async () => {
    const client = await add('client_secret_basic');
    const input = { client_id: client.client_id };
    const answers = await Promise.all(Array.from({ length: 8 }, () => operator.invoke('clients rotate-secret', input)));
    const told = answers.flatMap(({ result }) => result?.client_secret ?? []);
    const valid = await Promise.all([secretOf(client), ...told].map((secret) => isValid(client, secret)));
    expect(valid.filter(Boolean)).toHaveLength(2);
    expect(told.length).toBeGreaterThan(0);
  });

  test('says how the old secret is ended', async () => {
    const client = await add('client_secret_basic');
    const { stdout } = await operator.run('clients', 'rotate-secret', client.client_id);
    expect(stdout).toContain(`clients rotate-secret ${client.client_id} --finish`);
    expect(stdout).toContain('it will not be shown again');
  });

  test('has nothing to finish where there is one secret', async () => {
    const client = await add('client_secret_basic');
    const run = await operator.run('clients', 'rotate-secret', client.client_id, '--finish');
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('has one secret only') });
    expect(await isValid(client, secretOf(client))).toBe(true);
  });

  test('is not for clients without a secret, nor for those that registered themselves', async () => {
    const open = await add('none');
    const ownMaster = await register(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
    const runs = [open, ownMaster].map(({ client_id }) => operator.run('clients', 'rotate-secret', client_id));
    expect(await Promise.all(runs)).toMatchObject([
      { code: 1, stderr: expect.stringContaining('has no secret') },
      { code: 1, stderr: expect.stringContaining('registered itself') },
    ]);
    expect(await isValid(ownMaster, secretOf(ownMaster))).toBe(true);
  });
});

describe('clients remove', () => {
  test('ends a client: it gets no more tokens, and people are not asked for it', async () => {
    const client = await add('client_secret_basic');
    const secret = secretOf(client);
    const { refresh_token } = await tokensIn(await (await redemption(client))({ client_secret: secret }));
    expect(await operator.run('clients', 'remove', client.client_id)).toMatchObject({ code: 0 });
    const refreshing = { grant_type: 'refresh_token', refresh_token };
    const refused = await requestTokens(issuer, refreshing, basic(client.client_id, secret));
    expect(await refusal(refused)).toBe('401 invalid_client');
    const path = authorizePath(client.client_id, newPkce().challenge);
    expect((await fetch(`${issuer}${path}`, { redirect: 'manual' })).status).toBe(400);
    expect((await operator.run('clients', 'list')).stdout).not.toContain(client.client_id);
    const again = await operator.run('clients', 'remove', client.client_id);
    expect(again).toEqual({ code: 1, stdout: '', stderr: `There is no client ${client.client_id}.\n` });
  });

  test('frees its id', async () => {
    const id = randomUUID();
    await add('none', '--id', id);
    await operator.json('clients', 'remove', id);
    expect(await add('client_secret_basic', '--id', id)).toMatchObject({ client_id: id });
  });

  test('removes a client that registered itself too', async () => {
    const { client_id } = await register(issuer);
    await operator.json('clients', 'remove', client_id);
    const path = authorizePath(client_id, newPkce().challenge);
    expect((await fetch(`${issuer}${path}`, { redirect: 'manual' })).status).toBe(400);
  });
});

describe('a description that cannot be', () => {
  const add = ['clients', 'add', '--name', 'Reports'];
  const returning = [...add, '--redirect-uri', callback];
  const signing = [...returning, '--auth-method', 'private_key_jwt'];
  const wrong: readonly { readonly args: readonly string[]; readonly says: string }[] = [
    { args: add, says: 'A client needs a redirect URI, unless it is a resource server or a machine.' },
    { args: [...returning, '--redirect-uri', 'http://reports.example/'], says: 'no usable redirect URI' },
    { args: [...returning, '--redirect-uri', 'javascript:alert(1)'], says: 'no usable redirect URI' },
    { args: [...returning, '--auth-method', 'password'], says: 'must be one of none, client_secret_basic' },
    { args: [...returning, '--id', 'a/b'], says: 'The id must be 1 to 100 letters' },
    { args: [...returning, '--id', 'https-client'], says: 'The id must not start with http' },
    { args: ['clients', 'add', '--name', 'A\u202eB', '--redirect-uri', callback], says: 'none of them invisible' },
    { args: [...add, '--resource-server', '--auth-method', 'none'], says: 'must prove who it is' },
    { args: signing, says: 'private_key_jwt needs either jwks or jwks_uri' },
    { args: [...signing, '--jwks-uri', 'http://reports.example/jwks'], says: 'no https address' },
    {
      args: [...returning, '--jwks-uri', 'https://reports.example/jwks'],
      says: 'Keys only serve with private_key_jwt',
    },
  ];
  test.for(wrong)('$args is refused in one sentence', async ({ args, says }) => {
    const { code, stdout, stderr } = await operator.run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^[^\n]*\.\n$/);
  });

  test('is one whose key set holds no key, or more than the public half of one', async () => {
    const { privateKey } = await newClientKey();
    const runs = [{ keys: [] }, [], { keys: [await exportJWK(privateKey)] }].map((content) =>
      operator.run(...signing, '--jwks', keyFile(content)),
    );
    expect(await Promise.all(runs)).toMatchObject([
      { code: 1, stderr: expect.stringContaining('must be a JWK set') },
      { code: 1, stderr: expect.stringContaining('must be a JWK set') },
      { code: 1, stderr: expect.stringContaining('holds a secret key') },
    ]);
  });

  test('is one whose key file cannot be read, or is not JSON', async () => {
    const missing = join(temporaryFolder(), 'nothing.json');
    const runs = [missing, keyFile('-----BEGIN')].map((file) => operator.run(...signing, '--jwks', file));
    expect(await Promise.all(runs)).toMatchObject([
      { code: 2, stderr: expect.stringContaining('can be read') },
      { code: 2, stderr: expect.stringContaining('is not JSON') },
    ]);
  });
});

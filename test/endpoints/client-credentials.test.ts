import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { operate } from '../support/admin-lambda.ts';
import { asParameters, honestClaims, signClaims } from '../support/assertion.ts';
import { authorizePath, connect, isAccepted, newPkce, newSourceIp, register, requestTokens } from '../support/flow.ts';
import { type Machine, machineRequest, machineToken, newMachine, newTenant, trailOf } from '../support/machines.ts';
import { askModern, callTool, newTodo, outputOf, resultOf, titles } from '../support/mcp.ts';
import { basic, HOUR, later, refusal } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

/** The answer of the token endpoint, whatever it is. */
async function asked(machine: Machine, parameters: Record<string, string> = {}): Promise<Record<string, unknown>> {
  return (await (await machineRequest(issuer, machine, parameters)).json()) as Record<string, unknown>;
}

/** Signs a request as a machine with a key does. */
async function signed(machine: Machine, changes: Record<string, unknown> = {}): Promise<Record<string, string>> {
  if (!machine.key) throw new Error('The machine has no key');
  const assertion = await signClaims(machine.key, { ...honestClaims(machine.client_id, issuer), ...changes });
  return { grant_type: 'client_credentials', ...asParameters(assertion) };
}

describe.concurrent('the client credentials grant, RFC 6749 §4.4', () => {
  test('gives a machine an access token for its tenant, and no refresh token', async () => {
    const machine = await newMachine(issuer);
    const response = await machineRequest(issuer, machine, { resource: mcpUrl });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const tokens = (await response.json()) as { readonly access_token: string };
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'todos:read todos:write profile:read',
    });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: issuer,
      sub: `machine:${machine.client_id}`,
      aud: mcpUrl,
      client_id: machine.client_id,
      tenant: machine.tenant,
      kind: 'machine',
    });
  });

  test('tells a person’s token from it by having no kind in it', async () => {
    const { tokens } = await connect(issuer);
    expect(decodeJwt(tokens.access_token)).not.toHaveProperty('kind');
  });

  test('lets it call tools, keep what is its own, and see who it is', async () => {
    const tenant = await newTenant(issuer);
    const [one, other] = await Promise.all([newMachine(issuer, { tenant }), newMachine(issuer, { tenant })]);
    const token = await machineToken(issuer, one);
    await newTodo(issuer, token, { title: 'Check the backups' });
    expect(await titles(issuer, token)).toEqual(['Check the backups']);
    expect(await titles(issuer, await machineToken(issuer, other))).toEqual([]);
    expect(outputOf(await callTool(issuer, token, 'whoami'))).toEqual({
      subject: `machine:${one.client_id}`,
      kind: 'machine',
      tenant,
      role: 'member',
      scopes: ['todos:read', 'todos:write', 'profile:read'],
    });
  });

  test('takes the secret in the form too, and a signature instead of one', async () => {
    const machine = await newMachine(issuer);
    const { client_id, client_secret } = machine;
    const inForm = { grant_type: 'client_credentials', client_id, client_secret };
    expect((await requestTokens(issuer, inForm)).status).toBe(200);
    const signer = await newMachine(issuer, { signs: true });
    expect((await requestTokens(issuer, await signed(signer))).status).toBe(200);
  });

  test.for(['/token', '/introspect', ''])(
    'takes a signature that is addressed to the issuer alone, not to …%s',
    async (path) => {
      const signer = await newMachine(issuer, { signs: true });
      const aud = path === '' ? [issuer, `${issuer}/token`] : `${issuer}${path}`;
      expect(await refusal(await requestTokens(issuer, await signed(signer, { aud })))).toBe('401 invalid_client');
      expect((await requestTokens(issuer, await signed(signer, { aud: [issuer] }))).status).toBe(200);
    },
  );

  test('takes a signature once', async () => {
    const request = await signed(await newMachine(issuer, { signs: true }));
    expect((await requestTokens(issuer, request)).status).toBe(200);
    expect(await refusal(await requestTokens(issuer, request))).toBe('401 invalid_client');
  });

  test('reuses the grant of a machine, so that a token made each minute leaves one grant', async () => {
    const machine = await newMachine(issuer);
    const tokens = await Promise.all(Array.from({ length: 4 }, () => machineToken(issuer, machine)));
    tokens.push(await machineToken(issuer, machine));
    const grants = new Set(tokens.map((token) => String(decodeJwt(token).jti).split('.')[0]));
    expect(grants.size).toBe(1);
    for (const token of tokens) expect(await isAccepted(issuer, token)).toBe(true);
  });

  test('begins another grant once the grant was revoked, and brings nothing of it back', async () => {
    const machine = await newMachine(issuer);
    const before = await machineToken(issuer, machine);
    await revoke(issuer, machine.client_id, before, basic(machine.client_id, machine.client_secret));
    expect(await isAccepted(issuer, before)).toBe(false);
    const after = await machineToken(issuer, machine);
    expect(await isAccepted(issuer, after)).toBe(true);
    expect(await isAccepted(issuer, before)).toBe(false);
  });

  test('begins another grant when the last has ended with its token', async () => {
    const machine = await newMachine(issuer);
    await machineToken(issuer, machine);
    const aDayLater = later(24 * HOUR);
    const token = await machineToken(issuer, machine, {}, aDayLater);
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const response = await fetch(mcpUrl, {
      method: 'POST',
      headers: {
        ...aDayLater,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(message),
    });
    expect(response.status).toBe(200);
  });
});

describe.concurrent('the scopes of a machine', () => {
  test.for([
    ['', 'todos:read todos:write profile:read'],
    ['offline_access', 'todos:read todos:write profile:read'],
    ['todos:read', 'todos:read'],
    ['todos:read workspace:read', 'todos:read'],
    ['profile:read nonsense', 'profile:read'],
  ])('asked for as "%s" are %s', async ([scope = '', given]) => {
    const machine = await newMachine(issuer);
    expect((await asked(machine, { scope })).scope).toBe(given);
  });

  test.for(['workspace:read', 'nonsense', 'workspace:admin workspace:read'])(
    'are refused as a whole where "%s" is none of them, in words for the operator',
    async (scope) => {
      const machine = await newMachine(issuer);
      expect(await asked(machine, { scope })).toEqual({
        error: 'invalid_scope',
        error_description:
          'The client may have none of the scopes asked for. It may have: todos:read todos:write profile:read',
      });
    },
  );

  test('are cut by the policy of the tenant, also in tokens from before', async () => {
    const machine = await newMachine(issuer);
    const before = await machineToken(issuer, machine);
    await operate(issuer, 'tenants policy', { id: machine.tenant, scopes: ['profile:read'] });
    expect((await asked(machine)).scope).toBe('profile:read');
    const { message } = await callTool(issuer, before, 'list_todos');
    expect(message.error?.code ?? message.result?.isError).toBeTruthy();
  });

  test('are cut by its role', async () => {
    const scopes = ['workspace:admin', 'profile:read'];
    const [member, admin] = await Promise.all([
      newMachine(issuer, { scopes }),
      newMachine(issuer, { scopes, role: 'admin' }),
    ]);
    expect((await asked(member)).scope).toBe('profile:read');
    expect((await asked(admin)).scope).toBe('workspace:admin profile:read');
  });
});

describe.concurrent('what ends a machine acts on its very next call', () => {
  const ends: readonly (readonly [how: string, command: string])[] = [
    ['removed', 'clients remove'],
    ['disabled', 'clients disable'],
  ];

  test.for(ends)('when it is %s', async ([, command]) => {
    const machine = await newMachine(issuer);
    const token = await machineToken(issuer, machine);
    expect(await isAccepted(issuer, token)).toBe(true);
    await operate(issuer, command, { client_id: machine.client_id });
    expect(await isAccepted(issuer, token)).toBe(false);
    expect((await machineRequest(issuer, machine)).status).not.toBe(200);
  });

  test('and what it had does not come back when it is enabled, or added again under the same id', async () => {
    const machine = await newMachine(issuer);
    const { client_id, tenant } = machine;
    const first = await machineToken(issuer, machine);
    await operate(issuer, 'clients disable', { client_id });
    expect(await asked(machine)).toMatchObject({
      error: 'unauthorized_client',
      error_description: `The machine is disabled; an operator enables it with \`clients enable ${client_id}\``,
    });
    await operate(issuer, 'clients enable', { client_id });
    expect(await isAccepted(issuer, first)).toBe(false);
    const second = await machineToken(issuer, machine);
    expect(await isAccepted(issuer, second)).toBe(true);
    await operate(issuer, 'clients remove', { client_id });
    const again = await newMachine(issuer, { client_id, tenant });
    const third = await machineToken(issuer, again);
    expect(await isAccepted(issuer, third)).toBe(true);
    expect(await isAccepted(issuer, second)).toBe(false);
  });

  test('when its tenant goes, which it keeps until it is removed', async () => {
    const { tenant, client_id } = await newMachine(issuer);
    await expect(operate(issuer, 'tenants remove', { id: tenant })).rejects.toThrow(`${tenant} still has machines`);
    expect(await operate(issuer, 'tenants show', { id: tenant })).toMatchObject({ machines: [client_id] });
    await operate(issuer, 'clients remove', { client_id });
    await operate(issuer, 'tenants remove', { id: tenant });
  });
});

const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
type Shown = readonly [what: string, said: string, headers: object, parameters?: object];

describe('how a machine shows its secret, RFC 6749 §2.3.1', () => {
  let id: string;
  let secret: string;
  beforeAll(async () => {
    ({ client_id: id, client_secret: secret = '' } = await newMachine(issuer));
  });

  /** `ID` and `SECRET` are the machine's own. */
  const filledIn = (all: object) =>
    Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, String(value).replace('ID', id).replace('SECRET', secret)]),
    );

  async function says({ basic: text, ...headers }: { readonly basic?: string }, parameters: object): Promise<string> {
    const authorization = text === undefined ? {} : { authorization: encoded(filledIn({ text }).text ?? '') };
    const sent = { ...newSourceIp(), ...filledIn(headers), ...authorization };
    const response = await requestTokens(issuer, { grant_type: 'client_credentials', ...filledIn(parameters) }, sent);
    return response.status === 200 ? '200' : refusal(response);
  }

  test.for<Shown>([
    ['in the header', '200', { basic: 'ID:SECRET' }],
    ['in the header, with an empty one in the form', '200', { basic: 'ID:SECRET' }, { client_secret: '' }],
    ['in the header, with its id in the form', '200', { basic: 'ID:SECRET' }, { client_id: 'ID' }],
    ['in the form', '200', {}, { client_id: 'ID', client_secret: 'SECRET' }],
    ['in both', '400 invalid_request', { basic: 'ID:SECRET' }, { client_secret: 'SECRET' }],
    ['in both, in the header without any', '400 invalid_request', { basic: 'ID:' }, { client_secret: 'SECRET' }],
    ['beside an assertion', '400 invalid_request', { basic: 'ID:SECRET' }, asParameters('a.b.c')],
    ['beside the id of another', '400 invalid_request', { basic: 'ID:SECRET' }, { client_id: 'other' }],
    ['empty, in the header', '401 invalid_client', { basic: 'ID:' }],
    ['empty, in the form', '401 invalid_client', {}, { client_id: 'ID', client_secret: '' }],
    ['not at all, in the header', '401 invalid_client', { basic: 'ID' }],
    ['without an id', '401 invalid_client', { basic: ':SECRET' }],
    ['with a % that begins nothing', '401 invalid_client', { basic: 'ID:%zz' }],
    ['with half a character', '401 invalid_client', { basic: 'ID:%ED%A0%80' }],
    ['with a zero byte before its id', '401 invalid_client', { basic: '%00ID:SECRET' }],
    ['with something behind it', '401 invalid_client', { authorization: `${encoded('x:y')} x` }],
    ['twice in the header', '401 invalid_client', { authorization: `${encoded('x:y')}, ${encoded('x:y')}` }],
    ['as a bearer token', '401 invalid_client', { authorization: 'Bearer SECRET' }],
  ])('%s: %s', async ([, expected, headers, parameters = {}]) => {
    expect(await says(headers, parameters)).toBe(expected);
  });

  test('of another machine, or signed by one, is refused', async () => {
    const [one, other] = [await newMachine(issuer, { signs: true }), await newMachine(issuer, { signs: true })];
    const forged = await signed({ ...other, client_id: one.client_id });
    expect(await refusal(await requestTokens(issuer, forged, newSourceIp()))).toBe('401 invalid_client');
    const foreign = { ...(await signed(one)), client_id: other.client_id };
    expect(await refusal(await requestTokens(issuer, foreign, newSourceIp()))).toBe('401 invalid_client');
    const { client_id, client_secret } = await newMachine(issuer);
    expect(await says({ basic: `${client_id}:SECRET` }, {})).toBe('401 invalid_client');
    expect(await says({ basic: `${client_id}:${client_secret}` }, {})).toBe('200');
  });
});

describe.concurrent('a client that is no machine', () => {
  test('is told so, if it proved who it is', async () => {
    const client = await register(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
    const headers = basic(client.client_id, client.client_secret ?? '');
    const response = await requestTokens(issuer, { grant_type: 'client_credentials' }, headers);
    expect(await response.json()).toEqual({
      error: 'unauthorized_client',
      error_description: 'The client is no machine; an operator adds one with `clients add --machine`',
    });
  });

  test('gets nothing as a public client either', async () => {
    const { client_id } = await register(issuer);
    const response = await requestTokens(issuer, { grant_type: 'client_credentials', client_id });
    expect(await refusal(response)).toBe('400 unauthorized_client');
  });

  test('cannot make itself one', async () => {
    const response = await fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...newSourceIp() },
      body: JSON.stringify({ redirect_uris: [], grant_types: ['client_credentials'] }),
    });
    expect(response.status).toBe(400);
  });

  test.for(['wrong', ''])('gets nothing with a machine’s id and the secret "%s"', async (secret) => {
    const { client_id } = await newMachine(issuer);
    const response = await machineRequest(issuer, { client_id, client_secret: secret, tenant: '' });
    expect(await refusal(response)).toBe('401 invalid_client');
  });
});

describe.concurrent('a machine is no person', () => {
  test('so it has no consent page', async () => {
    const { client_id } = await newMachine(issuer);
    const path = authorizePath(client_id, newPkce().challenge);
    expect((await fetch(`${issuer}${path}`, { redirect: 'manual' })).status).toBe(400);
  });

  test.for([{}, { elicitation: { form: {} } }])(
    'so it may not do what a person is asked first: %j',
    async (capabilities) => {
      const machine = await newMachine(issuer);
      const token = await machineToken(issuer, machine);
      const id = await newTodo(issuer, token);
      const call = { name: 'delete_todo', arguments: { id } };
      const { isError, content } = resultOf(await askModern(issuer, token, 'tools/call', call, { capabilities }));
      expect(isError).toBe(true);
      expect(JSON.stringify(content)).toContain(
        'delete_todo asks a person first, and this connection acts for a machine: a person must call it.',
      );
      expect(await titles(issuer, token)).toHaveLength(1);
    },
  );

  test('so introspection says what it is', async () => {
    const machine = await newMachine(issuer);
    const token = await machineToken(issuer, machine);
    const response = await fetch(`${issuer}/introspect`, {
      method: 'POST',
      headers: basic(machine.client_id, machine.client_secret),
      body: new URLSearchParams({ token }),
    });
    expect(await response.json()).toMatchObject({ active: true, kind: 'machine', sub: `machine:${machine.client_id}` });
  });

  test('and its grants and calls are in the audit of its tenant', async () => {
    const machine = await newMachine(issuer);
    const token = await machineToken(issuer, machine);
    await machineToken(issuer, machine);
    await callTool(issuer, token, 'whoami');
    const trail = await trailOf(issuer, machine.tenant);
    const subject = `machine:${machine.client_id}`;
    expect(trail).toEqual([
      expect.objectContaining({ event: 'grant', subject, means: 'client_credentials', clientId: machine.client_id }),
      expect.objectContaining({ event: 'grant_use', subject, means: 'client_credentials' }),
      expect.objectContaining({ event: 'tool_call', subject, tool: 'whoami', outcome: 'allowed' }),
    ]);
  });
});

test('a machine that asks for a token before each call is held up, and its token serves on', async () => {
  const machine = await newMachine(issuer);
  const answers = [];
  const fromMinuteOn = later(2 * 24 * HOUR - (Math.floor(Date.now() / 1000) % 60));
  for (let times = 0; times < 61; times += 1) answers.push(await machineRequest(issuer, machine, {}, fromMinuteOn));
  expect(answers.slice(0, 60).every(({ status }) => status === 200)).toBe(true);
  expect(answers[60]?.status).toBe(429);
  expect(Number(answers[60]?.headers.get('retry-after'))).toBeGreaterThan(0);
});

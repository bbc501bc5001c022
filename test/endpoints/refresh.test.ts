import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import { connect, isAccepted, newSourceIp, refresh, register, requestTokens, type Tokens } from '../support/flow.ts';
import {
  basic,
  DAY,
  HOUR,
  later,
  MINUTE,
  newRedemption,
  redeemed,
  refusal,
  secretOf,
  tokensIn,
} from '../support/redemption.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

/** A connection whose refresh token can be spent. */
type Connection = { readonly clientId: string; readonly tokens: Tokens };

const spend = (clientId: string, token: string, more: Record<string, string> = {}, after = 0) =>
  requestTokens(
    issuer,
    { grant_type: 'refresh_token', client_id: clientId, refresh_token: token, ...more },
    { ...newSourceIp(), ...later(after) },
  );

const refreshed = async ({ clientId, tokens }: Connection, after = 0): Promise<Connection> => ({
  clientId,
  tokens: await tokensIn(await spend(clientId, tokens.refresh_token, {}, after)),
});

const statusOf = async ({ clientId, tokens }: Connection, after = 0) =>
  (await spend(clientId, tokens.refresh_token, {}, after)).status;

/** Whether the grant still lives, as its client sees it: the access token opens the door, the refresh token is good. */
const isAlive = async (connection: Connection, after = 0) => [
  await isAccepted(issuer, connection.tokens.access_token),
  await statusOf(connection, after),
];

describe.concurrent('refresh token grant, RFC 6749 §6', () => {
  test('gives a new access token and a new refresh token for the same scopes (F01)', async () => {
    const first = await connect(issuer, { scopes: ['todos:read', 'profile:read'] });
    const response = await refresh(issuer, first.clientId, first.tokens.refresh_token);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const second = await tokensIn(response);
    expect(second).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'todos:read profile:read',
      refresh_token: expect.any(String),
    });
    expect(second.refresh_token).not.toBe(first.tokens.refresh_token);
    expect(await isAccepted(issuer, second.access_token)).toBe(true);
    const [before, after] = [decodeJwt(first.tokens.access_token), decodeJwt(second.access_token)];
    expect({ ...after, jti: 0, iat: 0, exp: 0 }).toEqual({ ...before, jti: 0, iat: 0, exp: 0 });
    expect(after.jti).not.toBe(before.jti);
  });

  test('leaves the old access token valid until it expires', async () => {
    const first = await connect(issuer);
    await refreshed(first);
    expect(await isAccepted(issuer, first.tokens.access_token)).toBe(true);
  });

  test('goes on for twenty rotations, each with tokens of its own', async () => {
    let connection: Connection = await connect(issuer);
    const all = [connection.tokens.refresh_token];
    for (let rotation = 0; rotation < 20; rotation += 1) {
      connection = await refreshed(connection);
      all.push(connection.tokens.refresh_token);
    }
    expect(new Set(all).size).toBe(21);
    for (const spent of all.slice(0, 19)) expect((await spend(connection.clientId, spent)).status).toBe(400);
    expect(await isAlive(connection)).toEqual([true, 200]);
  });

  test('takes the secret of a confidential client, and costs nothing without it', async () => {
    const redemption = await newRedemption(issuer, {});
    const confidential = await newRedemption(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
    await redeemed(issuer, redemption);
    const { client } = confidential;
    const { refresh_token } = await redeemed(issuer, confidential, { client_secret: secretOf(client) });
    expect(await refusal(await refresh(issuer, client.client_id, refresh_token))).toBe('401 invalid_client');
    const header = basic(client.client_id, secretOf(client));
    const response = await requestTokens(issuer, { grant_type: 'refresh_token', refresh_token }, header);
    expect(response.status).toBe(200);
  });
});

describe.concurrent('scope of a refresh, RFC 6749 §6', () => {
  test.for(['todos:write', 'todos:read todos:write', 'todos:read,todos:write profile:read', 'workspace:admin'])(
    'gives todos:read to who asks for %s where that was granted, so that it never grows (F07)',
    async (scope) => {
      const { clientId, tokens } = await connect(issuer, { scopes: ['todos:read'] });
      const given = await tokensIn(await spend(clientId, tokens.refresh_token, { scope }));
      expect([given.scope, decodeJwt(given.access_token).scope]).toEqual(['todos:read', 'todos:read']);
    },
  );

  test.for(['todo', 'openid mail', '*'])(
    'refuses %s, where nothing is known, and the token is as good as before (F07)',
    async (scope) => {
      const connection = await connect(issuer, { scopes: ['todos:read'] });
      const { clientId, tokens } = connection;
      expect(await refusal(await spend(clientId, tokens.refresh_token, { scope }))).toBe('400 invalid_scope');
      expect(await refusal(await spend(clientId, tokens.refresh_token, { scope }, HOUR))).toBe('400 invalid_scope');
      expect(await isAlive(connection, HOUR)).toEqual([true, 200]);
    },
  );

  test('narrows one access token, and the next one has all scopes again', async () => {
    const { clientId, tokens } = await connect(issuer);
    const narrowed = await tokensIn(await spend(clientId, tokens.refresh_token, { scope: 'todos:read' }));
    expect([narrowed.scope, decodeJwt(narrowed.access_token).scope]).toEqual(['todos:read', 'todos:read']);
    const next = await tokensIn(await spend(clientId, narrowed.refresh_token));
    expect(next.scope).toBe(tokens.scope);
  });

  test('narrows to a scope that the granted one includes', async () => {
    const { clientId, tokens } = await connect(issuer, { scopes: ['todos:write'] });
    const narrowed = await tokensIn(await spend(clientId, tokens.refresh_token, { scope: 'todos:read' }));
    expect(narrowed.scope).toBe('todos:read');
  });

  test.for([' offline_access', 'openid offline_access', ' todos:read   offline_access '])(
    'passes over scopes that do not exist here: "%s" (F07)',
    async (scope) => {
      const { clientId, tokens } = await connect(issuer, { scopes: ['todos:read'] });
      expect((await tokensIn(await spend(clientId, tokens.refresh_token, { scope }))).scope).toBe('todos:read');
    },
  );
});

describe.concurrent('resource of a refresh, RFC 8707 §2.2', () => {
  test('refuses a foreign resource, and the token is as good as before (F09)', async () => {
    const connection = await connect(issuer);
    const { clientId, tokens } = connection;
    const resource = 'https://other.example/mcp';
    expect(await refusal(await spend(clientId, tokens.refresh_token, { resource }))).toBe('400 invalid_target');
    expect(await isAlive(connection, HOUR)).toEqual([true, 200]);
  });

  test.for([undefined, mcpUrl, `${mcpUrl}/`, issuer, `${issuer}/`])(
    'inherits the one resource when the client names %s (F10)',
    async (resource) => {
      const { clientId, tokens } = await connect(issuer, { request: { resource: mcpUrl } });
      const named = resource === undefined ? {} : { resource };
      const { access_token } = await tokensIn(await spend(clientId, tokens.refresh_token, named));
      expect(decodeJwt(access_token).aud).toBe(mcpUrl);
    },
  );
});

describe.concurrent('what a presented refresh token is, RFC 9700 §4.14.2', () => {
  test('current: it is spent, however much later it comes', async () => {
    const connection = await connect(issuer);
    expect(await statusOf(connection, 10 * DAY)).toBe(200);
  });

  test.for([0, 30, 50])('repeat: %s seconds after it was spent it gives the same successor (F04)', async (after) => {
    const first = await connect(issuer);
    const second = await refreshed(first);
    const again = await refreshed(first, after);
    expect(again.tokens.refresh_token).toBe(second.tokens.refresh_token);
    expect(again.tokens.access_token).not.toBe(second.tokens.access_token);
    const third = await refreshed(second, after);
    expect(await isAlive(third, after)).toEqual([true, 200]);
  });

  test('repeat: as often as it comes, so that no second branch grows (F04)', async () => {
    const first = await connect(issuer);
    const { tokens } = await refreshed(first);
    for (let time = 0; time < 5; time += 1) {
      expect((await refreshed(first)).tokens.refresh_token).toBe(tokens.refresh_token);
    }
  });

  test('repeat: validates all that a first use does', async () => {
    const first = await connect(issuer, { scopes: ['todos:read'] });
    const second = await refreshed(first);
    const { clientId, tokens } = first;
    const again = (more: Record<string, string>) => spend(clientId, tokens.refresh_token, more);
    expect(await refusal(await again({ scope: 'todo' }))).toBe('400 invalid_scope');
    expect(await refusal(await again({ resource: 'https://other.example/' }))).toBe('400 invalid_target');
    expect(await isAlive(second)).toEqual([true, 200]);
  });

  test('late: an older token is refused within the time, and the grant lives', async () => {
    const first = await connect(issuer);
    const third = await refreshed(await refreshed(first));
    expect(await refusal(await spend(first.clientId, first.tokens.refresh_token))).toBe('400 invalid_grant');
    expect(await isAlive(third)).toEqual([true, 200]);
  });

  test('stolen: a spent token ends the grant once the time is over (F03)', async () => {
    const first = await connect(issuer);
    const second = await refreshed(first);
    expect(await refusal(await spend(first.clientId, first.tokens.refresh_token, {}, 62))).toBe('400 invalid_grant');
    expect(await isAlive(second)).toEqual([false, 400]);
    expect(await isAccepted(issuer, first.tokens.access_token)).toBe(false);
  });

  test('stolen: any token of the family that was ever spent ends it (F03)', async () => {
    const first = await connect(issuer);
    const third = await refreshed(await refreshed(first), DAY);
    expect(await statusOf(first, 2 * DAY)).toBe(400);
    expect(await isAlive(third, 2 * DAY)).toEqual([false, 400]);
  });

  test('stolen: ends no other grant', async () => {
    const [victim, bystander] = await Promise.all([connect(issuer), connect(issuer)]);
    await refreshed(victim);
    await statusOf(victim, HOUR);
    expect(await isAlive(bystander)).toEqual([true, 200]);
  });

  const part = (index: number, value: string) => (token: string) => token.split('.').with(index, value).join('.');
  test.for([
    ['another secret', part(2, 'A'.repeat(43))],
    ['another tag', part(3, 'A'.repeat(43))],
    ['another generation', part(1, '7')],
    ['another grant', part(0, 'somebody~else')],
    ['a tag cut short', (token: string) => token.slice(0, -1)],
    ['something after it', (token: string) => `${token}A`],
    ['a part less', (token: string) => token.split('.').slice(0, 3).join('.')],
  ] as const)('unknown: a token with %s is refused, and the grant lives', async ([, madeUp]) => {
    const first = await connect(issuer);
    const second = await refreshed(first);
    for (const { tokens } of [first, second]) {
      const response = await spend(first.clientId, madeUp(tokens.refresh_token), {}, HOUR);
      expect(await refusal(response)).toBe('400 invalid_grant');
    }
    expect(await isAlive(second, HOUR)).toEqual([true, 200]);
  });

  test('says the same of a made-up, a spent and a foreign token', async () => {
    const [first, other] = await Promise.all([connect(issuer), connect(issuer, { isOwnClient: true })]);
    await refreshed(await refreshed(first));
    const asked = ['x', first.tokens.refresh_token, other.tokens.refresh_token];
    const texts = await Promise.all(asked.map(async (token) => (await spend(first.clientId, token)).text()));
    expect(new Set(texts).size).toBe(1);
  });
});

describe.concurrent("another client's refresh token, RFC 6749 §10.4", () => {
  test('is refused, and the grant lives (F06)', async () => {
    const [connection, { client_id }] = await Promise.all([connect(issuer), register(issuer)]);
    const { refresh_token } = connection.tokens;
    expect(await refusal(await spend(client_id, refresh_token))).toBe('400 invalid_grant');
    expect(await isAlive(connection)).toEqual([true, 200]);
  });

  test('is refused even when it was spent long ago, and the grant lives (F06)', async () => {
    const [first, { client_id }] = await Promise.all([connect(issuer), register(issuer)]);
    const second = await refreshed(first);
    expect(await refusal(await spend(client_id, first.tokens.refresh_token, {}, HOUR))).toBe('400 invalid_grant');
    expect(await isAlive(second, HOUR)).toEqual([true, 200]);
  });
});

describe.concurrent('how long a grant lives', () => {
  test('ends after 30 days without a refresh (F12)', async () => {
    const connection = await connect(issuer);
    const response = await spend(connection.clientId, connection.tokens.refresh_token, {}, 30 * DAY + MINUTE);
    expect(await refusal(response)).toBe('400 invalid_grant');
  });

  test('starts its 30 days anew at each refresh (F12)', async () => {
    const second = await refreshed(await connect(issuer), 29 * DAY);
    const third = await refreshed(second, 58 * DAY);
    expect(await statusOf(third, 88 * DAY + MINUTE)).toBe(400);
  });

  test('keeps its client for as long as it lives, however long ago that registered (T22)', async () => {
    let connection: Connection = await connect(issuer);
    for (const day of [25, 50, 75, 100, 125]) connection = await refreshed(connection, day * DAY);
    expect(await statusOf(connection, 126 * DAY)).toBe(200);
  });

  test('ends a year after consent, however often it was refreshed (F12)', async () => {
    let connection: Connection = await connect(issuer);
    for (let day = 29; day < 364; day += 29) connection = await refreshed(connection, day * DAY);
    connection = await refreshed(connection, 364 * DAY);
    const { clientId, tokens } = connection;
    expect(await refusal(await spend(clientId, tokens.refresh_token, {}, 365 * DAY + MINUTE))).toBe(
      '400 invalid_grant',
    );
  });

  test('ends at once when it is revoked (F13)', async () => {
    const { clientId, tokens } = await connect(issuer);
    const body = new URLSearchParams({ client_id: clientId, token: tokens.access_token });
    await fetch(`${issuer}/revoke`, { method: 'POST', body });
    expect(await refusal(await spend(clientId, tokens.refresh_token))).toBe('400 invalid_grant');
  });
});

import { describe, expect, inject, test } from 'vitest';
import { callback, connect, isAccepted, newAddress, refresh, register, type Tokens } from '../support/flow.ts';
import {
  basic,
  DAY,
  HOUR,
  later,
  newRedemption,
  redeemed,
  refusal,
  secretOf,
  tokensIn,
} from '../support/redemption.ts';

const issuer = inject('issuer');

const revoke = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${issuer}/revoke`, { method: 'POST', headers, body: new URLSearchParams(parameters) });

const isAlive = async (clientId: string, { access_token, refresh_token }: Tokens) => [
  await isAccepted(issuer, access_token),
  (await refresh(issuer, clientId, refresh_token)).status,
];

describe.concurrent('revocation request, RFC 7009 §2.1', () => {
  test.for(['access_token', 'refresh_token'] as const)(
    'ends the whole grant by its %s, on the very next call (V01, V02)',
    async (kind) => {
      const { clientId, tokens } = await connect(issuer);
      expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
      const response = await revoke({ client_id: clientId, token: tokens[kind] });
      expect([response.status, await response.text()]).toEqual([200, '']);
      expect(await isAlive(clientId, tokens)).toEqual([false, 400]);
    },
  );

  test.for([
    ['access_token', 'refresh_token'],
    ['refresh_token', 'access_token'],
    ['access_token', 'something_else'],
  ] as const)('ends the grant by its %s whatever the hint: %s', async ([kind, hint]) => {
    const { clientId, tokens } = await connect(issuer);
    await revoke({ client_id: clientId, token: tokens[kind], token_type_hint: hint });
    expect(await isAlive(clientId, tokens)).toEqual([false, 400]);
  });

  test('ends every access token of the grant, also those from before a refresh', async () => {
    const { clientId, tokens } = await connect(issuer);
    const second = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    await revoke({ client_id: clientId, token: second.refresh_token });
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
    expect(await isAccepted(issuer, second.access_token)).toBe(false);
  });

  test('ends the grant by a refresh token that was spent', async () => {
    const { clientId, tokens } = await connect(issuer);
    const second = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    await revoke({ client_id: clientId, token: tokens.refresh_token }, later(HOUR));
    expect(await isAlive(clientId, second)).toEqual([false, 400]);
  });

  test('ends no other grant of the same person and client', async () => {
    const address = newAddress();
    const first = await newRedemption(issuer, {}, { address });
    const tokens = await redeemed(issuer, first);
    const other = await connect(issuer, { address });
    await revoke({ client_id: other.clientId, token: other.tokens.access_token });
    expect(await isAlive(first.client.client_id, tokens)).toEqual([true, 200]);
  });

  test("answers 200 to another client's token and leaves it alone", async () => {
    const [{ clientId, tokens }, { client_id }] = await Promise.all([connect(issuer), register(issuer)]);
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      expect((await revoke({ client_id, token })).status).toBe(200);
    }
    expect(await isAlive(clientId, tokens)).toEqual([true, 200]);
  });

  test('lets nobody end a grant by its id and a token made up around it', async () => {
    const { clientId, tokens } = await connect(issuer);
    const parts = tokens.refresh_token.split('.');
    for (const index of [2, 3]) {
      const token = parts.with(index, 'A'.repeat(43)).join('.');
      expect((await revoke({ client_id: clientId, token })).status).toBe(200);
    }
    const [head, payload] = tokens.access_token.split('.');
    await revoke({ client_id: clientId, token: `${head}.${payload}.${'A'.repeat(86)}` });
    expect(await isAlive(clientId, tokens)).toEqual([true, 200]);
  });

  test.for(['x', 'a.b.c', '~.1.x.x', '{"$ne":1}', 'GRANT#x', '\0', 'x'.repeat(9_000), '😀'])(
    'answers 200 to a token that nobody knows: %.20s (V03)',
    async (token) => {
      const { client_id } = await register(issuer);
      expect((await revoke({ client_id, token })).status).toBe(200);
    },
  );

  test('answers 200 to a token whose grant has ended already (V03)', async () => {
    const { clientId, tokens } = await connect(issuer);
    for (let time = 0; time < 2; time += 1) {
      expect((await revoke({ client_id: clientId, token: tokens.refresh_token })).status).toBe(200);
    }
  });

  test('wants a token (V06)', async () => {
    const { client_id } = await register(issuer);
    expect(await refusal(await revoke({ client_id }))).toBe('400 invalid_request');
    expect(await refusal(await revoke({ client_id, token: '' }))).toBe('400 invalid_request');
  });

  test('refuses a second token, and what is no form', async () => {
    const { client_id } = await register(issuer);
    const twice = new URLSearchParams([
      ['client_id', client_id],
      ['token', 'x'],
      ['token', 'y'],
    ]);
    expect(await refusal(await fetch(`${issuer}/revoke`, { method: 'POST', body: twice }))).toBe('400 invalid_request');
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ client_id, token: 'x' }) };
    expect(await refusal(await fetch(`${issuer}/revoke`, { method: 'POST', ...json }))).toBe('400 invalid_request');
  });
});

describe.concurrent('client authentication at revocation, RFC 7009 §2.1', () => {
  const confidential = async () => {
    const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_basic' };
    const redemption = await newRedemption(issuer, metadata);
    const secret = secretOf(redemption.client);
    return {
      clientId: redemption.client.client_id,
      secret,
      tokens: await redeemed(issuer, redemption, { client_secret: secret }),
    };
  };

  test('refuses a confidential client without its secret, and the token lives (V05)', async () => {
    const { clientId, tokens } = await confidential();
    const token = tokens.refresh_token;
    for (const response of [
      await revoke({ client_id: clientId, token }),
      await revoke({ client_id: clientId, token, client_secret: 'wrong' }),
      await revoke({ token }, basic(clientId, 'wrong')),
    ]) {
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm="/);
      expect(await refusal(response)).toBe('401 invalid_client');
    }
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
  });

  test.for(['header', 'form'])('takes the secret of a confidential client in the %s', async (place) => {
    const { clientId, secret, tokens } = await confidential();
    const token = tokens.access_token;
    if (place === 'header') await revoke({ token }, basic(clientId, secret));
    else await revoke({ client_id: clientId, client_secret: secret, token });
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
  });

  test('refuses a caller that is nobody, unknown or long gone (V05)', async () => {
    const { client_id } = await register(issuer);
    const { tokens } = await connect(issuer);
    const token = tokens.refresh_token;
    expect(await refusal(await revoke({ token }))).toBe('401 invalid_client');
    expect(await refusal(await revoke({ token, client_id: crypto.randomUUID() }))).toBe('401 invalid_client');
    expect(await refusal(await revoke({ token, client_id }, later(91 * DAY)))).toBe('401 invalid_client');
  });
});

describe.concurrent('revocation by web pages, RFC 7009 §2.3', () => {
  const origin = 'https://some-page.example';

  test('lets a page of any origin ask first, and read the answer', async () => {
    const asked = { origin, 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${issuer}/revoke`, { method: 'OPTIONS', headers: asked });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    const { client_id } = await register(issuer);
    for (const response of [await revoke({ client_id, token: 'x' }, { origin }), await revoke({}, { origin })]) {
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('is only for POST', async () => {
    const response = await fetch(`${issuer}/revoke?token=x`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

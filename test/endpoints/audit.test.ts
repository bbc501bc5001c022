import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { auditedDuring } from '../support/audit.ts';
import { newPkce, refresh, register, requestTokens } from '../support/flow.ts';
import { tableOf } from '../support/items.ts';
import { later, newRedemption, redeem, redeemed, tokensIn } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack?.stop();
});

/** The events that were recorded while something happened, with the reason of a refusal. */
async function recorded(work: () => Promise<unknown>): Promise<string[]> {
  const added = await auditedDuring(tableOf(stack.issuer), work);
  return added.map(({ event, reason }) => (reason === undefined ? event : `${event}: ${reason}`));
}

describe('what is recorded of codes, RFC 9700 §4.5', () => {
  test.for<[string, Record<string, string>, string]>([
    ['another verifier', { code_verifier: newPkce().verifier }, 'the verifier is not of the challenge'],
    ['another redirect URI', { redirect_uri: 'http://localhost:1/callback' }, 'another redirect URI'],
    ['another resource', { resource: 'https://other.example/' }, 'The only resource here is'],
  ])('a code with %s', async ([, changes, reason]) => {
    const redemption = await newRedemption(stack.issuer);
    const events = await recorded(() => redeem(stack.issuer, redemption, changes));
    expect(events).toEqual([expect.stringContaining(`refusal: ${reason}`)]);
  });

  test('a code of another client', async () => {
    const redemption = await newRedemption(stack.issuer);
    const client = await register(stack.issuer);
    const events = await recorded(() => redeem(stack.issuer, { ...redemption, client }));
    expect(events).toEqual(['refusal: the code of another client']);
  });

  test('a code that is redeemed, and redeemed again', async () => {
    const redemption = await newRedemption(stack.issuer);
    expect(await recorded(() => redeem(stack.issuer, redemption))).toEqual(['grant']);
    expect(await recorded(() => redeem(stack.issuer, redemption))).toEqual(['code_replay']);
  });

  test('nothing of a code that is made up', async () => {
    const redemption = await newRedemption(stack.issuer);
    expect(await recorded(() => redeem(stack.issuer, { ...redemption, code: 'made-up' }))).toEqual([]);
  });
});

describe('what is recorded of refresh tokens, RFC 9700 §4.14', () => {
  test.for<[string, Record<string, string>, string]>([
    ['for another resource', { resource: 'https://other.example/' }, 'refusal: The only resource here is'],
    ['for nothing that is known', { scope: 'mail openid' }, 'refusal: scope names no known scope'],
  ])('a token %s', async ([, changes, event]) => {
    const redemption = await newRedemption(stack.issuer, {}, { scopes: ['todos:read'] });
    const { refresh_token } = await redeemed(stack.issuer, redemption);
    const { client_id } = redemption.client;
    const events = await recorded(() => refresh(stack.issuer, client_id, refresh_token, changes));
    expect(events).toEqual([expect.stringContaining(event)]);
  });

  test('a token of another client', async () => {
    const redemption = await newRedemption(stack.issuer);
    const { refresh_token } = await redeemed(stack.issuer, redemption);
    const { client_id } = await register(stack.issuer);
    const events = await recorded(() => refresh(stack.issuer, client_id, refresh_token));
    expect(events).toEqual(['refusal: the token of another client']);
  });

  test('a token that is repeated, stolen and made up', async () => {
    const redemption = await newRedemption(stack.issuer);
    const { refresh_token: spent } = await redeemed(stack.issuer, redemption);
    const { client_id } = redemption.client;
    expect(await recorded(() => refresh(stack.issuer, client_id, spent))).toEqual([]);
    expect(await recorded(() => refresh(stack.issuer, client_id, spent))).toEqual(['refresh_repeat']);
    expect(await recorded(() => refresh(stack.issuer, client_id, spent))).toEqual([]);
    const madeUp = `${spent.slice(0, -1)}${spent.endsWith('A') ? 'B' : 'A'}`;
    expect(await recorded(() => refresh(stack.issuer, client_id, madeUp.replace(/.{5}$/, 'AAAAA')))).toEqual([]);
    const muchLater = { grant_type: 'refresh_token', client_id, refresh_token: spent };
    expect(await recorded(() => requestTokens(stack.issuer, muchLater, later(120)))).toEqual(['refresh_theft']);
  });

  const from = (sourceIp: string) => ({ 'x-local-source-ip': sourceIp });

  /** Spends a token at one network, and gives what is recorded when it comes again from another. */
  async function recordedFrom(one: string, other: string, times = 1): Promise<string[]> {
    const redemption = await newRedemption(stack.issuer);
    const { refresh_token } = await redeemed(stack.issuer, redemption, {}, from(one));
    const spent = { grant_type: 'refresh_token', client_id: redemption.client.client_id, refresh_token };
    await requestTokens(stack.issuer, spent, from(one));
    return recorded(async () => {
      for (let time = 0; time < times; time += 1) await requestTokens(stack.issuer, spent, from(other));
    });
  }

  test('a token that is repeated from another network, once for each rotation', async () => {
    expect(await recordedFrom('192.0.2.1', '192.0.2.2', 3)).toEqual(['refresh_elsewhere']);
    expect(await recordedFrom('2001:db8::1', '2001:db8:0:1::1')).toEqual(['refresh_elsewhere']);
  });

  test('is a mere repetition within one network, and among the addresses of a hosted client', async () => {
    expect(await recordedFrom('192.0.2.1', '192.0.2.1')).toEqual(['refresh_repeat']);
    expect(await recordedFrom('2001:db8::1', '2001:db8::2')).toEqual(['refresh_repeat']);
    expect(await recordedFrom('160.79.104.1', '160.79.107.9')).toEqual(['refresh_repeat']);
  });

  test('a token whose successor is spent too, once for each rotation', async () => {
    const redemption = await newRedemption(stack.issuer);
    const { client_id } = redemption.client;
    const { refresh_token: first } = await redeemed(stack.issuer, redemption);
    const second = await tokensIn(await refresh(stack.issuer, client_id, first));
    await refresh(stack.issuer, client_id, second.refresh_token);
    const again = () => recorded(() => refresh(stack.issuer, client_id, first));
    expect([await again(), await again()]).toEqual([['refresh_late'], []]);
  });

  test('a token that is revoked', async () => {
    const redemption = await newRedemption(stack.issuer);
    const { refresh_token } = await redeemed(stack.issuer, redemption);
    expect(await recorded(() => revoke(stack.issuer, redemption.client.client_id, refresh_token))).toEqual([
      'revocation',
    ]);
  });
});

describe('what somebody can have refused as often as they like is refused each time, and recorded ten times a minute', () => {
  /** Sends something twelve times within one minute, which begins after now, and once in the next. Gives how often it was recorded. */
  async function flood(send: (at: Record<string, string>) => Promise<Response>, status: number): Promise<number[]> {
    const begins = 61 - Math.floor((Date.now() / 1_000) % 60);
    const often = await recorded(async () => {
      for (let time = 0; time < 12; time += 1) expect((await send(later(begins))).status).toBe(status);
    });
    return [often.length, (await recorded(() => send(later(begins + 60)))).length];
  }

  test('a refresh token for another resource, which still serves', async () => {
    const redemption = await newRedemption(stack.issuer);
    const { refresh_token } = await redeemed(stack.issuer, redemption);
    const form = { grant_type: 'refresh_token', client_id: redemption.client.client_id, refresh_token };
    const wrong = { ...form, resource: 'https://other.example/' };
    expect(await flood((at) => requestTokens(stack.issuer, wrong, at), 400)).toEqual([10, 1]);
    expect((await requestTokens(stack.issuer, form)).status).toBe(200);
  });

  test('a code with another verifier, which still serves', async () => {
    const redemption = await newRedemption(stack.issuer);
    const wrong = { code_verifier: newPkce().verifier };
    expect(await flood((at) => redeem(stack.issuer, redemption, wrong, at), 400)).toEqual([10, 1]);
    expect((await redeem(stack.issuer, redemption)).status).toBe(200);
  });

  test('an assertion that was used before', async () => {
    const key = await newClientKey();
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } };
    const { client_id } = await register(stack.issuer, metadata);
    const claims = { ...honestClaims(client_id, stack.issuer), exp: Math.floor(Date.now() / 1_000) + 200 };
    const body = new URLSearchParams({ token: 'x', ...asParameters(await signClaims(key, claims)) });
    const send = (headers: Record<string, string>) =>
      fetch(`${stack.issuer}/revoke`, { method: 'POST', headers, body });
    expect((await send({})).status).toBe(200);
    expect(await flood(send, 401)).toEqual([10, 1]);
  });
});

test('a client’s assertion that is used twice is recorded, RFC 7523 §3', async () => {
  const key = await newClientKey();
  const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } };
  const { client_id } = await register(stack.issuer, metadata);
  const assertion = asParameters(await signClaims(key, honestClaims(client_id, stack.issuer)));
  const revokeNothing = () =>
    fetch(`${stack.issuer}/revoke`, { method: 'POST', body: new URLSearchParams({ token: 'x', ...assertion }) });
  expect(await recorded(revokeNothing)).toEqual([]);
  expect(await recorded(revokeNothing)).toEqual(['assertion_replay']);
});

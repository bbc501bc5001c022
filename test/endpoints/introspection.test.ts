import { createHash, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asParameters, type ClientKey, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { connect, newSourceIp, refresh, type Tokens } from '../support/flow.ts';
import { principalIn } from '../support/people.ts';
import { basic, DAY, HOUR, later, newRedemption, redeem, refusal, secretOf, tokensIn } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

const secret = 'the secret of the gateway: 100% + &';
const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

let key: ClientKey;
let stack: RunningStack;
let issuer: string;

beforeAll(async () => {
  key = await newClientKey();
  const common = { redirectUris: [], isResourceServer: true };
  stack = await startStackWith({
    clients: [
      { ...common, id: 'gateway', name: 'Gateway', authMethod: 'client_secret_basic', secretHashes: [hash(secret)] },
      { ...common, id: 'signing.gateway', name: 'Signs', authMethod: 'private_key_jwt', jwks: { keys: [key.jwk] } },
      { ...common, id: 'nobody', name: 'Proves nothing', authMethod: 'none' },
      {
        id: 'partner',
        name: 'Partner',
        authMethod: 'client_secret_post',
        redirectUris: [],
        secretHashes: [hash('old'), hash('new')],
      },
    ],
  });
  issuer = stack.issuer;
});
afterAll(() => stack.stop());

type Parameters = Record<string, string> | [string, string][];

function introspect(parameters: Parameters, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${issuer}/introspect`, {
    method: 'POST',
    headers: { ...newSourceIp(), ...headers },
    body: new URLSearchParams(parameters),
  });
}

const formEncoded = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length);
const gateway = () => basic('gateway', formEncoded(secret));

/** What the resource server is told of a token. */
async function toldGateway(token: string, headers: Record<string, string> = {}): Promise<object> {
  const response = await introspect({ token }, { ...gateway(), ...headers });
  expect(response.status).toBe(200);
  return (await response.json()) as object;
}

type Confidential = { readonly id: string; readonly headers: Record<string, string>; readonly tokens: Tokens };

/** A client with a secret, and its tokens. */
async function connectConfidential(): Promise<Confidential> {
  const redemption = await newRedemption(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
  const { client } = redemption;
  const headers = basic(client.client_id, secretOf(client));
  return { id: client.client_id, headers, tokens: await tokensIn(await redeem(issuer, redemption, {}, headers)) };
}

const inactive = { active: false };

describe.concurrent('who may ask, RFC 7662 §2.1', () => {
  test('not whoever proves nothing (I01)', async () => {
    const { clientId, tokens } = await connect(issuer);
    const wrong: [Parameters, Record<string, string>][] = [
      [{}, {}],
      [{ client_id: clientId }, {}],
      [{ client_id: 'nobody' }, {}],
      [{ client_id: 'gateway' }, {}],
      [{ client_id: 'gateway', client_secret: 'guessed' }, {}],
      [{ client_id: 'gateway', client_secret: hash(secret) }, {}],
      [{ client_id: clientId, client_secret: 'guessed' }, {}],
      [{ client_id: randomUUID(), client_secret: 'guessed' }, {}],
      [{}, basic('gateway', 'guessed')],
      [{}, basic('gateway', '')],
      [{}, basic('signing.gateway', 'guessed')],
      [{}, { authorization: 'Basic !' }],
      [{}, { authorization: `Bearer ${tokens.access_token}` }],
    ];
    for (const [more, headers] of wrong) {
      const response = await introspect({ token: tokens.access_token, ...more }, headers);
      expect(response.headers.has('www-authenticate')).toBe(true);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await refusal(response)).toBe('401 invalid_client');
    }
  });

  test('a client with a secret, in the header or in the form, whichever it registered', async () => {
    expect((await introspect({ token: 'x' }, gateway())).status).toBe(200);
    expect((await introspect({ token: 'x', client_id: 'gateway', client_secret: secret })).status).toBe(200);
    expect((await introspect({ token: 'x' }, basic('partner', 'new'))).status).toBe(200);
    expect((await introspect({ token: 'x', client_id: 'partner', client_secret: 'old' })).status).toBe(200);
  });

  test('a client that signs', async () => {
    const signed = async () => asParameters(await signClaims(key, honestClaims('signing.gateway', issuer)));
    const { tokens } = await connect(issuer);
    const response = await introspect({ token: tokens.access_token, ...(await signed()) });
    expect(await response.json()).toMatchObject({ active: true });
  });

  test('about one token, in a form', async () => {
    expect(await refusal(await introspect({}, gateway()))).toBe('400 invalid_request');
    expect(await refusal(await introspect({ token: '' }, gateway()))).toBe('400 invalid_request');
    const twice: [string, string][] = [
      ['token', 'x'],
      ['token', 'y'],
    ];
    expect(await refusal(await introspect(twice, gateway()))).toBe('400 invalid_request');
    const headers = { ...gateway(), 'content-type': 'application/json' };
    const response = await fetch(`${issuer}/introspect`, { method: 'POST', headers, body: '{"token":"x"}' });
    expect(await refusal(response)).toBe('400 invalid_request');
  });

  test('not in an address, where tokens end up in logs', async () => {
    const { tokens } = await connect(issuer);
    const url = `${issuer}/introspect?token=${tokens.access_token}`;
    const response = await fetch(url, { method: 'POST', headers: gateway(), body: new URLSearchParams({}) });
    expect(await refusal(response)).toBe('400 invalid_request');
    expect((await fetch(url, { headers: gateway() })).status).toBe(405);
  });
});

describe.concurrent('what is said of a token that is active, RFC 7662 §2.2', () => {
  test('of a client’s own access token: all that it stands for', async () => {
    const { id, headers, tokens } = await connectConfidential();
    const response = await introspect({ token: tokens.access_token }, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/json');
    const { sub, iat, exp, jti } = decodeJwt(tokens.access_token);
    const { tenant } = principalIn(tokens.access_token);
    expect(await response.json()).toEqual({
      active: true,
      kind: 'person',
      token_type: 'Bearer',
      scope: tokens.scope,
      client_id: id,
      sub,
      tenant,
      iss: issuer,
      aud: `${issuer}/mcp`,
      iat,
      exp,
      jti,
    });
  });

  test('of a client’s own refresh token: until when it holds, and nothing that only access tokens have', async () => {
    const { id, headers, tokens } = await connectConfidential();
    const { sub, iat = 0 } = decodeJwt(tokens.access_token);
    const { tenant } = principalIn(tokens.access_token);
    const response = await introspect({ token: tokens.refresh_token }, headers);
    const described = (await response.json()) as Record<string, unknown>;
    expect(described).toEqual({
      active: true,
      token_type: 'refresh_token',
      scope: tokens.scope,
      client_id: id,
      sub,
      tenant,
      iss: issuer,
      iat: expect.any(Number),
      exp: iat + 30 * DAY,
    });
  });

  test.for(['access_token', 'refresh_token', 'nonsense'])('whatever the hint says, such as %s', async (hint) => {
    const { headers, tokens } = await connectConfidential();
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const response = await introspect({ token, token_type_hint: hint }, headers);
      expect(await response.json()).toMatchObject({ active: true });
    }
  });

  test('to a resource server: of every client’s access tokens', async () => {
    const [pub, confidential] = [await connect(issuer), await connectConfidential()];
    expect(await toldGateway(pub.tokens.access_token)).toMatchObject({ active: true, client_id: pub.clientId });
    expect(await toldGateway(confidential.tokens.access_token)).toMatchObject({ active: true, iss: issuer });
  });

  test('to a resource server: of scopes, only those that the person granted', async () => {
    const { tokens } = await connect(issuer, { scopes: ['todos:read'] });
    expect(await toldGateway(tokens.access_token)).toMatchObject({ active: true, scope: 'todos:read' });
  });

  test('of both access tokens, before and after a refresh (G9)', async () => {
    const { clientId, tokens } = await connect(issuer);
    const renewed = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    for (const token of [tokens.access_token, renewed.access_token])
      expect(await toldGateway(token)).toMatchObject({ active: true });
  });
});

describe.concurrent('what is said of all others: that they are not active, and no word more, RFC 7662 §2.2', () => {
  test('of another client’s tokens (I02, G43)', async () => {
    const [one, other] = [await connectConfidential(), await connectConfidential()];
    for (const token of [one.tokens.access_token, one.tokens.refresh_token]) {
      const response = await introspect({ token }, other.headers);
      expect(await response.text()).toBe('{"active":false}');
      const partner = await introspect({ token, client_id: 'partner', client_secret: 'new' });
      expect(await partner.text()).toBe('{"active":false}');
    }
  });

  test('to a resource server: of refresh tokens, which are none of its business', async () => {
    const { tokens } = await connectConfidential();
    expect(await toldGateway(tokens.refresh_token)).toEqual(inactive);
  });

  test('of tokens that have expired', async () => {
    const { headers, tokens } = await connectConfidential();
    const ask = async (token: string, seconds: number) =>
      (await introspect({ token }, { ...headers, ...later(seconds) })).json();
    expect(await ask(tokens.access_token, HOUR - 30)).toMatchObject({ active: true });
    expect(await ask(tokens.access_token, HOUR + 30)).toEqual(inactive);
    expect(await toldGateway(tokens.access_token, later(HOUR + 30))).toEqual(inactive);
    expect(await ask(tokens.refresh_token, 30 * DAY - 30)).toMatchObject({ active: true });
    expect(await ask(tokens.refresh_token, 30 * DAY + 30)).toEqual(inactive);
  });

  test('of every token of a grant that was revoked, at once', async () => {
    const { clientId, tokens } = await connect(issuer);
    const renewed = await tokensIn(await refresh(issuer, clientId, tokens.refresh_token));
    await revoke(issuer, clientId, renewed.refresh_token);
    for (const token of [tokens.access_token, renewed.access_token]) expect(await toldGateway(token)).toEqual(inactive);
  });

  test('of every token of a grant that ended because a spent token came back', async () => {
    const { id, headers, tokens } = await connectConfidential();
    const renew = (more: Record<string, string> = {}) =>
      fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { ...headers, ...newSourceIp(), ...more },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: id }),
      });
    const renewed = await tokensIn(await renew());
    expect(await refusal(await renew(later(HOUR / 2)))).toBe('400 invalid_grant');
    for (const token of [tokens.access_token, renewed.access_token, renewed.refresh_token]) {
      expect(await toldGateway(token)).toEqual(inactive);
      expect(await (await introspect({ token }, headers)).json()).toEqual(inactive);
    }
  });

  test('of a refresh token that was spent, although it may be repeated for a minute', async () => {
    const { id, headers, tokens } = await connectConfidential();
    const parameters = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: id };
    const body = new URLSearchParams(parameters);
    const renewed = await tokensIn(await fetch(`${issuer}/token`, { method: 'POST', headers, body }));
    expect(await (await introspect({ token: tokens.refresh_token }, headers)).json()).toEqual(inactive);
    expect(await (await introspect({ token: renewed.refresh_token }, headers)).json()).toMatchObject({ active: true });
  });

  test('of what we never issued', async () => {
    const { headers, tokens } = await connectConfidential();
    const [head, claims, signature = ''] = tokens.access_token.split('.');
    const [grant, generation, , tag] = tokens.refresh_token.split('.');
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    const plain = Buffer.from('{"alg":"none"}').toString('base64url');
    const made = [
      ...['x', '.', '..', '...', ' ', '\u0000', '漢', 'x'.repeat(20_000), '{"$ne":1}', 'a#b|c', randomUUID()],
      ...[`${unsigned}.${claims}.`, `${plain}.${claims}.`, `${head}.${claims}.`, `${head}.${claims}`],
      `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      `${grant}.${generation}.${'x'.repeat(43)}.${tag}`,
      `${grant}.${Number(generation) + 1}.${'x'.repeat(43)}.${'x'.repeat(43)}`,
      `${randomUUID()}~${randomUUID()}.1.${'x'.repeat(43)}.${'x'.repeat(43)}`,
      ...[`${tokens.access_token}x`, `${tokens.refresh_token}x`],
    ];
    for (const token of made) {
      const response = await introspect({ token }, headers);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('{"active":false}');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await toldGateway(token)).toEqual(inactive);
    }
    expect(await toldGateway(tokens.access_token)).toMatchObject({ active: true });
  });

  test('of a token that is signed for something else: an assertion of the asking client itself', async () => {
    const assertion = await signClaims(key, honestClaims('signing.gateway', `${issuer}/mcp`));
    expect(await toldGateway(assertion)).toEqual(inactive);
  });
});

test('asking about a token costs it nothing', async () => {
  const { id, headers, tokens } = await connectConfidential();
  for (const token of [tokens.access_token, tokens.refresh_token]) await introspect({ token }, headers);
  const { clientId, tokens: others } = await connect(issuer);
  await introspect({ token: others.refresh_token }, headers);
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: id });
  expect((await fetch(`${issuer}/token`, { method: 'POST', headers, body })).status).toBe(200);
  expect((await refresh(issuer, clientId, others.refresh_token)).status).toBe(200);
});

test('a resource server gets no tokens of its own where no redirect URI was set for it', async () => {
  const parameters = { response_type: 'code', client_id: 'gateway', redirect_uri: 'https://gateway.example/cb' };
  const response = await fetch(`${issuer}/authorize?${new URLSearchParams(parameters)}`, { redirect: 'manual' });
  expect(response.status).toBe(400);
  expect(response.headers.has('location')).toBe(false);
});

test('no token and no secret stands in the logs', async () => {
  const { headers, tokens } = await connectConfidential();
  await introspect({ token: tokens.access_token }, headers);
  await toldGateway(tokens.refresh_token);
  for (const part of [secret, tokens.refresh_token.split('.')[2] ?? '', tokens.access_token.split('.')[2] ?? ''])
    expect(stack.logs()).not.toContain(part);
});

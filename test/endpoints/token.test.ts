import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import {
  authorizedCode,
  callback,
  connect,
  isAccepted,
  newAddress,
  newSourceIp,
  refresh,
  register,
  requestTokens,
  type Tokens,
  tomorrowAt,
} from '../support/flow.ts';
import {
  basic,
  DAY,
  HOUR,
  later,
  newRedemption,
  type Redemption,
  redeem,
  redeemed,
  refusal,
  secretOf,
  tokensIn,
} from '../support/redemption.ts';
import { initialScopes } from '../support/scopes.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;
const form = 'application/x-www-form-urlencoded';

const post = (body: string, contentType: string | undefined, query = '') =>
  fetch(`${issuer}/token${query}`, {
    method: 'POST',
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    body: contentType === undefined ? Buffer.from(body) : body,
  });

describe.concurrent('token endpoint, RFC 6749 §3.2', () => {
  const wellMeant = 'grant_type=password&client_id=x';

  test.for([
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json, application/x-www-form-urlencoded',
    'application/x-www-form-urlencodedx',
    ';',
    undefined,
  ])('takes no body of type %s (T01, T02)', async (contentType) => {
    expect(await refusal(await post(wellMeant, contentType))).toBe('400 invalid_request');
  });

  test('takes no JSON for a form (T01)', async () => {
    const body = JSON.stringify({ grant_type: 'authorization_code', code: 'x' });
    expect(await refusal(await post(body, 'application/json'))).toBe('400 invalid_request');
    expect(await refusal(await post(body, form))).toBe('400 invalid_request');
  });

  test.for([form, `${form};charset=UTF-8`, `${form} ; charset="utf-8"`, form.toUpperCase()])(
    'takes a form sent as %s (T02)',
    async (contentType) => {
      expect(await refusal(await post(wellMeant, contentType))).toBe('400 unsupported_grant_type');
    },
  );

  test('reads no parameter from the query (T01)', async () => {
    expect(await refusal(await post('client_id=x', form, '?grant_type=authorization_code&code=x'))).toBe(
      '400 invalid_request',
    );
  });

  test.for([
    ['', '400 invalid_request'],
    ['grant_type=', '400 invalid_request'],
    ['grant_type=%20', '400 unsupported_grant_type'],
    ['grant_type=password&username=a&password=b', '400 unsupported_grant_type'],
    ['grant_type=implicit', '400 unsupported_grant_type'],
    ['grant_type=client_credentials', '401 invalid_client'],
    ['grant_type=Authorization_Code', '400 unsupported_grant_type'],
    ['grant_type=authorization_code%00', '400 unsupported_grant_type'],
    ['grant_type=__proto__', '400 unsupported_grant_type'],
    ['grant_type=constructor', '400 unsupported_grant_type'],
  ] as const)('answers "%s" with %s (T04, T26)', async ([body, expected]) => {
    expect(await refusal(await post(body, form))).toBe(expected);
  });

  test.for([
    'grant_type',
    'code',
    'client_id',
    'client_secret',
    'code_verifier',
    'redirect_uri',
    'refresh_token',
    'scope',
  ])('refuses a second %s (T05)', async (name) => {
    const body = `grant_type=authorization_code&client_id=x&code=x&${name}=x&${name}=x`;
    expect(await refusal(await post(body, form))).toBe('400 invalid_request');
  });

  test('ignores parameters that it does not know, however often they come', async () => {
    expect(await refusal(await post(`${wellMeant}&foo=1&foo=2&__proto__=3`, form))).toBe('400 unsupported_grant_type');
  });

  test('wants a code for the code grant, and a refresh token for the refresh grant', async () => {
    const { client_id } = await register(issuer);
    const asked = (parameters: Record<string, string>) =>
      requestTokens(issuer, { client_id, ...parameters }, newSourceIp());
    expect(await refusal(await asked({ grant_type: 'authorization_code' }))).toBe('400 invalid_request');
    expect(await refusal(await asked({ grant_type: 'refresh_token' }))).toBe('400 invalid_request');
    expect(await refusal(await asked({ grant_type: 'authorization_code', code: 'x' }))).toBe('400 invalid_grant');
    expect(await refusal(await asked({ grant_type: 'refresh_token', refresh_token: 'x' }))).toBe('400 invalid_grant');
  });

  test('is only for POST', async () => {
    const response = await fetch(`${issuer}/token`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe.concurrent('error response, RFC 6749 §5.2', () => {
  test('has an error and a description in JSON, is cached nowhere, and may be read by web pages (T23)', async () => {
    const response = await post('grant_type=password', form);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({ error: 'unsupported_grant_type', error_description: expect.any(String) });
  });

  test('says the same of a code that never was, that of another client and one with a wrong verifier (T07, T08)', async () => {
    const [mine, other] = await Promise.all([newRedemption(issuer), register(issuer)]);
    const texts = await Promise.all(
      [{ code: 'x' }, { client_id: other.client_id }, { code_verifier: 'x'.repeat(43) }].map(async (changes) =>
        (await redeem(issuer, mine, changes, newSourceIp())).text(),
      ),
    );
    expect(new Set(texts).size).toBe(1);
  });
});

describe.concurrent('successful response, RFC 6749 §5.1', () => {
  test('has what strict clients want, nothing more and no nulls (T23)', async () => {
    const response = await redeem(issuer, await newRedemption(issuer));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('pragma')).toBe('no-cache');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: (await initialScopes(issuer)).join(' '),
      refresh_token: expect.any(String),
    });
  });

  test('has no refresh token for a client that did not register for that grant (T23)', async () => {
    const redemption = await newRedemption(issuer, { grant_types: ['authorization_code'] });
    expect(Object.keys(await redeemed(issuer, redemption))).not.toContain('refresh_token');
  });

  test.for([[['todos:read']], [['todos:write', 'profile:read']], [['profile:read']]] as const)(
    'has the scopes that the person left ticked: %s (K08)',
    async ([scopes]) => {
      const { tokens } = await connect(issuer, { scopes: [...scopes], byPages: true });
      expect(tokens.scope).toBe(scopes.join(' '));
      expect(decodeJwt(tokens.access_token).scope).toBe(scopes.join(' '));
    },
  );

  test('takes no scope from the token request beyond what was granted', async () => {
    const redemption = await newRedemption(issuer, {}, { scopes: ['todos:read'] });
    expect((await redeemed(issuer, redemption, { scope: 'todos:write' })).scope).toBe('todos:read');
  });
});

describe.concurrent('access token, RFC 9068 §2', () => {
  const verify = async (token: string) => {
    const keys = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const options = { issuer, audience: mcpUrl, typ: 'at+jwt', algorithms: ['ES256'] };
    return { keys, ...(await jwtVerify(token, createLocalJWKSet(keys), options)) };
  };

  test('verifies against the published keys, and says for whom, by whom, for what and until when', async () => {
    const { clientId, tokens } = await connect(issuer, { byPages: true });
    const { keys, payload, protectedHeader } = await verify(tokens.access_token);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: keys.keys[0]?.kid });
    expect(payload).toEqual({
      iss: issuer,
      aud: mcpUrl,
      sub: expect.stringMatching(/./),
      client_id: clientId,
      scope: tokens.scope,
      jti: expect.stringMatching(/^\w+\.\w+$/),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
    });
  });

  test('names the same person and another token at each sign-in', async () => {
    const address = newAddress();
    const first = decodeJwt((await connect(issuer, { address, byPages: true })).tokens.access_token);
    const second = decodeJwt(
      (await connect(issuer, { address: address.toUpperCase(), byPages: true })).tokens.access_token,
    );
    expect(second.sub).toBe(first.sub);
    expect(second.jti).not.toBe(first.jti);
    expect(second.jti?.split('.')[0]).not.toBe(first.jti?.split('.')[0]);
  });

  test('names different people by different subjects, and a grant by the same at each refresh', async () => {
    const [one, other] = await Promise.all([connect(issuer, { byPages: true }), connect(issuer, { byPages: true })]);
    const [first, second] = [decodeJwt(one.tokens.access_token), decodeJwt(other.tokens.access_token)];
    expect(first.sub).not.toBe(second.sub);
    const refreshed = await tokensIn(await refresh(issuer, one.clientId, one.tokens.refresh_token));
    const next = decodeJwt(refreshed.access_token);
    expect(next.sub).toBe(first.sub);
    expect(next.jti).not.toBe(first.jti);
    expect(next.jti?.split('.')[0]).toBe(first.jti?.split('.')[0]);
  });

  test.for([mcpUrl, `${mcpUrl}/`, issuer, `${issuer}/`, mcpUrl.replace('localhost', 'LOCALHOST')])(
    'is for the one resource, whatever a client calls it: %s (T16)',
    async (resource) => {
      const redemption = await newRedemption(issuer, {}, { request: { resource } });
      const { access_token } = await redeemed(issuer, redemption, { resource });
      expect(decodeJwt(access_token).aud).toBe(mcpUrl);
    },
  );

  test('has no published key of which the private part is known', async () => {
    const { keys } = await verify((await connect(issuer, { byPages: true })).tokens.access_token);
    for (const key of keys.keys) expect(Object.keys(key)).not.toContain('d');
    expect(keys.keys.map(({ alg, crv, use }) => [alg, crv, use])).toContainEqual(['ES256', 'P-256', 'sig']);
  });
});

describe.concurrent('access token request, RFC 6749 §4.1.3 and RFC 7636 §4.6', () => {
  test.for([
    ['a wrong verifier', 'T08', { code_verifier: 'x'.repeat(43) }, '400 invalid_grant'],
    ['no verifier', 'T08, T10', { code_verifier: undefined }, '400 invalid_grant'],
    ['a verifier too short', 'T08', { code_verifier: 'x'.repeat(42) }, '400 invalid_grant'],
    ['a verifier too long', 'T08', { code_verifier: 'x'.repeat(129) }, '400 invalid_grant'],
    ['another redirect URI', 'T11', { redirect_uri: 'http://localhost:7777/other' }, '400 invalid_grant'],
    ['a redirect URI with a slash', 'T11', { redirect_uri: `${callback}/` }, '400 invalid_grant'],
    ['the same on another port', 'T11', { redirect_uri: 'http://localhost:7778/callback' }, '400 invalid_grant'],
    ['another client', 'T07', { client_id: 'other' }, '400 invalid_grant'],
    ['a foreign resource', 'T16', { resource: 'https://other.example/mcp' }, '400 invalid_target'],
    ['a resource with a fragment', 'T16', { resource: `${mcpUrl}#x` }, '400 invalid_target'],
    ['a relative resource', 'T16', { resource: '/mcp' }, '400 invalid_target'],
  ] as const)('refuses %s, and the code is as good as before (%s)', async ([, , changes, expected]) => {
    const redemption = await newRedemption(issuer);
    const other = 'client_id' in changes ? { client_id: (await register(issuer)).client_id } : {};
    const refused = await redeem(issuer, redemption, { ...changes, ...other });
    expect(await refusal(refused)).toBe(expected);
    const { access_token } = await redeemed(issuer, redemption);
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });

  test('refuses the challenge itself for a verifier (T08)', async () => {
    const client = await register(issuer);
    const challenge = 'x'.repeat(43);
    const { code } = await authorizedCode(issuer, client.client_id, { request: { code_challenge: challenge } });
    const redemption = { client, code, verifier: challenge };
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_grant');
  });

  test('needs no redirect URI, for OAuth 2.1 has none here (T11)', async () => {
    await redeemed(issuer, await newRedemption(issuer), { redirect_uri: undefined });
  });

  test('refuses two resources of which one is foreign (T16)', async () => {
    const { client, code, verifier } = await newRedemption(issuer);
    const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: client.client_id, code });
    body.append('code_verifier', verifier);
    body.append('resource', mcpUrl);
    body.append('resource', 'https://other.example/');
    expect(await refusal(await fetch(`${issuer}/token`, { method: 'POST', body }))).toBe('400 invalid_target');
    body.delete('resource', 'https://other.example/');
    body.append('resource', `${mcpUrl}/`);
    expect((await fetch(`${issuer}/token`, { method: 'POST', body })).status).toBe(200);
  });

  test('takes a code for five minutes and no longer, and a late try costs nothing', async () => {
    const redemption = await newRedemption(issuer);
    expect(await refusal(await redeem(issuer, redemption, {}, later(301)))).toBe('400 invalid_grant');
    expect((await redeem(issuer, redemption, {}, later(280))).status).toBe(200);
  });
});

describe.concurrent('a code presented again, RFC 6749 §4.1.2', () => {
  const isAlive = async (redemption: Redemption, { access_token, refresh_token }: Tokens) => [
    await isAccepted(issuer, access_token),
    (await refresh(issuer, redemption.client.client_id, refresh_token)).status,
  ];

  test('ends the grant it gave when it is right in every other way (T12)', async () => {
    const redemption = await newRedemption(issuer);
    const tokens = await redeemed(issuer, redemption);
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_grant');
    expect(await isAlive(redemption, tokens)).toEqual([false, 400]);
  });

  test.for([10 * 60, HOUR, DAY])('ends the grant %s seconds later, too (T12)', async (seconds) => {
    const redemption = await newRedemption(issuer);
    const tokens = await redeemed(issuer, redemption);
    expect(await refusal(await redeem(issuer, redemption, {}, later(seconds)))).toBe('400 invalid_grant');
    expect(await isAlive(redemption, tokens)).toEqual([false, 400]);
  });

  test.for([
    ['a wrong verifier', { code_verifier: 'x'.repeat(43) }],
    ['no verifier', { code_verifier: undefined }],
    ['another redirect URI', { redirect_uri: 'http://localhost:7777/other' }],
    ['another client', { client_id: 'other' }],
    ['a foreign resource', { resource: 'https://other.example/mcp' }],
  ] as const)('ends nothing when it comes with %s, for then anyone could (T13)', async ([, changes]) => {
    const redemption = await newRedemption(issuer);
    const tokens = await redeemed(issuer, redemption);
    const other = 'client_id' in changes ? { client_id: (await register(issuer)).client_id } : {};
    expect((await redeem(issuer, redemption, { ...changes, ...other })).status).toBe(400);
    expect(await isAlive(redemption, tokens)).toEqual([true, 200]);
  });

  test('ends nothing when a confidential client shows a wrong secret with it (T13)', async () => {
    const redemption = await newRedemption(issuer, { token_endpoint_auth_method: 'client_secret_post' });
    const secret = { client_secret: secretOf(redemption.client) };
    const { access_token } = await redeemed(issuer, redemption, secret);
    expect(await refusal(await redeem(issuer, redemption, { client_secret: 'wrong' }))).toBe('401 invalid_client');
    expect(await isAccepted(issuer, access_token)).toBe(true);
  });

  test('ends no other grant of the same person and client', async () => {
    const address = newAddress();
    const first = await newRedemption(issuer, {}, { address });
    const tokens = await redeemed(issuer, first);
    const { code, verifier } = await authorizedCode(issuer, first.client.client_id, { address });
    const second = { ...first, code, verifier };
    await redeemed(issuer, second);
    await redeem(issuer, second);
    expect(await isAlive(first, tokens)).toEqual([true, 200]);
  });
});

describe.concurrent('client authentication, RFC 6749 §2.3.1', () => {
  const confidential = (method: string) => newRedemption(issuer, { token_endpoint_auth_method: method });
  const unnamed = { client_id: undefined };

  test.for(['client_secret_basic', 'client_secret_post'])(
    'lets a client registered for %s show its secret in the header or the form (T20)',
    async (method) => {
      const [one, other] = await Promise.all([confidential(method), confidential(method)]);
      const header = basic(one.client.client_id, secretOf(one.client));
      expect((await redeem(issuer, one, unnamed, header)).status).toBe(200);
      expect((await redeem(issuer, other, { client_secret: secretOf(other.client) })).status).toBe(200);
    },
  );

  test('takes an id and a secret of which every character is percent-encoded (T19)', async () => {
    const redemption = await confidential('client_secret_basic');
    const encoded = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');
    const header = basic(encoded(redemption.client.client_id), encoded(secretOf(redemption.client)));
    expect((await redeem(issuer, redemption, unnamed, header)).status).toBe(200);
  });

  test('takes the name of the scheme in any case, and the same client named in the form', async () => {
    const redemption = await confidential('client_secret_basic');
    const { authorization = '' } = basic(redemption.client.client_id, secretOf(redemption.client));
    const header = { authorization: authorization.replace('Basic', 'bASIC') };
    expect((await redeem(issuer, redemption, {}, header)).status).toBe(200);
  });

  test.for(['client_secret_basic', 'client_secret_post', 'none'])(
    'refuses a wrong secret for %s with 401 and a challenge, and the code is as good as before (T17)',
    async (method) => {
      const redemption = await confidential(method);
      const { client } = redemption;
      const wrong = [
        await redeem(issuer, redemption, unnamed, basic(client.client_id, 'wrong')),
        await redeem(issuer, redemption, { client_secret: 'wrong' }),
        ...(method === 'none'
          ? []
          : [await redeem(issuer, redemption), await redeem(issuer, redemption, unnamed, basic(client.client_id, ''))]),
      ];
      for (const response of wrong) {
        expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm="/);
        expect(await refusal(response)).toBe('401 invalid_client');
      }
      const right = method === 'none' ? {} : { client_secret: secretOf(client) };
      expect((await redeem(issuer, redemption, right)).status).toBe(200);
    },
  );

  test.for([
    'Basic',
    'Basic ',
    'Basic !!!!',
    'Basic a b',
    `Basic ${btoa('nocolon')}`,
    `Basic ${btoa(':secret')}`,
    `Basic ${btoa('%zz:secret')}`,
    `Basic ${btoa('id:%E0%A4%A')}`,
    `Basic ${btoa('\xff\xfe:\xff')}`,
    `Basic ${btoa('id:secret')}==`,
    `Bearer ${btoa('id:secret')}`,
    'Digest username="id"',
    'Negotiate',
  ])('answers "Authorization: %s" with 401 and a challenge (T19)', async (authorization) => {
    const response = await requestTokens(issuer, { grant_type: 'authorization_code', code: 'x' }, { authorization });
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await refusal(response)).toBe('401 invalid_client');
  });

  test('takes an Authorization header without a value for none', async () => {
    const redemption = await newRedemption(issuer);
    expect((await redeem(issuer, redemption, {}, { authorization: '' })).status).toBe(200);
  });

  test('refuses a client that authenticates in two ways, or as two clients', async () => {
    const redemption = await confidential('client_secret_basic');
    const { client_id } = redemption.client;
    const secret = secretOf(redemption.client);
    const header = basic(client_id, secret);
    expect(await refusal(await redeem(issuer, redemption, { client_secret: secret }, header))).toBe(
      '400 invalid_request',
    );
    expect(await refusal(await redeem(issuer, redemption, { client_id: 'other' }, header))).toBe('400 invalid_request');
    expect((await redeem(issuer, redemption, unnamed, header)).status).toBe(200);
  });

  test('answers a client that is not named, unknown or long gone with the same 401 (T22)', async () => {
    const { client_id } = await register(issuer);
    const asked = (parameters: Record<string, string>, headers = {}) =>
      requestTokens(issuer, { grant_type: 'refresh_token', refresh_token: 'x', ...parameters }, headers);
    expect(await refusal(await asked({}))).toBe('401 invalid_client');
    const unknown = await asked({ client_id: crypto.randomUUID() });
    const gone = await asked({ client_id }, later(91 * DAY));
    expect([unknown.status, gone.status]).toEqual([401, 401]);
    expect(await gone.text()).toBe(await unknown.text());
    expect(await refusal(await asked({ client_id }, later(89 * DAY)))).toBe('400 invalid_grant');
  });

  test('refuses the refresh grant to a client that did not register for it', async () => {
    const redemption = await newRedemption(issuer, { grant_types: ['authorization_code'] });
    const { client_id } = redemption.client;
    expect(await refusal(await refresh(issuer, client_id, 'x'))).toBe('400 unauthorized_client');
  });
});

describe.concurrent('values that mean something in a key of the table (T28)', () => {
  const awkward = [
    ...['#', '|', '*', '-', '{"$ne":1}', '{"S":"x"}', 'x#CLIENT', 'CLIENT#x', '../token', "' OR 1=1--", '\0'].map(
      (value) => [JSON.stringify(value), value] as const,
    ),
    ['more bytes than a key may have', 'x'.repeat(2_100)],
    ['fewer characters than a key may have bytes, but more bytes', '漢'.repeat(700)],
  ] as const;

  test.for(awkward)('finds no client by %s', async ([, client_id]) => {
    const asked = (grant_type: string) =>
      requestTokens(issuer, { grant_type, client_id, code: 'x', refresh_token: 'x' });
    expect(await refusal(await asked('authorization_code'))).toBe('401 invalid_client');
    expect(await refusal(await asked('refresh_token'))).toBe('401 invalid_client');
  });

  test.for(awkward)('finds no code and no refresh token by %s', async ([, value]) => {
    const { client_id } = await register(issuer);
    const asked = (parameters: Record<string, string>) =>
      requestTokens(issuer, { client_id, code_verifier: 'x'.repeat(43), ...parameters }, newSourceIp());
    expect(await refusal(await asked({ grant_type: 'authorization_code', code: value }))).toBe('400 invalid_grant');
    expect(await refusal(await asked({ grant_type: 'refresh_token', refresh_token: value }))).toBe('400 invalid_grant');
  });

  test('finds a client by its very id alone', async () => {
    const redemption = await newRedemption(issuer);
    const { client_id } = redemption.client;
    for (const near of [
      ` ${client_id}`,
      `${client_id} `,
      client_id.toUpperCase(),
      `${client_id}#CLIENT`,
      `${client_id}\0`,
    ]) {
      expect(await refusal(await redeem(issuer, redemption, { client_id: near }))).toBe('401 invalid_client');
    }
    await tokensIn(await redeem(issuer, redemption));
  });
});

describe.concurrent('guessing codes and refresh tokens', () => {
  const guess = (client_id: string, index: number, headers: Record<string, string>) =>
    index % 2 === 0
      ? requestTokens(issuer, { grant_type: 'authorization_code', client_id, code: `guess ${index}` }, headers)
      : requestTokens(issuer, { grant_type: 'refresh_token', client_id, refresh_token: `guess ${index}` }, headers);

  /** A client, and a network that has guessed as often as any may in a minute of its own. */
  const afterManyGuesses = async () => {
    const { clientId, tokens } = await connect(issuer);
    const network = { ...newSourceIp(), ...tomorrowAt(2) };
    const statuses: number[] = [];
    for (let index = 0; index < 60; index += 1) statuses.push((await guess(clientId, index, network)).status);
    return { clientId, tokens, network, statuses };
  };

  test('is limited to 60 a minute for a network, and to no less', async () => {
    const { clientId, network, statuses } = await afterManyGuesses();
    expect(new Set(statuses)).toEqual(new Set([400]));
    for (const index of [60, 61]) {
      const refused = await guess(clientId, index, network);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60).toBe(true);
      expect(await refusal(refused)).toMatch(/^429 \w+$/);
    }
    expect((await guess(clientId, 62, { ...network, ...newSourceIp() })).status).toBe(400);
    expect((await guess(clientId, 63, { ...network, ...tomorrowAt(62) })).status).toBe(400);
  });

  test('limits nothing that is genuine: a token works, a spent one is spent, a gone client is gone', async () => {
    const { clientId, tokens: first, network } = await afterManyGuesses();
    const spend = (refresh_token: string, client_id = clientId) =>
      requestTokens(issuer, { grant_type: 'refresh_token', client_id, refresh_token }, network);
    const second = await tokensIn(await spend(first.refresh_token));
    await tokensIn(await spend(second.refresh_token));
    expect(await refusal(await spend(first.refresh_token))).toBe('400 invalid_grant');
    expect(await refusal(await spend('x', crypto.randomUUID()))).toBe('401 invalid_client');
  });
});

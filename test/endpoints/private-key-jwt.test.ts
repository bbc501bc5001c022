import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asParameters, type ClientKey, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { Browser } from '../support/browser.ts';
import { type ClientSite, document, down, failing } from '../support/client-site.ts';
import {
  authorizedCode,
  authorizePath,
  callback,
  isAccepted,
  newPkce,
  newSourceIp,
  register,
} from '../support/flow.ts';
import { itemsUnder, tableOf } from '../support/items.ts';
import { basic, DAY, later, refusal, secretOf, tokensIn } from '../support/redemption.ts';
import type { RunningStack } from '../support/stack.ts';
import { startTrustingStack, type TrustingStack } from '../support/trusting-stack.ts';

let running: TrustingStack;
let site: ClientSite;
let stack: RunningStack;
let issuer: string;

beforeAll(async () => {
  running = await startTrustingStack();
  ({ site, issuer, stack } = running);
});
afterAll(() => running?.stop());

type Signer = { readonly id: string; readonly key: ClientKey };
type Claims = Record<string, unknown>;

/** A client that registered one key. */
async function newSigner(alg?: string): Promise<Signer> {
  const key = await newClientKey(alg);
  return { id: await registerKeys({ jwks: { keys: [key.jwk] } }), key };
}

async function registerKeys(keys: object): Promise<string> {
  const client = await register(issuer, { token_endpoint_auth_method: 'private_key_jwt', ...keys });
  expect(client).not.toHaveProperty('client_secret');
  return client.client_id;
}

/** A client that publishes its keys at an address of its own. */
async function newPublisher(): Promise<
  Signer & { readonly url: string; readonly publish: (...keys: ClientKey[]) => void }
> {
  const key = await newClientKey();
  const path = `/${randomUUID()}/jwks.json`;
  const publish = (...keys: ClientKey[]) => void site.serve(path, document({ keys: keys.map(({ jwk }) => jwk) }));
  const url = site.serve(path, down);
  publish(key);
  return { id: await registerKeys({ jwks_uri: url }), key, url, publish };
}

function assertionOf({ id, key }: Signer, changes: Claims = {}, header: Claims = {}): Promise<string> {
  return signClaims(key, { ...honestClaims(id, issuer), ...changes }, header);
}

function post(
  path: string,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: { ...newSourceIp(), ...headers },
    body: new URLSearchParams(parameters),
  });
}

/** What introspection makes of an assertion: it answers whoever proves who they are, and 401 to all others. */
async function outcome(assertion: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await post('/introspect', { token: 'x', ...asParameters(assertion) }, headers);
  if (response.status === 200) return 'proven';
  if (response.status === 401) expect(response.headers.has('www-authenticate')).toBe(true);
  return refusal(response);
}

const refused = '401 invalid_client';

describe.concurrent('an assertion instead of a secret, RFC 7523 §2.2', () => {
  test.for(['ES256', 'RS256', 'PS256', 'ES384', 'EdDSA'])('proves a client that signs with %s (G20)', async (alg) => {
    expect(await outcome(await assertionOf(await newSigner(alg)))).toBe('proven');
  });

  test('carries a client through the whole flow: code, refresh, introspection, revocation (C12)', async () => {
    const signer = await newSigner('RS256');
    const signed = async () => asParameters(await assertionOf(signer));
    const { code, verifier } = await authorizedCode(issuer, signer.id);
    const exchange = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback };
    const first = await tokensIn(await post('/token', { ...exchange, ...(await signed()) }));
    expect(await isAccepted(issuer, first.access_token)).toBe(true);
    const renewal = { grant_type: 'refresh_token', refresh_token: first.refresh_token, client_id: signer.id };
    const second = await tokensIn(await post('/token', { ...renewal, ...(await signed()) }));
    const described = await post('/introspect', { token: second.access_token, ...(await signed()) });
    expect(await described.json()).toMatchObject({ active: true, client_id: signer.id });
    expect((await post('/revoke', { token: second.refresh_token, ...(await signed()) })).status).toBe(200);
    expect(await isAccepted(issuer, second.access_token)).toBe(false);
  });

  test('may name its times with fractions, and is kept as taken until a whole second, RFC 7519 §2', async () => {
    const signer = await newSigner();
    const exp = Math.floor(Date.now() / 1_000) + 60.5;
    expect(await outcome(await assertionOf(signer, { exp }))).toBe('proven');
    const kept = (await itemsUnder(tableOf(issuer), 'ASSERTION#')).map(({ ttl }) => ttl);
    expect(kept).toContain(Math.ceil(exp) + 60);
    expect(kept.filter((ttl) => !Number.isInteger(ttl))).toEqual([]);
  });

  test('carries a client that is described by a document, as ChatGPT is (C11, C12, G20)', async () => {
    const key = await newClientKey('RS256');
    const jwks_uri = site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [key.jwk] }));
    const id = site.publish({
      redirect_uris: [callback],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      jwks_uri,
    });
    const { code, verifier } = await authorizedCode(issuer, id);
    const exchange = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback };
    const other = { id, key: await newClientKey('RS256', key.jwk.kid) };
    const forged = await post('/token', { ...exchange, client_id: id, ...asParameters(await assertionOf(other)) });
    expect(await refusal(forged)).toBe(refused);
    const signed = asParameters(await assertionOf({ id, key }));
    const tokens = await tokensIn(await post('/token', { ...exchange, client_id: id, ...signed }));
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
  });

  test.for(['/token', '/revoke', '/introspect'])('is addressed to the issuer alone, not to %s', async (path) => {
    const signer = await newSigner();
    const parameters = { grant_type: 'refresh_token', refresh_token: 'x', token: 'x' };
    const send = async (aud: unknown) =>
      post(path, { ...parameters, ...asParameters(await assertionOf(signer, { aud })) });
    for (const aud of [issuer, [issuer]]) expect((await send(aud)).status).not.toBe(401);
    for (const aud of [`${issuer}/token`, `${issuer}${path}`, `${issuer}/`, [issuer, `${issuer}/token`], []])
      expect(await refusal(await send(aud))).toBe(refused);
  });

  test('stands alone: with a secret as well the request is not valid', async () => {
    const signer = await newSigner();
    const assertion = await assertionOf(signer);
    const both = { token: 'x', client_id: signer.id, ...asParameters(assertion) };
    expect(await refusal(await post('/introspect', { ...both, client_secret: 'x' }))).toBe('400 invalid_request');
    expect(await refusal(await post('/introspect', both, basic(signer.id, 'x')))).toBe('400 invalid_request');
    expect(await outcome(assertion)).toBe('proven');
  });

  test.for(['', 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer', 'jwt-bearer'])(
    'says of which type it is, and not %j',
    async (client_assertion_type) => {
      const parameters = { token: 'x', client_assertion: await assertionOf(await newSigner()), client_assertion_type };
      expect(await refusal(await post('/introspect', parameters))).toBe('400 invalid_request');
    },
  );

  test('names the client that the request names', async () => {
    const [signer, other] = [await newSigner(), await newSigner()];
    const parameters = { token: 'x', client_id: other.id, ...asParameters(await assertionOf(signer)) };
    expect(await refusal(await post('/introspect', parameters))).toBe(refused);
  });

  test('is the only proof of a client that registered a key', async () => {
    const { id } = await newSigner();
    for (const headers of [{}, basic(id, 'x')])
      expect(await refusal(await post('/introspect', { token: 'x', client_id: id }, headers))).toBe(refused);
    const parameters = { grant_type: 'refresh_token', refresh_token: 'x', client_id: id };
    expect(await refusal(await post('/token', parameters))).toBe(refused);
  });

  test('is no proof of a client that registered a secret', async () => {
    const client = await register(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
    const claims = { alg: 'HS256', ...honestClaims(client.client_id, issuer) };
    expect(await outcome(symmetric(claims, secretOf(client)))).toBe(refused);
    const key = await newClientKey();
    expect(await outcome(await assertionOf({ id: client.client_id, key }))).toBe(refused);
  });

  test('is refused from a client that is not there', async () => {
    expect(await outcome(await assertionOf({ id: randomUUID(), key: await newClientKey() }))).toBe(refused);
  });
});

describe.concurrent('an assertion serves once, RFC 7523 §3', () => {
  test('and is refused the second time, at whatever endpoint', async () => {
    const assertion = await assertionOf(await newSigner());
    expect(await outcome(assertion)).toBe('proven');
    expect(await outcome(assertion)).toBe(refused);
    const parameters = { grant_type: 'refresh_token', refresh_token: 'x', token: 'x', ...asParameters(assertion) };
    for (const path of ['/token', '/revoke']) expect(await refusal(await post(path, parameters))).toBe(refused);
  });

  test('even where ten copies come at the same instant', async () => {
    const assertion = await assertionOf(await newSigner());
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(assertion)));
    expect(outcomes.filter((one) => one === 'proven').length).toBe(1);
    expect(outcomes.filter((one) => one === refused).length).toBe(9);
  });

  test('by its id: another assertion with the same id is a repetition, but not another client’s', async () => {
    const [signer, other] = [await newSigner(), await newSigner()];
    const jti = randomUUID();
    expect(await outcome(await assertionOf(signer, { jti }))).toBe('proven');
    expect(await outcome(await assertionOf(signer, { jti, exp: Math.floor(Date.now() / 1_000) + 300 }))).toBe(refused);
    expect(await outcome(await assertionOf(other, { jti }))).toBe('proven');
  });

  test('however long one waits, and within the leeway that clocks have', async () => {
    const signer = await newSigner();
    const assertion = await assertionOf(signer);
    expect(await outcome(assertion, later(75))).toBe('proven');
    for (const seconds of [75, 89, 120, DAY]) expect(await outcome(assertion, later(seconds))).toBe(refused);
  });

  test('and one that was refused for something else has not served', async () => {
    const signer = await newSigner();
    const assertion = await assertionOf(signer, {
      nbf: Math.floor(Date.now() / 1_000) + 200,
      exp: Math.floor(Date.now() / 1_000) + 500,
    });
    expect(await outcome(assertion)).toBe(refused);
    expect(await outcome(assertion, later(250))).toBe('proven');
  });
});

describe.concurrent('what an assertion must say, RFC 7523 §3', () => {
  const now = Math.floor(Date.now() / 1_000);
  const wrong: [string, (signer: Signer) => Claims][] = [
    ['that it has expired', () => ({ exp: now - 60 })],
    ['that it holds for an hour', () => ({ exp: now + 3_600 })],
    ['that it holds for ever', () => ({ exp: 1e15 })],
    ['nothing of when it ends', () => ({ exp: undefined })],
    ['when it ends, in words', () => ({ exp: 'soon' })],
    ['that it is not valid yet', () => ({ nbf: now + 600 })],
    ['nothing of its id', () => ({ jti: undefined })],
    ['an id of nothing', () => ({ jti: '' })],
    ['an id without end', () => ({ jti: 'x'.repeat(5_000) })],
    ['an id that is a number', () => ({ jti: 7 })],
    ['another issuer', () => ({ iss: 'https://client.example' })],
    ['no issuer', () => ({ iss: undefined })],
    ['the server as its issuer', () => ({ iss: issuer })],
    ['another server', () => ({ aud: 'https://elsewhere.example' })],
    ['the MCP endpoint', () => ({ aud: `${issuer}/mcp` })],
    ['the issuer with a slash', () => ({ aud: `${issuer}/` })],
    ['no audience', () => ({ aud: undefined })],
    ['nobody as its audience', () => ({ aud: [] })],
  ];
  test.for(wrong)('not %s', async ([, changes]) => {
    const signer = await newSigner();
    expect(await outcome(await assertionOf(signer, changes(signer)))).toBe(refused);
  });

  test('whom it is about', async () => {
    const [signer, other] = [await newSigner(), await newSigner()];
    for (const sub of [other.id, undefined, '', 7]) {
      const assertion = await assertionOf(signer, { sub });
      const parameters = { token: 'x', client_id: signer.id, ...asParameters(assertion) };
      expect(await refusal(await post('/introspect', parameters))).toBe(refused);
    }
    expect(await outcome(await assertionOf(signer, { sub: other.id, iss: other.id }))).toBe(refused);
  });
});

/** An assertion with a symmetric signature, as anyone can make who knows the text that is taken for the secret. */
function symmetric({ alg, kid, ...claims }: Claims, secret: string | Buffer): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encoded({ alg, kid })}.${encoded(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe.concurrent('how an assertion must be signed, RFC 8725 §3.1', () => {
  test('not with nothing', async () => {
    const { id, key } = await newSigner();
    const claims = Buffer.from(JSON.stringify(honestClaims(id, issuer))).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: key.jwk.kid })).toString('base64url');
      for (const signature of ['', 'AA']) expect(await outcome(`${header}.${claims}.${signature}`)).toBe(refused);
    }
  });

  test('not with the public key taken for a secret', async () => {
    const { id, key } = await newSigner('RS256');
    const { n = '', kid } = key.jwk;
    for (const secret of [n, Buffer.from(n, 'base64url'), JSON.stringify(key.jwk), ''])
      expect(await outcome(symmetric({ alg: 'HS256', kid, ...honestClaims(id, issuer) }, secret))).toBe(refused);
  });

  test('not with a secret that the client published', async () => {
    const k = Buffer.from('everybody knows this').toString('base64url');
    const keys = [{ kty: 'oct', k, kid: 'shared', alg: 'HS256' }];
    const id = await registerKeys({ jwks: { keys } });
    const claims = { alg: 'HS256', kid: 'shared', ...honestClaims(id, issuer) };
    expect(await outcome(symmetric(claims, 'everybody knows this'))).toBe(refused);
  });

  test('not with a key of another client, even under the name of the client’s own', async () => {
    const [signer, other] = [await newSigner(), await newSigner()];
    expect(await outcome(await assertionOf({ id: signer.id, key: other.key }))).toBe(refused);
    const named = await newClientKey('ES256', signer.key.jwk.kid);
    expect(await outcome(await assertionOf({ id: signer.id, key: named }))).toBe(refused);
  });

  test('not with a key that it brings along', async () => {
    const { id } = await newSigner();
    const key = await newClientKey();
    const url = site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [key.jwk] }));
    for (const header of [{ jwk: key.jwk }, { jku: url }, { jku: url, kid: undefined, jwk: key.jwk }])
      expect(await outcome(await assertionOf({ id, key }, {}, header))).toBe(refused);
    expect(site.visits(url)).toBe(0);
  });

  test('not otherwise than its text: one changed letter is enough', async () => {
    const signer = await newSigner();
    const [header, claims = '', signature = ''] = (await assertionOf(signer)).split('.');
    const changed = Buffer.from(claims, 'base64url').toString().replace('"exp":', '"exp":1');
    expect(await outcome(`${header}.${Buffer.from(changed).toString('base64url')}.${signature}`)).toBe(refused);
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await outcome(`${header}.${claims}.${flipped}`)).toBe(refused);
  });

  test.for(['x', '..', 'a.b.c', 'e30.e30.', 'e30.e30.AA', '{"a":1}.{}.x', 'LONG.b.c'])(
    'not at all, where it is %s',
    async (text) => {
      const assertion = text.replace('LONG', 'a'.repeat(20_000));
      const { id } = await newSigner();
      const parameters = { token: 'x', client_id: id, ...asParameters(assertion) };
      expect(await refusal(await post('/introspect', parameters))).toBe(refused);
      expect(await outcome(assertion)).toBe(refused);
    },
  );

  test('with a key that it does not name, where the client has just one of its kind', async () => {
    expect(await outcome(await assertionOf(await newSigner(), {}, { kid: undefined }))).toBe('proven');
  });
});

describe.concurrent('keys that are none', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const broken: [string, () => Promise<object> | object][] = [
    ['points off the curve', () => ({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' })],
    ['points that are no text', () => ({ kty: 'EC', crv: 'P-256', x: 1, y: null })],
    ['nothing but a kind', () => ({ kty: 'EC' })],
    ['a curve that is not there', () => ({ kty: 'EC', crv: 'P-0', x: 'AAAA', y: 'AAAA' })],
    ['a kind that is not there', () => ({ kty: 'XYZ' })],
    ['a modulus of nothing', () => ({ kty: 'RSA', n: '', e: '' })],
    ['a modulus that is too short', async () => exportJWK(small.publicKey)],
    ['numbers beyond all bounds', () => ({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', iat: 1e300 })],
    ['names of nothing', () => ({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', '': '' })],
    ['a prototype', () => JSON.parse('{"kty":"EC","__proto__":{"crv":"P-256"},"constructor":{"prototype":1}}')],
    ['members forty deep', () => JSON.parse(`{"kty":"EC","x5c":${'['.repeat(40)}${']'.repeat(40)}}`)],
    ['letters that are not in base64url', () => ({ kty: 'EC', crv: 'P-256', x: '!"§$', y: '漢字' })],
    ['uses that are no list', () => ({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', key_ops: 7, use: {} })],
  ];
  const registration = (jwks: unknown) =>
    fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...newSourceIp() },
      body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'private_key_jwt', jwks }),
    });

  test.for(broken)('are not registered, or prove nothing: %s', async ([, make]) => {
    const key = await newClientKey('ES256', 'the-key');
    const response = await registration({ keys: [{ ...(await make()), kid: 'the-key' }] });
    expect([201, 400]).toContain(response.status);
    const { client_id: id = '', error } = (await response.json()) as Record<string, string>;
    if (response.status === 400) expect(error).toBe('invalid_client_metadata');
    else expect(await outcome(await assertionOf({ id, key }))).toBe(refused);
  });

  test.for(broken)('prove nothing where they are published: %s', async ([, make]) => {
    const key = await newClientKey('ES256', 'the-key');
    const jwk = { ...(await make()), kid: 'the-key' };
    const jwks_uri = site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [jwk] }));
    const id = await registerKeys({ jwks_uri });
    expect(await outcome(await assertionOf({ id, key }))).toBe(refused);
  });

  test.for([null, [], {}, { keys: {} }, { keys: 'x' }, { keys: [] }, { keys: [null] }, { keys: ['x'] }, 'x'])(
    'are not taken from %j',
    async (jwks) => {
      const response = await registration(jwks);
      expect(await refusal(response)).toBe('400 invalid_client_metadata');
    },
  );

  test('do not spoil a good one beside them, where they are published', async () => {
    const signer = { key: await newClientKey() };
    const keys = [{ kty: 7 }, null, { kty: 'oct', k: 'AA' }, signer.key.jwk, { kty: 'EC', x: [] }];
    const id = await registerKeys({ jwks_uri: site.serve(`/${randomUUID()}`, document({ keys })) });
    expect(await outcome(await assertionOf({ id, ...signer }))).toBe('proven');
  });

  test('are not kept with their private half', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { d } = await exportJWK(privateKey);
    const response = await registration({ keys: [{ ...(await exportJWK(publicKey)), d, kid: 'x' }] });
    expect([201, 400]).toContain(response.status);
    expect(await response.text()).not.toContain(d);
  });
});

describe.concurrent('keys behind a jwks_uri, RFC 7591 §2', () => {
  test('are read when they are first needed, and kept', async () => {
    const publisher = await newPublisher();
    expect(site.visits(publisher.url)).toBe(0);
    for (const seconds of [0, 1, 70, 3_600]) {
      const assertion = await assertionOf(publisher, { exp: Math.floor(Date.now() / 1_000) + seconds + 60 });
      expect(await outcome(assertion, later(seconds))).toBe('proven');
    }
    expect(site.visits(publisher.url)).toBe(1);
  });

  test('are read anew when an assertion names one that is not known: so the client changes its key', async () => {
    const publisher = await newPublisher();
    const { id, publish, url } = publisher;
    expect(await outcome(await assertionOf(publisher))).toBe('proven');
    const next = await newClientKey();
    publish(publisher.key, next);
    const at = (seconds: number) => ({ exp: Math.floor(Date.now() / 1_000) + seconds + 60 });
    expect(await outcome(await assertionOf({ id, key: next }, at(70)), later(70))).toBe('proven');
    expect(await outcome(await assertionOf(publisher, at(71)), later(71))).toBe('proven');
    expect(site.visits(url)).toBe(2);
    const last = await newClientKey();
    publish(last);
    expect(await outcome(await assertionOf({ id, key: last }, at(140)), later(140))).toBe('proven');
    expect(await outcome(await assertionOf(publisher, at(141)), later(141))).toBe(refused);
    expect(await outcome(await assertionOf({ id, key: next }, at(142)), later(142))).toBe(refused);
  });

  test('are read at most once a minute, whatever keys are named', async () => {
    const publisher = await newPublisher();
    const { id, url } = publisher;
    expect(await outcome(await assertionOf(publisher))).toBe('proven');
    const strangers = await Promise.all(Array.from({ length: 5 }, () => newClientKey()));
    for (const key of strangers) expect(await outcome(await assertionOf({ id, key }))).toBe(refused);
    expect(site.visits(url)).toBe(1);
    const guesses = strangers.map(async (key) =>
      outcome(await assertionOf({ id, key }, { exp: Math.floor(Date.now() / 1_000) + 130 }), later(70)),
    );
    for (const guess of await Promise.all(guesses)) expect(guess).toBe(refused);
    expect(site.visits(url)).toBe(2);
  });

  test('are not read for a request without an assertion', async () => {
    const { id, url } = await newPublisher();
    for (const headers of [{}, basic(id, 'x')])
      expect(await refusal(await post('/introspect', { token: 'x', client_id: id }, headers))).toBe(refused);
    expect(site.visits(url)).toBe(0);
  });

  test('serve on while their host is down, and a new one serves as soon as it is up again', async () => {
    const publisher = await newPublisher();
    expect(await outcome(await assertionOf(publisher))).toBe('proven');
    site.serve(new URL(publisher.url).pathname, down);
    const key = await newClientKey();
    const at = (seconds: number) => ({ exp: Math.floor(Date.now() / 1_000) + seconds + 60 });
    expect(await outcome(await assertionOf({ ...publisher, key }, at(70)), later(70))).toBe(refused);
    expect(await outcome(await assertionOf(publisher, at(71)), later(71))).toBe('proven');
    publisher.publish(key);
    expect(await outcome(await assertionOf({ ...publisher, key }, at(72)), later(72))).toBe('proven');
  });

  test('that the client has taken back prove nothing after a day, though no new one was ever named', async () => {
    const publisher = await newPublisher();
    expect(await outcome(await assertionOf(publisher))).toBe('proven');
    publisher.publish(await newClientKey());
    const assertion = await assertionOf(publisher, { exp: Math.floor(Date.now() / 1_000) + DAY + 120 });
    expect(await outcome(assertion, later(DAY + 60))).toBe(refused);
  });

  test('are not forgotten when the client’s description is read again', async () => {
    const key = await newClientKey();
    const jwks_uri = site.serve(`/${randomUUID()}/jwks.json`, document({ keys: [key.jwk] }));
    const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'private_key_jwt', jwks_uri };
    const id = site.publish(metadata, 'max-age=60');
    const read = (seconds: number) =>
      new Browser(issuer, { ...newSourceIp(), ...later(seconds) }).open(authorizePath(id, newPkce().challenge));
    expect((await read(0)).status).toBe(200);
    const at = (seconds: number) => ({ exp: Math.floor(Date.now() / 1_000) + seconds + 60 });
    expect(await outcome(await assertionOf({ id, key }, at(40)), later(40))).toBe('proven');
    expect((await read(70)).status).toBe(200);
    expect(await outcome(await assertionOf({ id, key }, at(75)), later(75))).toBe('proven');
  });

  test.for([
    ['a web page', failing(200)],
    ['404', failing(404)],
    ['a redirect', failing(302, { location: 'http://127.0.0.1:1/jwks.json' })],
    ['no key set', document({ keys: 'none' })],
    ['a list', document([])],
    ['more than 5 KB', document({ keys: [], x: 'x'.repeat(6_000) })],
    ['no key', document({ keys: [] })],
  ] as const)('prove nothing where the answer is %s', async ([, answer]) => {
    const id = await registerKeys({ jwks_uri: site.serve(`/${randomUUID()}`, answer) });
    expect(await outcome(await assertionOf({ id, key: await newClientKey() }))).toBe(refused);
  });

  test('are not asked for inside, where the host is not trusted (C02)', async () => {
    let connections = 0;
    const inside = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(inside, 'listening');
    const { port } = inside.address() as AddressInfo;
    for (const host of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`, `https://localhost:${port}`]) {
      const id = await registerKeys({ jwks_uri: `${host}/jwks.json` });
      expect(await outcome(await assertionOf({ id, key: await newClientKey() }))).toBe(refused);
    }
    inside.close();
    expect(connections).toBe(0);
  });
});

test('no assertion stands in the logs', async () => {
  const signer = await newSigner();
  const assertion = await assertionOf(signer);
  expect(await outcome(assertion)).toBe('proven');
  expect(await outcome(assertion)).toBe(refused);
  expect(stack.logs()).not.toContain(assertion.split('.')[2]);
});

import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { Browser, type Page } from '../support/browser.ts';
import {
  approve,
  authorizedCode,
  authorizePath,
  callback,
  newPkce,
  newSourceIp,
  reachConsent,
  refresh,
  requestTokens,
} from '../support/flow.ts';
import { basic, DAY, later, redeem, redeemed, refusal, tokensIn } from '../support/redemption.ts';

const issuer = inject('issuer');

/** All that a client is told of its registration. RFC 7592 §3. */
type Information = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
} & Readonly<Record<string, unknown>>;

const native = { redirect_uris: [callback], token_endpoint_auth_method: 'none' };

function registration(metadata: object): Promise<Response> {
  return fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...newSourceIp() },
    body: JSON.stringify(metadata),
  });
}

async function registered(metadata: object = native): Promise<Information> {
  const response = await registration(metadata);
  expect(response.status).toBe(201);
  return (await response.json()) as Information;
}

type Asking = { readonly method?: string; readonly token?: string; readonly body?: unknown; readonly at?: number };

/** Asks about a registration as its client would, unless told otherwise. */
function manage(own: Information, { method = 'GET', token, body, at = 0 }: Asking = {}): Promise<Response> {
  return fetch(own.registration_client_uri, {
    method,
    headers: {
      authorization: `Bearer ${token ?? own.registration_access_token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...newSourceIp(),
      ...later(at),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function read(own: Information): Promise<Information> {
  const response = await manage(own);
  expect(response.status).toBe(200);
  return (await response.json()) as Information;
}

async function change(own: Information, metadata: object): Promise<Information> {
  const response = await manage(own, { method: 'PUT', body: { client_id: own.client_id, ...metadata } });
  expect(response.status).toBe(200);
  return (await response.json()) as Information;
}

function open({ client_id }: Information, redirect_uri = callback, at = 0): Promise<Page> {
  const browser = new Browser(issuer, { ...newSourceIp(), ...later(at) });
  return browser.open(authorizePath(client_id, newPkce().challenge, { redirect_uri }));
}

/** Whether the token endpoint knows a client, by what it says of a token that nobody issued. */
async function atTokenEndpoint({ client_id }: Information, headers: Record<string, string> = {}): Promise<string> {
  const parameters = { grant_type: 'refresh_token', refresh_token: 'x', client_id };
  return refusal(await requestTokens(issuer, parameters, { ...newSourceIp(), ...headers }));
}

const known = '400 invalid_grant';
const unknown = '401 invalid_client';

describe.concurrent('what a client needs to manage its registration, RFC 7592 §3', () => {
  test('is told when it registers (R26)', async () => {
    const own = await registered();
    expect(own.registration_client_uri).toBe(`${issuer}/register/${own.client_id}`);
    expect(own.registration_access_token).toMatch(/^[\w-]{43}$/);
    expect((await registered()).registration_access_token).not.toBe(own.registration_access_token);
  });

  test('is the token, in the header: nothing else opens a registration, and nothing tells why not', async () => {
    const own = await registered({ redirect_uris: [callback] });
    const other = await registered();
    const gone = await registered();
    expect((await manage(gone, { method: 'DELETE' })).status).toBe(204);
    const nobody = { ...own, registration_client_uri: `${issuer}/register/${randomUUID()}` };
    const refusals = [
      await manage(own, { token: other.registration_access_token }),
      await manage(own, { token: own.client_secret ?? '' }),
      await manage(own, { token: `${own.registration_access_token}x` }),
      await manage(own, { token: '' }),
      await manage(own, { token: 'x'.repeat(5_000) }),
      await manage(nobody),
      await manage(gone),
      await fetch(own.registration_client_uri),
      await fetch(`${own.registration_client_uri}?access_token=${own.registration_access_token}`),
      await fetch(own.registration_client_uri, { headers: basic(own.client_id, own.client_secret ?? '') }),
      await fetch(own.registration_client_uri, { headers: basic(own.client_id, own.registration_access_token) }),
    ];
    const bodies = new Set<string>();
    for (const response of refusals) {
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(response.headers.get('cache-control')).toBe('no-store');
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
    expect(JSON.parse([...bodies].join(''))).toMatchObject({ error: 'invalid_token' });
  });

  test.for(['GET', 'PUT', 'DELETE'])('is asked for by %s before anything else is looked at', async (method) => {
    const own = await registered();
    const other = await registered();
    const asking = method === 'PUT' ? { body: '{"half' } : {};
    const response = await manage(own, { method, token: other.registration_access_token, ...asking });
    expect(await refusal(response)).toBe('401 invalid_token');
    expect(await read(own)).toEqual(own);
  });

  test.for(['x', 'CLIENT', 'a%2Fb', 'a#b', 'a%23b', '%00', '漢', 'LONG', 'x%20y'])(
    'leads nowhere from an id like %s (T28)',
    async (id) => {
      const response = await fetch(`${issuer}/register/${id.replace('LONG', 'x'.repeat(3_000))}`, {
        headers: { authorization: 'Bearer x' },
      });
      expect([401, 404, 405]).toContain(response.status);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    },
  );

  test('can be sent by a web page, which may read the answers', async () => {
    const own = await registered();
    const preflight = await fetch(own.registration_client_uri, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://client.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect([200, 204]).toContain(preflight.status);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
    for (const name of ['authorization', 'content-type'])
      expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(name);
    for (const token of [own.registration_access_token, 'wrong'])
      expect((await manage(own, { token })).headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe.concurrent('reading a registration, RFC 7592 §2.1', () => {
  test('gives what was registered, but for the secret, which is told once', async () => {
    const own = await registered({
      redirect_uris: [callback, 'https://client.example/cb'],
      client_name: 'Clever Client',
      client_uri: 'https://client.example/',
      token_endpoint_auth_method: 'client_secret_post',
    });
    const { client_secret, client_secret_expires_at, ...rest } = own;
    expect(client_secret).toMatch(/^[\w-]{43}$/);
    expect(client_secret_expires_at).toBe(0);
    const response = await manage(own);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual(rest);
    expect(text).not.toContain('null');
    expect(text).not.toContain('Hash');
  });

  test('changes nothing, however often', async () => {
    const own = await registered();
    for (let times = 0; times < 3; times += 1) expect(await read(own)).toEqual(own);
  });
});

describe.concurrent('changing a registration, RFC 7592 §2.2', () => {
  test('replaces all of it: what is left out is gone', async () => {
    const own = await registered({ ...native, client_name: 'Old', client_uri: 'https://client.example/' });
    const changed = await change(own, { ...native, redirect_uris: ['https://client.example/new'] });
    expect(changed).not.toHaveProperty('client_name');
    expect(changed).not.toHaveProperty('client_uri');
    expect(changed.redirect_uris).toEqual(['https://client.example/new']);
    for (const name of ['client_id', 'client_id_issued_at', 'registration_access_token', 'registration_client_uri'])
      expect(changed[name]).toBe(own[name]);
    expect(await read(own)).toEqual(changed);
    expect((await open(own)).status).toBe(400);
    expect((await open(own, 'https://client.example/new')).status).toBe(200);
  });

  test('is for the client that it names', async () => {
    const own = await registered();
    const other = await registered();
    for (const client_id of [other.client_id, undefined, null, '', own.client_id.toUpperCase(), [own.client_id]]) {
      const response = await manage(own, { method: 'PUT', body: { ...native, client_name: 'Taken', client_id } });
      expect(await refusal(response)).toBe('400 invalid_client_metadata');
    }
    expect(await read(own)).toEqual(own);
    expect(await read(other)).toEqual(other);
  });

  const bad: [string, unknown, string][] = [
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['only an http one', { redirect_uris: ['http://client.example/cb'] }, 'invalid_redirect_uri'],
    ['no redirect URIs at all', { redirect_uris: undefined }, 'invalid_redirect_uri'],
    ['a signature without a key', { token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    ['a method that is not there', { token_endpoint_auth_method: 'tls_client_auth' }, 'invalid_client_metadata'],
    ['a grant type that is not served', { grant_types: ['password'] }, 'invalid_client_metadata'],
    ['keys at no address', { jwks_uri: 'nonsense' }, 'invalid_client_metadata'],
  ];
  test.for(bad)('with %s is refused, and changes nothing', async ([, metadata, error]) => {
    const own = await registered({ ...native, client_name: 'As it was' });
    const body = { client_id: own.client_id, ...native, ...(metadata as object) };
    expect(await refusal(await manage(own, { method: 'PUT', body }))).toBe(`400 ${error}`);
    expect(await read(own)).toEqual(own);
    expect((await open(own)).status).toBe(200);
  });

  test('leaves out what is only shown and cannot be, and what is empty', async () => {
    const own = await registered({ ...native, client_name: 'As it was', client_uri: 'https://client.example/' });
    const junk = { client_name: 'Cla\u200bude', client_uri: '', logo_uri: 'javascript:alert(1)', contacts: [''] };
    const changed = await change(own, { ...native, ...junk, jwks_uri: '', scope: '' });
    for (const member of ['client_name', 'client_uri', 'logo_uri', 'contacts', 'jwks_uri', 'scope'])
      expect(changed).not.toHaveProperty(member);
    expect(await read(own)).toEqual(changed);
  });

  test.for(['', 'null', '[]', '7', '"x"', '{"half":', '{"client_id":"LONG"}'])(
    'takes no body like %s (R21)',
    async (text) => {
      const body = text.replace('LONG', 'x'.repeat(70_000));
      const own = await registered();
      const { status } = await manage(own, { method: 'PUT', body });
      expect([400, 413]).toContain(status);
      expect(await read(own)).toEqual(own);
    },
  );

  test('sets neither id, secret nor rights by what it brings along', async () => {
    const own = await registered({ redirect_uris: [callback] });
    const changed = await change(own, {
      redirect_uris: [callback],
      client_secret: 'chosen',
      secretHashes: ['x'],
      isResourceServer: true,
      registeredAt: 7,
      id: 'x',
      ttl: 1,
      registration_access_token: 'chosen',
      client_id_issued_at: 7,
      client_secret_expires_at: 1,
    });
    expect(changed).not.toHaveProperty('client_secret');
    expect(changed).not.toHaveProperty('isResourceServer');
    expect(changed.client_id_issued_at).toBe(own.client_id_issued_at);
    expect(await read(own)).toEqual(changed);
    expect(await atTokenEndpoint(own, basic(own.client_id, 'chosen'))).toBe(unknown);
    expect(await atTokenEndpoint(own, basic(own.client_id, own.client_secret ?? ''))).toBe(known);
  });

  test('keeps the secret where one is still needed', async () => {
    const own = await registered({ redirect_uris: [callback] });
    const changed = await change(own, { redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_post' });
    expect(changed).not.toHaveProperty('client_secret');
    expect(await atTokenEndpoint(own, basic(own.client_id, own.client_secret ?? ''))).toBe(known);
  });

  test('from public to a secret gives one, without which nothing goes on', async () => {
    const own = await registered();
    expect(await atTokenEndpoint(own)).toBe(known);
    const changed = await change(own, { redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_basic' });
    expect(changed.client_secret).toMatch(/^[\w-]{43}$/);
    expect(await atTokenEndpoint(own)).toBe(unknown);
    expect(await atTokenEndpoint(own, basic(own.client_id, changed.client_secret ?? ''))).toBe(known);
    expect(await read(own)).not.toHaveProperty('client_secret');
  });

  test('from a secret to public ends the secret, and another one comes when it goes back', async () => {
    const own = await registered({ redirect_uris: [callback] });
    const old = basic(own.client_id, own.client_secret ?? '');
    await change(own, native);
    expect(await atTokenEndpoint(own)).toBe(known);
    expect(await atTokenEndpoint(own, old)).toBe(unknown);
    const back = await change(own, { redirect_uris: [callback] });
    expect(back.client_secret).not.toBe(own.client_secret);
    expect(await atTokenEndpoint(own, old)).toBe(unknown);
    expect(await atTokenEndpoint(own, basic(own.client_id, back.client_secret ?? ''))).toBe(known);
  });

  test('from a secret to a signature ends the secret', async () => {
    const own = await registered({ redirect_uris: [callback] });
    const key = await newClientKey();
    const jwks = { keys: [key.jwk] };
    await change(own, { redirect_uris: [callback], token_endpoint_auth_method: 'private_key_jwt', jwks });
    expect(await atTokenEndpoint(own, basic(own.client_id, own.client_secret ?? ''))).toBe(unknown);
    expect(await atTokenEndpoint(own)).toBe(unknown);
    const signed = asParameters(await signClaims(key, honestClaims(own.client_id, issuer)));
    const response = await requestTokens(issuer, { grant_type: 'refresh_token', refresh_token: 'x', ...signed });
    expect(await refusal(response)).toBe(known);
  });

  test('leaves grants as they are: tokens still refresh', async () => {
    const own = await registered();
    const { code, verifier } = await authorizedCode(issuer, own.client_id);
    const tokens = await redeemed(issuer, { client: own, code, verifier });
    await change(own, { ...native, client_name: 'Renamed' });
    expect((await refresh(issuer, own.client_id, tokens.refresh_token)).status).toBe(200);
  });

  test('in two ways at the same instant leaves one of the two', async () => {
    const own = await registered();
    const names = Array.from({ length: 6 }, (_, at) => `Name ${at}`);
    const answers = await Promise.all(names.map((client_name) => change(own, { ...native, client_name })));
    expect(answers.map(({ client_name }) => client_name)).toEqual(names);
    expect(names).toContain((await read(own)).client_name);
  });
});

describe.concurrent('removing a registration, RFC 7592 §2.3', () => {
  test('ends it everywhere: the client is told to register again, the person to add the connector again (T22, G25)', async () => {
    const own = await registered();
    const { code, verifier } = await authorizedCode(issuer, own.client_id);
    const tokens = await redeemed(issuer, { client: own, code, verifier });
    const { code: waiting, verifier: its } = await authorizedCode(issuer, own.client_id);
    const response = await manage(own, { method: 'DELETE' });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(await refusal(await refresh(issuer, own.client_id, tokens.refresh_token))).toBe(unknown);
    expect(await refusal(await redeem(issuer, { client: own, code: waiting, verifier: its }))).toBe(unknown);
    for (const path of ['/revoke', '/introspect']) {
      const body = new URLSearchParams({ token: tokens.refresh_token, client_id: own.client_id });
      expect(await refusal(await fetch(`${issuer}${path}`, { method: 'POST', body }))).toBe(unknown);
    }
    const page = await open(own);
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
    expect(page.html).toMatch(/add it again/i);
  });

  test('is refused the second time, like any registration that is gone', async () => {
    const own = await registered();
    expect((await manage(own, { method: 'DELETE' })).status).toBe(204);
    for (const method of ['DELETE', 'GET'])
      expect(await refusal(await manage(own, { method }))).toBe('401 invalid_token');
    const body = { client_id: own.client_id, ...native };
    expect(await refusal(await manage(own, { method: 'PUT', body }))).toBe('401 invalid_token');
    expect((await open(own)).status).toBe(400);
  });

  test('while it is being changed leaves it removed', async () => {
    const own = await registered();
    const changes = Array.from({ length: 5 }, () =>
      manage(own, { method: 'PUT', body: { client_id: own.client_id, ...native, client_name: 'Late' } }),
    );
    await Promise.all([...changes, manage(own, { method: 'DELETE' })]);
    expect((await manage(own)).status).toBe(401);
    expect(await atTokenEndpoint(own)).toBe(unknown);
  });

  test('takes no other registration with it', async () => {
    const [own, other] = [await registered(), await registered()];
    await manage(own, { method: 'DELETE' });
    expect(await read(other)).toEqual(other);
  });
});

describe.concurrent('how long a registration lasts (G24, R27)', () => {
  test('unused, ninety days', async () => {
    const own = await registered();
    expect((await manage(own, { at: 90 * DAY - 60 })).status).toBe(200);
    expect((await open(own, callback, 90 * DAY - 60)).status).toBe(200);
    expect((await manage(own, { at: 90 * DAY + 60 })).status).toBe(401);
    const body = { client_id: own.client_id, ...native };
    expect((await manage(own, { method: 'PUT', body, at: 90 * DAY + 60 })).status).toBe(401);
    const page = await open(own, callback, 90 * DAY + 60);
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
    expect(await atTokenEndpoint(own, later(90 * DAY + 60))).toBe(unknown);
  });

  test('changed, no longer than unused', async () => {
    const own = await registered();
    const response = await manage(own, { method: 'PUT', body: { client_id: own.client_id, ...native }, at: 80 * DAY });
    expect(response.status).toBe(200);
    expect((await manage(own, { at: 89 * DAY })).status).toBe(200);
    expect((await manage(own, { at: 91 * DAY })).status).toBe(401);
  });

  test('under a living grant, for as long as that lives', async () => {
    const own = await registered();
    const { code, verifier } = await authorizedCode(issuer, own.client_id);
    let tokens = await redeemed(issuer, { client: own, code, verifier });
    for (let days = 25; days <= 350; days += 25) {
      const parameters = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: own.client_id };
      tokens = await tokensIn(await requestTokens(issuer, parameters, later(days * DAY)));
    }
    expect((await manage(own, { at: 360 * DAY })).status).toBe(200);
  });

  test('under a grant that was made on its last day, too', async () => {
    const own = await registered();
    const { verifier, challenge } = newPkce();
    const at = 90 * DAY - 600;
    const browser = new Browser(issuer, { ...newSourceIp(), ...later(at) });
    const first = await browser.open(authorizePath(own.client_id, challenge));
    const redirect = await approve(browser, await reachConsent(issuer, browser, first));
    const code = redirect.searchParams.get('code') ?? '';
    const tokens = await tokensIn(await redeem(issuer, { client: own, code, verifier }, {}, later(at)));
    const parameters = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: own.client_id };
    expect((await requestTokens(issuer, parameters, later(at + 20 * DAY))).status).toBe(200);
  });
});

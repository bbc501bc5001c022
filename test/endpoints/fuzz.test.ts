import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccount } from '../support/account-page.ts';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import {
  Browser,
  hiddenFields,
  internalsIn,
  offeredScopes,
  type Page,
  send,
  withoutOwnScript,
} from '../support/browser.ts';
import {
  approve,
  authorizedCode,
  authorizePath,
  callback,
  connect,
  isAccepted,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  refresh,
  register,
  type Tokens,
} from '../support/flow.ts';
import { Generator } from '../support/generator.ts';
import { encoded, flipped, mangled } from '../support/mangle.ts';
import { passkeysPath } from '../support/passkey-flow.ts';
import { basic, redeemed } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import { Slowest } from '../support/slowest.ts';
import type { RunningStack } from '../support/stack.ts';

const SEED = 20_261_120;
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 250);
const AT_ONCE = 8;
const form = { 'content-type': 'application/x-www-form-urlencoded' };

type Headers = Record<string, string>;
type Sent = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Headers;
  readonly body?: string | Buffer;
};
type Answer = Page & { readonly text: string };

const slowest = new Slowest();
let stack: RunningStack;
let issuer: string;
/** A client of the operator's, which is answered by a redirect where one that registered itself is by a page. */
const vouched = { id: 'vouched', name: 'Vouched', redirectUris: [callback], authMethod: 'none' as const };
/** How often one person may call is the subject of other tests: here one person calls all the time. */
const unlimited = { minute: 1_000_000 };
const limits = { callsPerGrant: unlimited, callsPerPerson: unlimited, accountRequestsPerPerson: unlimited };
let bystander: { readonly clientId: string; readonly tokens: Tokens };
/** All that must never stand in a log. */
const secrets = new Map<string, string>();

beforeAll(async () => {
  stack = await startStackWith({ clients: [vouched], limits });
  issuer = stack.issuer;
  bystander = await connect(issuer);
});
afterAll(async () => {
  console.info(`The slowest answers, of how many:\n${await slowest.report()}`);
  await stack.stop();
});

/** Sends many requests, each made by its own number, and looks at every answer. A failing number is told, to be tried again. */
async function bombard(
  salt: number,
  make: (generator: Generator) => Sent,
  check: (answer: Answer, what: string) => void,
  times = REQUESTS,
): Promise<void> {
  const attack = async (number: number): Promise<void> => {
    const sent = make(new Generator(number));
    const what = `number ${number}: ${sent.method ?? 'POST'} ${sent.path.slice(0, 300)} ${String(sent.body ?? '').slice(0, 900)}`;
    const answer = await slowest.time(endpointOf(sent), what.slice(0, 160), () =>
      send(issuer, { ...sent, headers: { ...newSourceIp(), ...sent.headers } }),
    );
    expect(answer.status, `${what} gave ${answer.text.slice(0, 200)}`).toBeLessThan(500);
    expect(internalsIn(answer), what).toEqual([]);
    check(answer, what);
  };
  const numbers = fc.array(fc.nat(), { minLength: AT_ONCE, maxLength: AT_ONCE });
  const volley = fc.asyncProperty(numbers, async (chosen) => void (await Promise.all(chosen.map(attack))));
  await fc.assert(volley, { seed: SEED + salt, numRuns: Math.ceil(times / AT_ONCE), endOnFailure: true });
}

/** An endpoint, as the routes name it. For a call of a tool, with the name of that. */
function endpointOf({ method = 'POST', path, body }: Sent): string {
  const [route = ''] = path.split('?');
  const tool = route === '/mcp' ? / "?name"?:"?(\w+)|"name":"(\w+)"/.exec(String(body))?.[2] : undefined;
  return [method, route.replace(/^\/register\/.*/, '/register/{client_id}'), tool].filter(Boolean).join(' ');
}

/** JSON, and where it is a refusal, in the words of OAuth. */
function expectOAuth({ status, headers, text }: Answer, what: string): void {
  if (text === '') return void expect([200, 204], what).toContain(status);
  expect(headers.get('content-type'), what).toBe('application/json');
  const body = JSON.parse(text) as object;
  if (status >= 400) expect(body, what).toEqual({ error: expect.any(String), error_description: expect.any(String) });
  else expect([200, 201], what).toContain(status);
  if (status === 401) expect(headers.has('www-authenticate'), what).toBe(true);
}

/** A page without a script, or the way back to the client and to nobody else. */
function expectPage({ status, headers, text }: Answer, what: string): void {
  const target = headers.get('location');
  if (target !== null) {
    expect([302, 303], what).toContain(status);
    const onAnyPort = target.replace(/^(http:\/\/localhost):\d+/, '$1:7777');
    expect(onAnyPort.startsWith(`${callback}?`), `${what} leads to ${target}`).toBe(true);
    expect(new URL(target).searchParams.getAll('iss'), what).toEqual([issuer]);
    return;
  }
  expect(headers.get('content-type'), what).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy'), what).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  // A challenge or a token is made of random letters, among which any short word may stand.
  const page = withoutOwnScript({ html: text, headers }).replaceAll(/[\w-]{22,}/g, '(random)');
  expect(page, what).not.toMatch(/<script|undefined|NaN/);
}

/** A form on the wire, now and then with bytes in it that are no text. */
function formBody(generator: Generator, good: Headers, more: readonly string[]): string | Buffer {
  const text = encoded(generator, mangled(generator, good, more));
  return generator.below(20) === 0 ? Buffer.concat([Buffer.from(`${text}&x=`), generator.bytes(4)]) : text;
}

const at = <T>(generator: Generator, choices: readonly T[]): T => generator.pick(choices);

/** Credentials in the header: none, right, wrong, or nonsense. */
function authorization(generator: Generator, id: string, secret: string): Headers {
  const choices = [
    {},
    {},
    basic(id, secret),
    basic(id, flipped(generator, secret)),
    basic(encodeURIComponent(generator.text()), 'x'),
    { authorization: `Basic ${generator.bytes(generator.below(40)).toString('base64')}` },
    { authorization: `Bearer ${generator.bytes(20).toString('hex')}` },
    { authorization: at(generator, ['Basic', 'Basic ===', 'Digest x', 'Basic !', 'bearer', ',']) },
  ];
  return at(generator, choices);
}

describe('nothing that is sent makes the server fail, or say more than it should (H03)', () => {
  let client: { readonly id: string; readonly secret: string; readonly token: string };
  let tokens: Tokens;
  let signer: string;
  let assertion: string;

  beforeAll(async () => {
    const response = await fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...newSourceIp() },
      body: JSON.stringify({ redirect_uris: [callback] }),
    });
    const { client_id, client_secret, registration_access_token } = (await response.json()) as Record<string, string>;
    client = { id: client_id ?? '', secret: client_secret ?? '', token: registration_access_token ?? '' };
    const { clientId } = bystander;
    const { code, verifier } = await authorizedCode(issuer, clientId);
    tokens = await redeemed(issuer, { client: { client_id: clientId }, code, verifier });
    const key = await newClientKey('ES256', 'the-key');
    const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } };
    signer = (await register(issuer, keys)).client_id;
    assertion = await signClaims(key, honestClaims(signer, issuer));
    const all = { ...client, code, verifier, refresh: tokens.refresh_token, access: tokens.access_token, assertion };
    for (const [name, value] of Object.entries(all)) if (name !== 'id') secrets.set(name, value);
  });

  /** Metadata of a client of which some members are nonsense. */
  function metadata(generator: Generator): Record<string, unknown> {
    const good: Record<string, unknown> = {
      redirect_uris: [callback],
      client_name: 'Clever Client',
      client_uri: 'https://client.example/',
      logo_uri: 'https://client.example/logo.png',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'a' }] },
      jwks_uri: 'https://client.example/jwks.json',
      scope: 'todos:read',
      contacts: ['a@example.com'],
    };
    const entries = Object.entries(good).flatMap(([name, value]): [string, unknown][] => {
      const kind = generator.below(14);
      if (kind === 0) return [];
      if (kind === 1) return [[name, generator.json()]];
      if (kind === 2) return [[name, generator.text()]];
      if (kind === 3) return [[name, Array.isArray(value) ? [...value, generator.json()] : [value]]];
      if (kind === 4)
        return [[name, { keys: [{ kty: 'EC', [generator.text()]: generator.json(), x: generator.json() }] }]];
      return [[name, value]];
    });
    if (generator.below(4) === 0) entries.push([generator.text() || 'x', generator.json()]);
    return Object.fromEntries(entries);
  }

  function json(generator: Generator, value: unknown): Pick<Sent, 'headers' | 'body'> {
    const text = JSON.stringify(value);
    const type =
      generator.below(12) === 0 ? at(generator, ['text/plain', '', 'application/json;charset=x']) : 'application/json';
    const cut = generator.below(12) === 0 ? text.slice(0, generator.below(text.length)) : text;
    const body = generator.below(15) === 0 ? Buffer.concat([Buffer.from(cut), generator.bytes(3)]) : cut;
    return { headers: type ? { 'content-type': type } : {}, body };
  }

  test('POST /register', async () => {
    const make = (generator: Generator) => ({
      method: 'POST',
      path: '/register',
      ...json(generator, metadata(generator)),
    });
    const seen = new Set<number>();
    await bombard(1, make, (answer, what) => {
      seen.add(answer.status);
      expectOAuth(answer, what);
    });
    for (const status of [201, 400]) expect(seen).toContain(status);
  });

  test('GET, PUT and DELETE /register/{client_id}', async () => {
    const make = (generator: Generator): Sent => {
      const method = at(generator, ['GET', 'PUT', 'PUT', 'PUT', 'PUT']);
      const id = at(generator, [
        client.id,
        client.id,
        client.id,
        flipped(generator, client.id),
        encodeURIComponent(generator.text()),
      ]);
      const token = at(generator, [client.token, client.token, client.token, flipped(generator, client.token)]);
      const members = {
        ...metadata(generator),
        client_id: at(generator, [client.id, client.id, client.id, generator.json()]),
      };
      const { headers = {}, body } = json(generator, members);
      const sent = {
        method,
        path: `/register/${id || 'x'}`,
        headers: { ...headers, authorization: `Bearer ${token}` },
      };
      return method === 'PUT' && body !== undefined ? { ...sent, body } : sent;
    };
    const seen = new Set<number>();
    await bombard(2, make, (answer, what) => {
      seen.add(answer.status);
      if (answer.status !== 404 && answer.status !== 405) expectOAuth(answer, what);
    });
    for (const status of [200, 400, 401]) expect(seen).toContain(status);
    const removed = (generator: Generator): Sent => {
      const headers = { authorization: `Bearer ${flipped(generator, `${client.token}x`)}` };
      return { method: 'DELETE', path: `/register/${client.id}`, headers };
    };
    await bombard(
      3,
      removed,
      (answer, what) => {
        expect(answer.status, what).toBe(401);
        expectOAuth(answer, what);
      },
      30,
    );
  });

  test('GET /authorize', async () => {
    const good = (clientId = bystander.clientId) => ({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: callback,
      code_challenge: newPkce().challenge,
      code_challenge_method: 'S256',
      state: 'a-state-that-is-nobodys-business',
      scope: 'todos:read todos:write',
      resource: `${issuer}/mcp`,
      prompt: 'consent',
      max_age: '300',
      login_hint: 'ada@example.com',
    });
    secrets.set('state', good().state);
    const more = ['request', 'request_uri', 'response_mode', 'nonce', 'ui_locales', 'claims', 'display'];
    const make = (generator: Generator): Sent => {
      const names = ['session', `signin-${'0'.repeat(26)}`, generator.bytes(4).toString('hex')];
      const cookie = `${at(generator, names)}=${generator.bytes(generator.below(30)).toString('base64url')}`;
      const headers: Headers = generator.below(2) ? { cookie } : {};
      const asked = good(at(generator, [bystander.clientId, vouched.id]));
      return { method: 'GET', path: `/authorize?${encoded(generator, mangled(generator, asked, more))}`, headers };
    };
    const seen = new Set<number>();
    await bombard(4, make, (answer, what) => {
      seen.add(answer.status);
      if (answer.headers.get('content-type') === 'application/json')
        expect([404, 414, 431], what).toContain(answer.status);
      else expectPage(answer, what);
    });
    for (const status of [200, 302, 400]) expect(seen).toContain(status);
  });

  test('POST /authorize/email, /code, /consent and /sign-out', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const page = await browser.open(authorizePath(bystander.clientId, newPkce().challenge));
    const fields = hiddenFields(page);
    const address = newAddress();
    await browser.post('/authorize/email', { ...fields, email: address });
    const mailed = await mailedCode(issuer, address);
    for (const [name, value] of browser.cookies) secrets.set(name, value);
    secrets.set('form token', fields.form_token ?? '').set('mailed code', mailed);
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const good = { ...fields, email: 'ada@example.com', code: 'AAAA-AAAA', decision: 'maybe', scope: 'todos:read' };
    const make = (generator: Generator): Sent => {
      const path = at(generator, ['email', 'code', 'consent', 'sign-out']);
      const origin = generator.below(8) === 0 ? at(generator, ['null', 'https://evil.example', `${issuer}x`]) : issuer;
      const cookie = generator.below(6) === 0 ? flipped(generator, cookies) : cookies;
      const body = formBody(generator, good, ['state', 'client_id', 'redirect_uri']);
      const type =
        generator.below(15) === 0 ? { 'content-type': at(generator, ['text/plain', 'application/json']) } : form;
      return { method: 'POST', path: `/authorize/${path}`, headers: { ...type, origin, cookie }, body };
    };
    const seen = new Set<number>();
    await bombard(
      5,
      make,
      (answer, what) => {
        seen.add(answer.status);
        expectPage(answer, what);
        expect(answer.headers.has('location'), what).toBe(false);
      },
      2 * REQUESTS,
    );
    for (const status of [200, 400, 403]) expect(seen).toContain(status);
  });

  test('POST /authorize/consent, by somebody who has signed in', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const fields = hiddenFields(await browser.open(authorizePath(bystander.clientId, newPkce().challenge)));
    const address = newAddress();
    await browser.post('/authorize/email', { ...fields, email: address });
    const consent = await browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
    for (const [name, value] of browser.cookies) secrets.set(`${name} of a person`, value);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const good = { ...fields, decision: 'approve', scope: offeredScopes(consent)[0] ?? '' };
    const locations = new Set<string>();
    const make = (generator: Generator): Sent => ({
      method: 'POST',
      path: '/authorize/consent',
      headers: { ...form, origin: issuer, cookie },
      body: formBody(generator, good, ['email', 'code', 'client_id', 'redirect_uri', 'scope']),
    });
    await bombard(6, make, (answer, what) => {
      expectPage(answer, what);
      locations.add(answer.headers.get('location') ?? 'none');
    });
    locations.delete('none');
    expect(locations.size).toBe(1);
    const code = new URL([...locations].join()).searchParams.get('code') ?? '';
    secrets.set('approved code', code);
    expect((await approve(browser, { page: consent, fields })).searchParams.get('code')).toBe(code);
  });

  /** What each of the endpoints that clients call takes. */
  const calls: [string, (generator: Generator) => Record<string, string>][] = [
    [
      '/token',
      (generator) => ({
        grant_type: at(generator, ['refresh_token', 'authorization_code']),
        client_id: at(generator, [bystander.clientId, bystander.clientId, client.id]),
        refresh_token: flipped(generator, tokens.refresh_token),
        code: secrets.get('code') ?? '',
        code_verifier: 'x'.repeat(43),
        redirect_uri: callback,
        resource: `${issuer}/mcp`,
        scope: 'todos:read',
      }),
    ],
    [
      '/revoke',
      (generator) => ({
        client_id: at(generator, [bystander.clientId, client.id]),
        token: flipped(generator, at(generator, [tokens.refresh_token, tokens.access_token])),
        token_type_hint: 'refresh_token',
      }),
    ],
    [
      '/introspect',
      (generator) => ({
        client_id: client.id,
        client_secret: client.secret,
        token: at(generator, [tokens.refresh_token, tokens.access_token, flipped(generator, tokens.access_token)]),
        token_type_hint: 'access_token',
      }),
    ],
  ];
  const extra = ['client_secret', 'client_assertion', 'client_assertion_type', 'username', 'password', 'assertion'];

  test.for(calls)('POST %s', async ([path, good]) => {
    const make = (generator: Generator): Sent => {
      const body = formBody(generator, good(generator), extra);
      const type =
        generator.below(15) === 0 ? { 'content-type': at(generator, ['text/plain', 'application/json', ';']) } : form;
      const auth = generator.below(2) ? authorization(generator, client.id, client.secret) : {};
      return { method: 'POST', path, headers: { ...type, ...auth }, body };
    };
    const seen = new Set<number>();
    await bombard(7 + calls.findIndex(([one]) => one === path), make, (answer, what) => {
      seen.add(answer.status);
      expectOAuth(answer, what);
      expect(answer.text, what).not.toMatch(/"access_token"|"refresh_token"|"active":true/);
    });
    expect(seen).toContain(400);
    expect(seen).toContain(401);
  });

  test.for(['/token', '/revoke', '/introspect'])('POST %s, with assertions that look almost right', async (path) => {
    const claimsOf = (generator: Generator) => {
      const good: Record<string, unknown> = honestClaims(signer, issuer);
      const entries = Object.entries(good).map(([name, value]) => [
        name,
        generator.below(6) ? value : generator.json(),
      ]);
      return Object.fromEntries(entries) as object;
    };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const headerOf = (generator: Generator) => ({
      alg: at(generator, ['ES256', 'RS256', 'none', 'HS256', 'EdDSA', generator.json()]),
      ...at<object>(generator, [{ kid: 'the-key' }, { kid: 'the-key' }, {}, { kid: generator.json() }]),
      ...(generator.below(3) ? {} : { crit: generator.json(), b64: false, zip: 'DEF', jwk: generator.json() }),
    });
    const make = (generator: Generator): Sent => {
      const signature = generator.bytes(at(generator, [0, 1, 64, 256])).toString('base64url');
      const made = `${part(headerOf(generator))}.${part(claimsOf(generator))}.${signature}`;
      const shown = asParameters(
        at(generator, [made, made, made, flipped(generator, made), flipped(generator, assertion), generator.text()]),
      );
      const good = { grant_type: 'refresh_token', refresh_token: 'x', token: 'x', client_id: signer, ...shown };
      return {
        method: 'POST',
        path,
        headers: form,
        body: formBody(generator, good, ['client_secret']),
      };
    };
    await bombard(
      20 + path.length,
      make,
      (answer, what) => {
        expect([400, 401, 429], what).toContain(answer.status);
        expectOAuth(answer, what);
      },
      120,
    );
  });

  test('POST /account/…, /account/passkeys and /authorize/passkey, by somebody who has signed in', async () => {
    const { browser, page } = await openAccount(issuer);
    const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(page.html) ?? [];
    for (const [name, value] of browser.cookies) secrets.set(`${name} of an account`, value);
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const pages = ['disconnect', 'end-session', 'end-other-sessions', 'language'].map((name) => `/account/${name}`);
    const credential = JSON.stringify({
      id: 'a',
      response: { clientDataJSON: 'e30', signature: 'AA', userHandle: 'AA' },
    });
    const good = {
      form_token: token,
      session_token: token,
      do: 'add',
      which: 'x',
      passkey: credential,
      connection: 'x',
    };
    const seen = new Set<number>();
    const make = (generator: Generator): Sent => ({
      method: 'POST',
      path: at(generator, [...pages, passkeysPath, '/authorize/passkey']),
      headers: { ...form, origin: issuer, cookie: generator.below(6) === 0 ? flipped(generator, cookies) : cookies },
      body: formBody(generator, { ...good, passkey: at(generator, [credential, JSON.stringify(generator.json())]) }, [
        'session',
        'language',
      ]),
    });
    await bombard(30, make, ({ status, text }, what) => {
      seen.add(status);
      expect([200, 303, 307, 400, 403, 404, 409, 429], `${what} ${text.slice(0, 300)}`).toContain(status);
    });
    expect(seen).toContain(400);
  });
});

describe('texts that could take long to handle', () => {
  /** Parts that make a text costly when they stand there often: marks out of order, and letters with several. */
  const marks = ['\u0315\u0300', '\u0327\u0301\u0323', 'e\u0323\u0307\u0302', '\u0300', '\u1100\u1161', '\ufdfa'];
  /** Others: letters that grow in lower case, openings that nothing closes, blanks, and what separates. */
  const others = [
    '\u0130',
    'a',
    ' ',
    '\n',
    '\t;',
    '(',
    '-(',
    '1^',
    '"',
    '`',
    '|',
    '=1+',
    '\u{1f600}',
    '\u202e',
    'a b ',
    ',',
  ];

  const costly = (generator: Generator, most: number): string => {
    const part = at(generator, generator.below(2) ? marks : others);
    const times = Math.ceil((most * (1 + generator.below(20))) / 20 / part.length);
    return `${at(generator, ['', 'a', 'a b'])}${part.repeat(times)}`.slice(0, most);
  };

  const calls: Readonly<Record<string, (generator: Generator) => Record<string, unknown>>> = {
    save_document: (generator) => ({ title: 'A', text: costly(generator, 50_000) }),
    search_documents: (generator) => ({ query: costly(generator, 200), limit: 50 }),
    list_documents: (generator) => ({ title: costly(generator, 200), author: costly(generator, 100), limit: 100 }),
    create_todo: (generator) => ({
      title: costly(generator, 200),
      notes: costly(generator, 4_000),
      tags: Array.from({ length: generator.below(25) }, () => costly(generator, 40)),
    }),
    list_todos: (generator) => ({ text: costly(generator, 200), tag: costly(generator, 40), limit: 100 }),
    export_report: (generator) => ({
      what: at(generator, ['todos', 'audit']),
      format: at(generator, ['csv', 'markdown']),
    }),
    calculator: (generator) => ({ expression: costly(generator, 1_000) }),
    echo: (generator) => ({ message: costly(generator, 5_000) }),
    greet: (generator) => ({ name: costly(generator, 200) }),
  };

  test.for(Object.keys(calls))('POST /mcp, %s', async (name) => {
    const token = bystander.tokens.access_token;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    };
    const make = (generator: Generator): Sent => {
      const good = calls[name]?.(generator) ?? {};
      const [changed = 'x'] = generator.below(6) === 0 ? [at(generator, Object.keys(good))] : [];
      const args = generator.below(6) === 0 ? { ...good, [changed]: generator.json() } : good;
      const params = { name, arguments: args };
      return {
        method: 'POST',
        path: '/mcp',
        headers,
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
      };
    };
    const check = ({ status, text }: Answer, what: string) => {
      // 400 is for half a character, which no JSON has.
      expect([200, 400], what).toContain(status);
      expect(JSON.parse(text), what).toMatchObject({ jsonrpc: '2.0' });
    };
    await bombard(40 + name.length, make, check, Math.ceil(REQUESTS / 10));
  });
});

describe('after all that', () => {
  test('nobody has lost anything: a client that had no part in it goes on', async () => {
    expect(await isAccepted(issuer, bystander.tokens.access_token)).toBe(true);
    expect((await refresh(issuer, bystander.clientId, bystander.tokens.refresh_token)).status).toBe(200);
  });

  test('there is no secret in the logs, and no failure that nobody foresaw (H05)', () => {
    const logs = stack.logs();
    expect(logs).toContain('/token');
    expect(logs).not.toContain('server_error');
    for (const [name, secret] of secrets) {
      expect(secret.length, name).toBeGreaterThan(8);
      expect(logs.includes(secret), name).toBe(false);
    }
  });
});

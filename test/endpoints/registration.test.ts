import { randomInt } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { internalsIn, send } from '../support/browser.ts';
import {
  approve,
  authorizedCode,
  authorizePath,
  beginSignIn,
  callback,
  newPkce,
  newSourceIp,
  reachConsent,
  requestTokens,
  tomorrowAt,
} from '../support/flow.ts';
import { serving } from '../support/loopback-server.ts';

const issuer = inject('issuer');

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };
type Headed = Record<string, string>;

/** Posts a registration as it stands. */
async function post(body: string | Buffer, headers: Headed = {}): Promise<Answer> {
  const sent = { 'content-type': 'application/json', ...newSourceIp(), ...headers };
  const answer = await send(issuer, { method: 'POST', path: '/register', headers: sent, body });
  expect(internalsIn(answer)).toEqual([]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.text) as Answer['body'] };
}

function registration(metadata: object, headers: Headed = {}): Promise<Answer> {
  return post(JSON.stringify(metadata), headers);
}

/** How the authorization endpoint answers a request of this client: 200 is the first page. */
async function authorizeStatus({ body }: Answer, redirectUri: string): Promise<number> {
  const path = authorizePath(String(body.client_id), newPkce().challenge, { redirect_uri: redirectUri });
  const response = await fetch(`${issuer}${path}`, { redirect: 'manual' });
  expect(response.headers.has('location')).toBe(false);
  return response.status;
}

describe('client registration, RFC 7591 §3.2.1', () => {
  test('gives a client that names no method a secret, and says that it never expires (R02)', async () => {
    const { status, headers, body } = await registration({ redirect_uris: [callback] });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.has('set-cookie')).toBe(false);
    expect(body).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic', client_secret_expires_at: 0 });
    expect(String(body.client_secret)).toMatch(/^[\w-]{40,}$/);
    expect(body.client_id_issued_at).toEqual(expect.any(Number));
  });

  test('gives a public client no secret, and leaves out what there is not: nothing is null (R02)', async () => {
    const { status, body } = await registration({ redirect_uris: [callback], token_endpoint_auth_method: 'none' });
    expect(status).toBe(201);
    expect(body.token_endpoint_auth_method).toBe('none');
    for (const absent of ['client_secret', 'client_secret_expires_at', 'client_name', 'client_uri']) {
      expect(body).not.toHaveProperty(absent);
    }
    expect(Object.values(body)).not.toContain(null);
  });

  test('tells the client all that was registered', async () => {
    const metadata = {
      client_name: 'Écriture 書く',
      client_uri: 'https://client.example/',
      redirect_uris: ['https://client.example/cb', callback],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    };
    expect((await registration(metadata)).body).toMatchObject(metadata);
  });

  test('passes over nulls and over members that it does not know', async () => {
    const unknown = { software_id: 'x', contacts: null, jwks_uri: null, application_type: 'native', scope: 'a b' };
    const { status } = await registration({
      redirect_uris: [callback],
      client_name: null,
      client_uri: null,
      ...unknown,
    });
    expect(status).toBe(201);
  });

  test('makes a new client each time that the same is registered, fifty times over (R27)', async () => {
    const headers = { ...newSourceIp(), ...tomorrowAt(1) };
    const metadata = { redirect_uris: [callback], client_name: 'The same' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => registration(metadata, headers)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.client_id)).size).toBe(50);
    expect(new Set(answers.map(({ body }) => body.client_secret)).size).toBe(50);
  });

  test('forgets a client that nobody has used for ninety days (R27)', async () => {
    const registered = await registration({ redirect_uris: [callback] });
    const path = authorizePath(String(registered.body.client_id), newPkce().challenge);
    const statusAfter = async (days: number) => {
      const headers = { 'x-local-clock-offset': String(days * 86_400) };
      return (await fetch(`${issuer}${path}`, { headers, redirect: 'manual' })).status;
    };
    expect(await statusAfter(89)).toBe(200);
    expect(await statusAfter(91)).toBe(400);
  });

  test('keeps a client that somebody uses for longer than its registration alone would last', async () => {
    const { client_id } = (await registration({ redirect_uris: [callback], token_endpoint_auth_method: 'none' })).body;
    const clientId = String(client_id);
    const { code, verifier } = await authorizedCode(issuer, clientId);
    const tokens = { grant_type: 'authorization_code', client_id: clientId, code, code_verifier: verifier };
    expect((await requestTokens(issuer, { ...tokens, redirect_uri: callback })).status).toBe(200);
    const headers = { 'x-local-clock-offset': String(100 * 86_400) };
    const path = authorizePath(clientId, newPkce().challenge);
    expect((await fetch(`${issuer}${path}`, { headers, redirect: 'manual' })).status).toBe(200);
  });

  test.for(['client_secret_basic', 'client_secret_post'])(
    'issues a secret for %s that the token endpoint takes',
    async (method) => {
      const { body } = await registration({ redirect_uris: [callback], token_endpoint_auth_method: method });
      const [id, secret] = [String(body.client_id), String(body.client_secret)];
      const { code, verifier } = await authorizedCode(issuer, id);
      const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback };
      const basic = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
      const response =
        method === 'client_secret_basic'
          ? await requestTokens(issuer, grant, basic)
          : await requestTokens(issuer, { ...grant, client_id: id, client_secret: secret });
      expect(response.status).toBe(200);
    },
  );
});

describe('redirect URIs, RFC 7591 §2, RFC 9700 §2.6, RFC 8252 §7', () => {
  const accepted: [string, string[]][] = [
    ['https', ['https://client.example/cb']],
    ['https with a port, a path and a query', ['https://client.example:8443/a/b?x=1&y=2']],
    [
      'loopback in every spelling (R08)',
      ['http://localhost/callback', 'http://127.0.0.1/callback', 'http://[::1]:8000/cb'],
    ],
    [
      'the three of Cursor (R09)',
      [
        'http://localhost:8787/callback',
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
      ],
    ],
    ['a private scheme alone', ['cursor://anysphere.cursor-mcp/oauth/callback']],
    ['a private scheme in reverse domain order', ['com.example.app:/oauth/callback']],
    ['those of VS Code', ['http://127.0.0.1/', 'http://127.0.0.1:33418/', 'https://vscode.dev/redirect']],
  ];
  test.for(accepted)('takes %s', async ([, redirect_uris]) => {
    const registered = await registration({ redirect_uris });
    expect(registered.status).toBe(201);
    expect(registered.body.redirect_uris).toEqual(redirect_uris);
    for (const uri of redirect_uris) expect(await authorizeStatus(registered, uri)).toBe(200);
  });

  const refused: [string, unknown, string][] = [
    ['that is missing', undefined, 'R03'],
    ['that is null', null, 'R03'],
    ['in an empty list', [], 'R03'],
    ['in no list', callback, 'R03'],
    ['that is a number', [123], 'R03'],
    ['that is empty', [''], 'R03'],
    ['that is relative', ['/cb'], 'R03'],
    ['over http to another host', ['http://client.example/cb'], 'R05'],
    ['with a fragment', ['https://client.example/cb#frag'], 'R06'],
    ['with an empty fragment', ['https://client.example/cb#'], 'R06'],
    ['whose host only begins like localhost', ['http://localhost.evil.com/cb'], 'R11'],
    ['whose host only begins like 127.0.0.1', ['http://127.0.0.1.evil.com/cb'], 'R11'],
    ['that hides another host behind an @', ['http://127.0.0.1@evil.com/cb'], 'R11'],
    ['that hides another host behind a port and an @', ['http://localhost:80@evil.com/cb'], 'R11'],
    ['that hides another host behind a backslash', ['http://localhost\\@evil.com/cb'], 'R11'],
    ['with a user in it', ['https://user:password@client.example/cb'], 'R11'],
    ['whose address is written as a number', ['http://2130706433/cb'], 'R11'],
    ['to the unspecified address', ['http://0.0.0.0/cb'], 'R11'],
    ['of a script', ['javascript:alert(1)'], 'R14'],
    ['of a script in odd letters', ['JavaScript:alert(1)//https://client.example'], 'R14'],
    ['of data', ['data:text/html,<script>alert(1)</script>'], 'R14'],
    ['of a file', ['file:///etc/passwd'], 'R14'],
    [
      'of another thing that browsers act on',
      ['vbscript:x', 'blob:https://a/b', 'about:blank', 'ws://a/', 'mailto:a@b.c'],
      'R14',
    ],
    ['that breaks the line', ['https://client.example/cb\r\nset-cookie: a=b'], 'R11'],
    ['that holds a space', ['https://client.example/c b'], 'R11'],
    ['that holds a zero byte', ['https://client.example/c\u0000b'], 'R11'],
    ['that is no ASCII, and so no URI', ['https://client.example/日本'], 'R11'],
    ['of 8 kB', [`https://client.example/${'x'.repeat(8_000)}`], 'R24'],
    ['among a hundred', Array.from({ length: 100 }, (_, at) => `https://client.example/${at}`), 'R24'],
  ];
  test('refuses a body that holds what was no UTF-8 (R11)', async () => {
    const { status, body } = await registration({ redirect_uris: ['https://client.example/\ufffd'] });
    expect(status).toBe(400);
    expect(body).toEqual({ error: 'invalid_client_metadata', error_description: 'The body is not UTF-8' });
  });

  test.for(refused)('refuses a redirect URI %s ($2)', async ([, redirect_uris]) => {
    const { status, body } = await registration({ redirect_uris });
    expect(status).toBe(400);
    expect(body).toEqual({ error: 'invalid_redirect_uri', error_description: expect.any(String) });
  });

  test.for([
    'javascript:alert(1)',
    'http://client.example/cb',
    'https://client.example/cb#frag',
    'http://127.0.0.1@evil.com/cb',
    'http://localhost.evil.com/cb',
    'data:text/html,hi',
  ])('registers a client with %s among good ones, and never sends anything there (R09)', async (bad) => {
    const registered = await registration({ redirect_uris: [bad, 'https://client.example/cb'] });
    expect(registered.status).toBe(201);
    expect(await authorizeStatus(registered, bad)).toBe(400);
    expect(await authorizeStatus(registered, 'https://client.example/cb')).toBe(200);
  });

  test('takes capital letters as they are, and matches them as they are (R12)', async () => {
    const registered = await registration({ redirect_uris: ['HTTPS://CLIENT.EXAMPLE/cb'] });
    expect(registered.status).toBe(201);
    expect(registered.body.redirect_uris).toEqual(['HTTPS://CLIENT.EXAMPLE/cb']);
    expect(await authorizeStatus(registered, 'HTTPS://CLIENT.EXAMPLE/cb')).toBe(200);
    expect(await authorizeStatus(registered, 'https://client.example/cb')).toBe(400);
  });

  test('keeps what it has checked when a member stands there twice (R23)', async () => {
    const [good, bad] = ['["https://client.example/cb"]', '["javascript:alert(1)"]'];
    expect((await post(`{"redirect_uris":${good},"redirect_uris":${bad}}`)).status).toBe(400);
    const registered = await post(`{"redirect_uris":${bad},"redirect_uris":${good}}`);
    expect(registered.status).toBe(201);
    expect(registered.body.redirect_uris).toEqual(['https://client.example/cb']);
    expect(await authorizeStatus(registered, 'javascript:alert(1)')).toBe(400);
  });
});

describe('other metadata, RFC 7591 §2', () => {
  const refused: [string, object, string][] = [
    [
      'refresh tokens without what gives the first one',
      { grant_types: ['refresh_token'], response_types: ['code'] },
      'R17',
    ],
    ['a grant type that is not served', { grant_types: ['client_credentials'] }, 'R17'],
    ['the implicit flow', { grant_types: ['implicit'], response_types: ['token'] }, 'R17'],
    ['a response type that is not served', { response_types: ['token'] }, 'R17'],
    ['grant types that are no list', { grant_types: 'authorization_code' }, 'R17'],
    ['a signed assertion without a key', { token_endpoint_auth_method: 'private_key_jwt' }, 'R18'],
    ['an assertion signed with the secret', { token_endpoint_auth_method: 'client_secret_jwt' }, 'R18'],
    ['a certificate', { token_endpoint_auth_method: 'tls_client_auth' }, 'R18'],
    ['a method that is no text', { token_endpoint_auth_method: ['none'] }, 'R18'],
    ['keys at an address that is a script', { jwks_uri: 'javascript:alert(1)' }, 'R14'],
    ['a key with half a letter', { jwks: { keys: [{ kty: 'EC', x: '\ud800' }] } }, 'R21'],
  ];
  test.for(refused)('refuses %s ($2)', async ([, metadata]) => {
    const { status, body } = await registration({ redirect_uris: [callback], ...metadata });
    expect(status).toBe(400);
    expect(body).toEqual({ error: 'invalid_client_metadata', error_description: expect.any(String) });
  });

  const shown: [string, object, string][] = [
    ['an empty logo', { logo_uri: '' }, 'R14'],
    ['a logo that is a script', { logo_uri: 'javascript:alert(1)' }, 'R14'],
    ['a home page that is data', { client_uri: 'data:text/html,<script>alert(1)</script>' }, 'R14'],
    ['terms that are a script', { tos_uri: 'javascript:alert(1)' }, 'R14'],
    ['a policy that is no address', { policy_uri: 'nonsense' }, 'R14'],
    ['contacts that are none', { contacts: ['', null, '\udc00', 'x'.repeat(9_000)] }, 'R21'],
    ['a name in another language that turns the text around', { 'client_name#ja': '\u202eedualC' }, 'X01'],
    ['a name that is no text', { client_name: { first: 'A' } }, 'X01'],
    ['a name that turns the text around', { client_name: 'Claude \u202eedualC' }, 'X01'],
    ['a name with invisible letters', { client_name: 'Cla\u200bude' }, 'X01'],
    ['a name with a line break', { client_name: 'Claude\nverified' }, 'X01'],
    ['a name with half a letter', { client_name: 'Claude \ud800' }, 'X01'],
    ['a name of 5 kB', { client_name: 'x'.repeat(5_000) }, 'X01'],
    ['a software id and version of no kind', { software_id: '', software_version: { major: 1 } }, 'R14'],
    ['what nobody knows', { x: '\ud800', __proto__x: 'x'.repeat(40_000) }, 'R21'],
  ];
  test.for(shown)('leaves out %s, and registers the client ($2)', async ([, metadata]) => {
    const { status, body } = await registration({ redirect_uris: [callback], ...metadata });
    expect(status).toBe(201);
    for (const member of Object.keys(metadata)) expect(body).not.toHaveProperty([member]);
  });

  test('never shows or tells what it has left out (R14, X01)', async () => {
    const metadata = {
      client_name: 'Claude \u202eedualC',
      client_uri: 'javascript:alert(1)',
      logo_uri: 'data:image/png;base64,evil',
    };
    const { browser, page } = await beginSignIn(issuer, { metadata });
    const consent = await reachConsent(issuer, browser, page);
    expect(consent.page.html).toContain('without a name');
    expect(consent.page.html).not.toMatch(/javascript:|data:|edualC|\u202e/);
  });

  test('keeps names in scripts that need what is not seen', async () => {
    for (const client_name of ['نمی\u200cخواهم', 'क\u094d\u200dष', '👨\u200d👩\u200d👧'])
      expect((await registration({ redirect_uris: [callback], client_name })).body.client_name).toBe(client_name);
  });

  test('takes what is empty for what is left out', async () => {
    const empty = { client_name: '', token_endpoint_auth_method: '', grant_types: [], response_types: null, jwks: {} };
    const { status, body } = await registration({ redirect_uris: ['', callback], jwks_uri: '', ...empty });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
    for (const member of ['client_name', 'jwks', 'jwks_uri']) expect(body).not.toHaveProperty(member);
  });

  test('drops grant types that clients name for other servers', async () => {
    const grant_types = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
    const { status, body } = await registration({ redirect_uris: [callback], grant_types });
    expect(status).toBe(201);
    expect(body.grant_types).toEqual(['authorization_code', 'refresh_token']);
  });

  test('never fetches a logo, nor lets the browser fetch it (R15)', async () => {
    let visits = 0;
    const site = await serving((_, response) => {
      visits += 1;
      response.end();
    });
    const logo_uri = `${site}/logo.png`;
    const { browser, page, fields } = await beginSignIn(issuer, { metadata: { logo_uri, client_uri: logo_uri } });
    const consent = await reachConsent(issuer, browser, page);
    expect(consent.page.html).not.toContain(logo_uri);
    expect(consent.page.html).not.toContain('<img');
    expect(consent.page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*img-src 'self';/);
    await approve(browser, { page: consent.page, fields });
    expect(visits).toBe(0);
  });

  test('takes a logo at an address of the inside, for it is never fetched (R15)', async () => {
    const logo_uri = 'http://169.254.169.254/latest/meta-data';
    expect((await registration({ redirect_uris: [callback], logo_uri })).status).toBe(201);
  });
});

describe('bodies that are no registration, RFC 7591 §3.2.2', () => {
  const good = JSON.stringify({ redirect_uris: [callback] });
  const types: [string, string | undefined][] = [
    ['plain text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['two types at once', 'application/json, application/x-www-form-urlencoded'],
    ['something like JSON', 'application/jsonp'],
    ['nonsense', ';;; =;'],
    ['nothing', undefined],
  ];
  test.for(types)('refuses a body that is called %s (R20)', async ([, type]) => {
    const headers = { 'content-type': type ?? '', ...newSourceIp() };
    const { status, body } = await post(good, headers);
    expect([400, 415]).toContain(status);
    expect(body.error).toBe('invalid_client_metadata');
  });

  test.for(['application/json; charset=utf-8', 'Application/JSON', 'application/json ;charset="UTF-8"'])(
    'takes a body that is called %s (R20)',
    async (type) => {
      expect((await post(good, { 'content-type': type })).status).toBe(201);
    },
  );

  const broken: [string, string | Buffer, number][] = [
    ['nothing', '', 400],
    ['half an object', '{"redirect_uris":', 400],
    ['a list', `[${good}]`, 400],
    ['null', 'null', 400],
    ['a number', '1e999', 400],
    ['a text', '"x"', 400],
    ['a form', 'redirect_uris=https%3A%2F%2Fclient.example%2Fcb', 400],
    ['ten thousand lists in one another', '['.repeat(10_000) + ']'.repeat(10_000), 400],
    ['ten thousand lists that never end', '['.repeat(10_000), 400],
    ['a megabyte', JSON.stringify({ redirect_uris: [callback], client_name: 'x'.repeat(1_000_000) }), 413],
    ['a megabyte of spaces around a good one', `${good}${' '.repeat(1_000_000)}`, 413],
    ['broken UTF-8 in a name', Buffer.from(`{"redirect_uris":["${callback}"],"client_name":"A\xff"}`, 'latin1'), 400],
    ['broken UTF-8 in a redirect URI', Buffer.from('{"redirect_uris":["https://client.example/\xff"]}', 'latin1'), 400],
    ['broken UTF-8 alone', Buffer.from([0xff, 0xfe, 0xfd]), 400],
    ['UTF-16', Buffer.from(good, 'utf16le'), 400],
  ];
  test.for(broken)('refuses %s, and stays up (R21)', async ([, bytes, status]) => {
    const answer = await post(bytes);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
      error_description: expect.any(String),
    });
    expect((await post(good)).status).toBe(201);
  });

  test('takes nothing from members named __proto__ or constructor', async () => {
    const inherited = '{"token_endpoint_auth_method":"none","client_name":"Polluted"}';
    const { status, body } = await post(
      `{"redirect_uris":["${callback}"],"__proto__":${inherited},"constructor":{"prototype":${inherited}}}`,
    );
    expect(status).toBe(201);
    expect(body.token_endpoint_auth_method).toBe('client_secret_basic');
    expect(body).not.toHaveProperty('client_name');
    expect((await registration({ redirect_uris: [callback] })).body).not.toHaveProperty('client_name');
  });

  test.for(['x', 'client_name', 'contacts'])('passes over %s when it is nested deep', async (member) => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const { status, body } = await post(`{"redirect_uris":["${callback}"],"${member}":${deep}}`);
    expect(status).toBe(201);
    expect(body).not.toHaveProperty(member);
  });

  test.for([
    ['a header of 20 kB', { 'x-long': 'x'.repeat(20_000) }],
    ['an Authorization that is nonsense', { authorization: 'Basic \u00ff\u00fe' }],
    ['a Content-Encoding that is not there', { 'content-encoding': 'gzip' }],
  ] as [string, Headed][])('answers %s with less than 500', async ([, headers]) => {
    const { status } = await post('{}', headers);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

describe('how often a network may register', () => {
  const metadata = { redirect_uris: [callback] };

  test('answers beyond the limit with 429 in the form of the endpoint, and says when to come back', async () => {
    const ip = newSourceIp();
    const first = await Promise.all(
      Array.from({ length: 60 }, () => registration(metadata, { ...ip, ...tomorrowAt(1) })),
    );
    expect(first.filter(({ status }) => status === 201).length).toBe(60);
    const { status, headers, body } = await registration(metadata, { ...ip, ...tomorrowAt(2) });
    expect(status).toBe(429);
    expect(body).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await registration(metadata, { ...newSourceIp(), ...tomorrowAt(2) })).status).toBe(201);
    expect((await registration(metadata, { ...ip, ...tomorrowAt(61) })).status).toBe(201);
  });

  test('counts nothing for those it refuses', async () => {
    const ip = newSourceIp();
    const many = (seconds: number, length = 60) =>
      Promise.all(Array.from({ length }, () => registration(metadata, { ...ip, ...tomorrowAt(seconds) })));
    const accepted = (answers: Answer[]) => answers.filter(({ status }) => status === 201).length;
    expect(accepted(await many(1, 100))).toBe(60);
    expect(accepted(await many(61))).toBe(60);
    expect(accepted(await many(121))).toBe(60);
    expect(accepted(await many(181))).toBe(20);
  });

  test('takes all of an IPv6 /64 for one', async () => {
    const network = `2001:db8:${randomInt(0x1_0000).toString(16)}`;
    const from = (address: string) => registration(metadata, { 'x-local-source-ip': address, ...tomorrowAt(1) });
    const first = await Promise.all(Array.from({ length: 60 }, (_, at) => from(`${network}:1::${at.toString(16)}`)));
    expect(first.filter(({ status }) => status === 201).length).toBe(60);
    expect((await from(`${network}:1:ffff:ffff:ffff:ffff`)).status).toBe(429);
    expect((await from(`${network}:2::1`)).status).toBe(201);
  });

  test('counts no registration that was refused for what it said', async () => {
    const headers = { ...newSourceIp(), ...tomorrowAt(1) };
    await Promise.all(Array.from({ length: 70 }, () => registration({ redirect_uris: [] }, headers)));
    expect((await registration(metadata, headers)).status).toBe(201);
  });

  test('takes its limit from where the gateway saw the caller, not from what the caller claims', async () => {
    const ip = newSourceIp();
    const claim = () => ({ ...ip, ...tomorrowAt(1), 'x-forwarded-for': Object.values(newSourceIp()).join() });
    await Promise.all(Array.from({ length: 60 }, () => registration(metadata, claim())));
    expect((await registration(metadata, claim())).status).toBe(429);
  });
});

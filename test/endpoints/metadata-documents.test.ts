import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../cli/admin-process.ts';
import { Browser, heading, hiddenFields, internalsIn, type Page } from '../support/browser.ts';
import { type ClientSite, document, down, failing, startClientSite } from '../support/client-site.ts';
import {
  approve,
  authorizedCode,
  authorizePath,
  callback,
  isAccepted,
  newPkce,
  newSourceIp,
  reachConsent,
  refresh,
  register,
  tomorrowAt,
} from '../support/flow.ts';
import { DAY, HOUR, later, MINUTE, redeem, redeemed, tokensIn } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

/** As Claude Code describes itself. */
const native = {
  client_name: 'Clever Client',
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

/** As ChatGPT describes itself: it prefers a signature, and can do without. */
const either = {
  client_name: 'ChatGPT',
  redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect', callback],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
  token_endpoint_auth_signing_alg: 'RS256',
  jwks_uri: 'https://chatgpt.com/oauth/jwks.json',
};

/** The least that a document must say. */
const least = { redirect_uris: [callback] };

let site: ClientSite;
/** A host that the operator trusts too. */
let other: ClientSite;
let stack: RunningStack;
let issuer: string;

beforeAll(async () => {
  [site, other] = await Promise.all([startClientSite(), startClientSite()]);
  stack = await startStack({ env: { TRUSTED_METADATA_HOSTS: `${site.host},${other.host}` } });
  issuer = stack.issuer;
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([site.stop(), other.stop()]);
});

type Opening = {
  readonly request?: Record<string, string | undefined>;
  readonly headers?: Record<string, string>;
  readonly at?: number;
};

/** The first page of an authorization request by a client, so many seconds from now. */
function open(clientId: string, { request = {}, headers = {}, at = 0 }: Opening = {}): Promise<Page> {
  const browser = new Browser(issuer, { ...newSourceIp(), ...later(at), ...headers });
  return browser.open(authorizePath(clientId, newPkce().challenge, request));
}

function expectSignIn(page: Page): void {
  expect(page.status, heading(page)).toBe(200);
  expect(page.html).toContain('name="email"');
}

/** A page for the person, with nothing sent to where the unproven request wants it, and no sign-in begun. */
function expectRefused(page: Page, statuses: number[]): void {
  expect(statuses, heading(page)).toContain(page.status);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.has('location')).toBe(false);
  expect(page.headers.getSetCookie()).toEqual([]);
  expect(page.html).not.toContain('name="email"');
  expect(internalsIn(page)).toEqual([]);
}

describe.concurrent('a client whose id is the URL of its description, Client ID Metadata Document §3', () => {
  test('walks from its id to tokens that work and refresh, without registering', async () => {
    const client = { client_id: site.publish(native) };
    const { code, verifier } = await authorizedCode(issuer, client.client_id);
    const tokens = await redeemed(issuer, { client, code, verifier });
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
    const again = await tokensIn(await refresh(issuer, client.client_id, tokens.refresh_token));
    expect(await isAccepted(issuer, again.access_token)).toBe(true);
  });

  test('walks the same way without a signature where it offers to do without (C11, G20)', async () => {
    const client = { client_id: site.publish(either) };
    const { code, verifier } = await authorizedCode(issuer, client.client_id);
    expect((await redeem(issuer, { client, code, verifier })).status).toBe(200);
  });

  test('must sign where it offers nothing else (C12)', async () => {
    const { token_endpoint_auth_methods_supported: _, ...only } = either;
    const client = { client_id: site.publish(only) };
    const { code, verifier } = await authorizedCode(issuer, client.client_id);
    expect((await redeem(issuer, { client, code, verifier })).status).toBe(401);
  });

  test.for(['http://localhost:49152/callback', 'http://127.0.0.1:3118/callback'])(
    'is answered at %s where its description names no port (A05, G18, G21)',
    async (redirect_uri) => {
      const { redirect } = await authorizedCode(issuer, site.publish(native), { request: { redirect_uri } });
      expect(redirect.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
    },
  );

  test.for(['http://127.0.0.1:1/evil', 'https://localhost/callback', 'https://client.example/cb'])(
    'is not answered at %s, which its description does not name (A08)',
    async (redirect_uri) => {
      expectRefused(await open(site.publish(native), { request: { redirect_uri } }), [400]);
    },
  );

  test('is shown to the person with its name, the host of its id and where the answer goes', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const first = await browser.open(authorizePath(site.publish(native), newPkce().challenge));
    const { page } = await reachConsent(issuer, browser, first);
    for (const part of ['Clever Client', site.host, 'localhost:7777']) expect(page.html).toContain(part);
    expect(page.html).toContain('This app runs on this device');
  });

  test('may leave out all but its id and where it is answered', async () => {
    expectSignIn(await open(site.publish(least)));
  });
});

describe.concurrent('what is only shown in a description, RFC 7591 §2', () => {
  test.for([
    ['empty', { client_name: '', client_uri: '', logo_uri: '', tos_uri: null, contacts: [], jwks: {}, scope: '' }],
    ['a script', { client_uri: 'javascript:alert(1)', logo_uri: 'data:text/html,x', policy_uri: 'nonsense' }],
    ['of no kind', { client_name: { en: 'x' }, contacts: 7, software_version: [1], 'client_name#ja': null }],
    ['invisible or half a letter', { client_name: 'Cla\u200bude', 'client_name#ja': '\u202ex', tos_uri: '\ud800' }],
  ] as const)('costs nothing when it is %s, and is not shown', async ([, junk]) => {
    const browser = new Browser(issuer, newSourceIp());
    const id = site.publish({ ...least, ...junk });
    const { page } = await reachConsent(issuer, browser, await browser.open(authorizePath(id, newPkce().challenge)));
    expect(page.html).toContain('without a name');
    expect(page.html).not.toMatch(/javascript:|data:|\u200b|\u202e/);
  });

  test('is the name, in any script', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const id = site.publish({ ...least, client_name: 'نمی\u200cخواهم' });
    const { page } = await reachConsent(issuer, browser, await browser.open(authorizePath(id, newPkce().challenge)));
    expect(page.html).toContain('<bdi>نمی\u200cخواهم</bdi>');
  });
});

describe.concurrent('how long a description is used, RFC 9111 §5.2.2, Client ID Metadata Document §4.3', () => {
  const ages: [string, number][] = [
    ['max-age=300', 300],
    ['public, max-age=7200', 2 * HOUR],
    ['max-age=0', MINUTE],
    ['no-store', MINUTE],
    ['max-age=31536000', DAY],
    ['private', HOUR],
  ];
  test.for(ages)('%s: it is read again after %i seconds and not before', async ([cacheControl, seconds]) => {
    const id = site.publish(least, cacheControl);
    for (const at of [0, 1, seconds - 20]) expectSignIn(await open(id, { at }));
    expect(site.visits(id)).toBe(1);
    expectSignIn(await open(id, { at: seconds + 20 }));
    expect(site.visits(id)).toBe(2);
  });

  test('where it leaves out a redirect URI, that is refused once it was read again (C14)', async () => {
    const id = site.publish({ redirect_uris: [callback, 'https://client.example/cb'] }, 'max-age=300');
    const request = { redirect_uri: 'https://client.example/cb' };
    expectSignIn(await open(id, { request }));
    site.serve(new URL(id).pathname, document({ client_id: id, ...least }));
    expectSignIn(await open(id, { request, at: 200 }));
    expectRefused(await open(id, { request, at: 400 }), [400]);
    expectSignIn(await open(id, { at: 401 }));
  });

  test('once it was read again, it is kept as long as it then says', async () => {
    const id = site.publish(least, 'max-age=300');
    expectSignIn(await open(id));
    site.serve(new URL(id).pathname, document({ client_id: id, ...least }, 'max-age=3600'));
    for (const at of [400, 3_000]) expectSignIn(await open(id, { at }));
    expect(site.visits(id)).toBe(2);
  });
});

describe.concurrent('when the host of a description is out of order (C17, G22)', () => {
  const troubles: [string, RequestListener][] = [
    ['it is down', down],
    ['it answers 503', failing(503)],
    ['it answers 429', failing(429)],
  ];
  test.for(troubles)('what was read before serves for another day: %s', async ([, trouble]) => {
    const id = site.publish(least, 'max-age=300');
    expectSignIn(await open(id));
    site.serve(new URL(id).pathname, trouble);
    expectSignIn(await open(id, { at: 400 }));
    expectSignIn(await open(id, { at: DAY }));
    expect(site.visits(id)).toBe(3);
    expectRefused(await open(id, { at: DAY + 400 }), [400, 502]);
    site.serve(new URL(id).pathname, document({ client_id: id, ...least }));
    expectSignIn(await open(id, { at: DAY + 500 }));
  });

  test.for<[string, RequestListener]>([
    ['gone (404)', failing(404)],
    ['gone (410)', failing(410)],
    ['forbidden', failing(403)],
    ['somewhere else', failing(302, { location: '/elsewhere' })],
    ['a web page', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end()],
    ['of another client', document({ client_id: 'https://client.example/other', ...least })],
    ['no description', document([])],
  ])('what was read before serves no longer once it is %s, not even when the host is down later', async ([, gone]) => {
    const id = site.publish(least, 'max-age=300');
    expectSignIn(await open(id));
    site.serve(new URL(id).pathname, gone);
    expectRefused(await open(id, { at: 400 }), [400, 502]);
    site.serve(new URL(id).pathname, down);
    expectRefused(await open(id, { at: 500 }), [502]);
    site.serve(new URL(id).pathname, document({ client_id: id, ...least }));
    expectSignIn(await open(id, { at: 600 }));
  });

  test('what is older than that serves nobody, not even whoever waits for another to read it', async () => {
    const id = site.publish(least, 'max-age=300');
    expectSignIn(await open(id));
    site.serve(new URL(id).pathname, down);
    expectRefused(await open(id, { at: 2 * DAY }), [502]);
    expectRefused(await open(id, { at: 2 * DAY }), [502]);
  });

  test('a page says so and names the host, where nothing was read before', async () => {
    const page = await open(site.serve(`/${randomUUID()}`, down));
    expectRefused(page, [502]);
    expect(page.html).toContain(site.host);
    expect(heading(page)).not.toBe('');
  });

  test('tokens are refreshed all the same, for a refresh reads no description (F16)', async () => {
    const client = { client_id: site.publish(native, 'max-age=60') };
    const { code, verifier } = await authorizedCode(issuer, client.client_id);
    const tokens = await redeemed(issuer, { client, code, verifier });
    site.serve(new URL(client.client_id).pathname, down);
    const visits = site.visits(client.client_id);
    let { refresh_token } = tokens;
    for (const days of [1, 20, 40]) {
      const parameters = { grant_type: 'refresh_token', ...client, refresh_token };
      const body = new URLSearchParams(parameters);
      const response = await fetch(`${issuer}/token`, { method: 'POST', headers: later(days * DAY), body });
      refresh_token = (await tokensIn(response)).refresh_token;
    }
    expect(site.visits(client.client_id)).toBe(visits);
  });
});

describe.concurrent('what is no description of a client, Client ID Metadata Document §4', () => {
  const json = { 'content-type': 'application/json' };
  const bytes = (body: string | Buffer, headers = json): RequestListener => {
    return (_, response) => void response.writeHead(200, headers).end(body);
  };
  const wrong: [string, (id: string) => RequestListener][] = [
    ['names another id', () => document({ client_id: 'https://client.example/client.json', ...least })],
    ['names its id with a slash more', (id) => document({ client_id: `${id}/`, ...least })],
    ['names its id in capitals', (id) => document({ client_id: id.toUpperCase(), ...least })],
    ['names no id', () => document(least)],
    ['has a secret to share (by Basic)', (id) => withMethod(id, 'client_secret_basic')],
    ['has a secret to share (in the form)', (id) => withMethod(id, 'client_secret_post')],
    ['has a secret to sign with', (id) => withMethod(id, 'client_secret_jwt')],
    ['signs, but has no key', (id) => withMethod(id, 'private_key_jwt')],
    ['has no redirect URI', (id) => document({ client_id: id, redirect_uris: [] })],
    ['has only a redirect URI that no code may go to', (id) => document({ client_id: id, redirect_uris: ['data:,x'] })],
    ['has keys at no address', (id) => document({ client_id: id, ...least, jwks_uri: 'javascript:alert(1)' })],
    ['is larger than 5 KB', (id) => document({ client_id: id, ...least, x: 'x'.repeat(6_000) })],
    ['is a list', (id) => document([{ client_id: id, ...least }])],
    ['is null', () => document(null)],
    ['is half a document', () => bytes('{"client_id":')],
    [
      'is no UTF-8',
      (id) => bytes(Buffer.from(`{"client_id":"${id}","redirect_uris":["${callback}"],"x":"\xff"}`, 'latin1')),
    ],
    [
      'is called a web page',
      (id) => bytes(JSON.stringify({ client_id: id, ...least }), { 'content-type': 'text/html' }),
    ],
    [
      'comes with 201',
      (id) => (_, response) => void response.writeHead(201, json).end(JSON.stringify({ client_id: id, ...least })),
    ],
  ];
  test.for(wrong)(
    'one that %s is refused and not kept, and is read again as soon as it is mended (C03, C09)',
    async ([, answer]) => {
      const path = `/${randomUUID()}/client.json`;
      const id = site.serve(path, down);
      site.serve(path, answer(id));
      expectRefused(await open(id), [400, 502]);
      site.serve(path, document({ client_id: id, ...least }));
      expectSignIn(await open(id));
      expect(site.visits(id)).toBe(2);
    },
  );

  function withMethod(client_id: string, token_endpoint_auth_method: string): RequestListener {
    return document({ client_id, ...least, token_endpoint_auth_method });
  }

  test.for([301, 302, 303, 307, 308])('a redirect (%i) is not followed (C06)', async (status) => {
    const target = site.publish(least);
    const id = site.serve(`/${randomUUID()}`, failing(status, { location: target }));
    expectRefused(await open(id), [400, 502]);
    expect(site.visits(id)).toBe(1);
    expect(site.visits(target)).toBe(0);
  });
});

describe('addresses that are not asked at all, Client ID Metadata Document §3 and §6', () => {
  let inside: Server;
  let port: number;
  let connections = 0;
  beforeAll(async () => {
    inside = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    inside.listen(0, '127.0.0.1');
    await once(inside, 'listening');
    port = (inside.address() as AddressInfo).port;
  });
  afterAll(() => void inside.close());

  test.for([
    'http://127.0.0.1:PORT/client.json',
    'http://localhost:PORT/client.json',
    'https://127.0.0.1:PORT/client.json',
    'https://localhost:PORT/client.json',
    'https://[::ffff:7f00:1]:PORT/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/client.json',
    'https://[fd00::1]/client.json',
  ])('%s, which is inside (C02)', async (template) => {
    expectRefused(await open(template.replace('PORT', String(port))), [400, 502]);
    expect(connections).toBe(0);
  });

  test('a host that is trusted, under another name or port', async () => {
    const { port: trusted } = new URL(`http://${site.host}`);
    expectRefused(await open(`http://localhost:${trusted}/client.json`), [400]);
    expectRefused(await open(`http://127.0.0.1:${port}/client.json`), [400]);
    expect(connections).toBe(0);
    expect(site.visits('/client.json')).toBe(0);
  });

  test.for([
    'http://HOST',
    'http://HOST/',
    'http://HOST/client.json#part',
    'http://HOST/client.json#',
    'http://user@HOST/client.json',
    'http://user:secret@HOST/client.json',
    'http://HOST/a/../client.json',
    'http://HOST/a/%2e%2e/client.json',
    'http://HOST/./client.json',
    'HTTP://HOST/client.json',
    'http://HOST/client.json\\..',
    'ftp://HOST/client.json',
    'file:///etc/passwd',
    'http://HOST/LONG',
  ])('%s, which is not in the form of an id (C02)', async (template) => {
    const id = template.replace('HOST', site.host).replace('LONG', 'a'.repeat(1_000));
    expectRefused(await open(id), [400]);
    const { pathname } = URL.canParse(id) ? new URL(id) : { pathname: '/client.json' };
    expect(site.visits(pathname)).toBe(0);
  });
});

describe('how often descriptions are read', () => {
  test('twenty first requests at once lead to one reading, or two, and all go on (C15)', async () => {
    const id = site.publish(least);
    const pages = await Promise.all(Array.from({ length: 20 }, () => open(id)));
    for (const page of pages) expectSignIn(page);
    expect(site.visits(id)).toBeLessThanOrEqual(2);
  });

  test('a network may have twenty a minute read, and gets a page that says when to come back (C15)', async () => {
    const headers = newSourceIp();
    const soon = { ...headers, ...tomorrowAt(1) };
    const ids = Array.from({ length: 22 }, () => site.publish(least));
    const [another = '', last = '', ...first] = ids;
    for (const id of first) expectSignIn(await open(id, { headers: soon }));
    const page = await open(last, { headers: soon });
    expectRefused(page, [429]);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(page.headers.get('retry-after'))).toBeLessThanOrEqual(MINUTE);
    expect(site.visits(last)).toBe(0);
    for (const id of first) expectSignIn(await open(id, { headers: soon }));
    expectSignIn(await open(another, { headers: { ...newSourceIp(), ...tomorrowAt(1) } }));
    expectSignIn(await open(last, { headers: { ...headers, ...tomorrowAt(61) } }));
  });

  test('a network that used that up still uses what was read within the last day', async () => {
    const headers = { ...newSourceIp(), ...tomorrowAt(1) };
    const known = site.publish(least, 'max-age=60');
    expectSignIn(await open(known));
    for (let at = 0; at < 20; at += 1) expectSignIn(await open(site.publish(least), { headers }));
    expectRefused(await open(site.publish(least), { headers }), [429]);
    expectSignIn(await open(known, { headers }));
    expect(site.visits(known)).toBe(1);
  });
});

describe('where the settings take no descriptions (G23)', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-documents-'));
  const env = () => ({ TRUSTED_METADATA_HOSTS: site.host });
  let id: string;
  let closed: RunningStack;
  const openThere = (clientId: string) =>
    new Browser(closed.issuer, newSourceIp()).open(authorizePath(clientId, newPkce().challenge));

  beforeAll(async () => {
    const before = await startStack({ dataDir, env: env() });
    id = site.publish(least);
    expectSignIn(await new Browser(before.issuer, newSourceIp()).open(authorizePath(id, newPkce().challenge)));
    await before.stop();
    closed = await startStackWith({ registration: { metadataDocuments: false } }, { dataDir, env: env() });
  });
  afterAll(async () => {
    await closed.stop();
    rmSync(dataDir, { recursive: true });
  });

  test('the metadata says so', async () => {
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']) {
      const metadata = (await (await fetch(`${closed.issuer}${path}`)).json()) as object;
      expect(metadata).toMatchObject({ client_id_metadata_document_supported: false });
      expect(metadata).toHaveProperty('registration_endpoint');
    }
  });

  test('such a client gets a page, and its host is not asked', async () => {
    const other = site.publish(least);
    expectRefused(await openThere(other), [400]);
    expect(site.visits(other)).toBe(0);
  });

  test('so does one whose description was read before', async () => {
    expectRefused(await openThere(id), [400]);
  });
});

describe.concurrent('the logo of a client, Client ID Metadata Document §6', () => {
  const png = readFileSync(new URL('../support/icon.png', import.meta.url));
  const jpeg = Buffer.from('ffd8ffe000044a46ffc0001108004000400301220002110103110100', 'hex');
  const webp = Buffer.from('524946461a000000574542505650384c0d0000002f3fc00f00ffd8ff00000000', 'hex');
  const ofSize = (width: number, height: number) => {
    const bytes = Buffer.from(png);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };
  const giving =
    (bytes: string | Buffer, type = 'image/png'): RequestListener =>
    (_, response) =>
      void response.writeHead(200, { 'content-type': type }).end(bytes);
  /** Publishes a client with a logo of its own. */
  const withLogo = (answer: RequestListener, more: object = {}) => {
    const logo_uri = site.serve(`/${randomUUID()}/logo`, answer);
    return { logo_uri, id: site.publish({ ...native, logo_uri, ...more }) };
  };
  const pictureIn = ({ html }: Page) => /<dd><img src="(\/authorize\/logo\?transaction=\w+)" alt=""/.exec(html)?.[1];

  /** A person who is asked whether the client may have access. */
  async function asked(id: string, headers: Record<string, string> = newSourceIp()) {
    const browser = new Browser(issuer, headers);
    const first = await browser.open(authorizePath(id, newPkce().challenge));
    return { browser, ...(await reachConsent(issuer, browser, first)) };
  }

  /** The picture as a browser has it. */
  function picture(path: string | undefined, { cookies }: Browser, headers: Record<string, string> = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return fetch(`${issuer}${path}`, { headers: { cookie, ...headers }, redirect: 'manual' });
  }

  async function logoOf(id: string, headers?: Record<string, string>): Promise<Response> {
    const { page, browser } = await asked(id, headers);
    return picture(pictureIn(page), browser, headers);
  }

  async function expectInitial(response: Response, initial = 'C'): Promise<void> {
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(await response.text()).toContain(`>${initial}</text></svg>`);
  }

  test.for<[string, Buffer]>([
    ['image/png', png],
    ['image/jpeg', jpeg],
    ['image/webp', webp],
  ])('is shown from here beside the host that vouches for the client, as what it is: %s', async ([type, bytes]) => {
    const { id, logo_uri } = withLogo(giving(bytes, 'text/html'));
    const { page, browser } = await asked(id);
    expect(page.html).not.toContain(logo_uri);
    expect(page.headers.get('content-security-policy')).toContain("img-src 'self';");
    const response = await picture(pictureIn(page), browser);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=900',
    });
  });

  test('is fetched once a day, however many people see it, and without a word of them', async () => {
    const sent: Record<string, unknown>[] = [];
    const { id, logo_uri } = withLogo((request, response) => {
      sent.push(request.headers);
      giving(png)(request, response);
    });
    for (const at of [0, 0, HOUR])
      expect((await logoOf(id, { ...newSourceIp(), ...later(at) })).headers.get('content-type')).toBe('image/png');
    expect(site.visits(logo_uri)).toBe(1);
    const { host, connection, ...others } = sent[0] ?? {};
    expect([host, connection, others]).toEqual([
      site.host,
      'close',
      { accept: 'image/png, image/jpeg, image/webp', 'user-agent': 'Vestibule' },
    ]);
    await logoOf(id, { ...newSourceIp(), ...later(DAY + MINUTE) });
    expect(site.visits(logo_uri)).toBe(2);
  });

  test.for<[string, RequestListener]>([
    ['SVG', giving('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'image/svg+xml')],
    ['a web page', giving('<!doctype html><script>alert(1)</script>', 'text/html')],
    ['a web page that is called a PNG', giving('<!doctype html><script>alert(1)</script>')],
    ['a GIF', giving(Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'image/gif')],
    ['empty', giving('')],
    ['cut off', giving(png.subarray(0, 20))],
    ['of 3,000 pixels', giving(ofSize(3_000, 40))],
    ['of no pixels', giving(ofSize(40, 0))],
    ['larger than 100 KB', giving(Buffer.concat([png, Buffer.alloc(100 * 1_024)]))],
    ['compressed', giving(gzipSync(png))],
    ['gone', failing(404)],
    ['somewhere else', failing(302, { location: '/elsewhere' })],
    ['down', down],
    ['slow', (_, response) => void response.writeHead(200).write(png.subarray(0, 8))],
  ])(
    'is the first letter of its name where the logo is %s, and is fetched again ten minutes later',
    async ([, wrong]) => {
      const { id, logo_uri } = withLogo(wrong);
      const { page, browser } = await asked(id);
      const path = pictureIn(page);
      for (const at of [0, 9 * MINUTE]) await expectInitial(await picture(path, browser, later(at)));
      expect(site.visits(logo_uri)).toBe(1);
      site.serve(new URL(logo_uri).pathname, giving(png));
      const mended = await picture(path, browser, later(10 * MINUTE + 20));
      expect([mended.headers.get('content-type'), site.visits(logo_uri)]).toEqual(['image/png', 2]);
    },
  );

  test.for<[string, (own: string) => string]>([
    ['at a private address, if only documents of that host may be', () => `http://${other.host}/a.png`],
    ['with a password', (own) => own.replace('//', '//user:password@')],
  ])('is not asked for %s', async ([, addressed]) => {
    const own = site.serve(`/${randomUUID()}/logo`, giving(png));
    const id = site.publish({ ...native, logo_uri: addressed(own), client_name: '👩‍🚀 & co' });
    await expectInitial(await logoOf(id), '👩‍🚀');
    expect([site.visits(own), other.visits('/a.png')]).toEqual([0, 0]);
  });

  test('is another one as soon as the description names another', async () => {
    const { id, logo_uri } = withLogo(giving(png));
    await logoOf(id);
    const next = site.serve(`/${randomUUID()}/logo`, giving(jpeg));
    site.serve(new URL(id).pathname, document({ client_id: id, ...native, logo_uri: next }));
    const response = await logoOf(id, { ...newSourceIp(), ...later(400) });
    expect([response.headers.get('content-type'), site.visits(logo_uri)]).toEqual(['image/jpeg', 1]);
  });

  test('is for the browser of the sign-in alone, from when somebody has signed in until they decide', async () => {
    const { id, logo_uri } = withLogo(giving(png));
    const browser = new Browser(issuer, newSourceIp());
    const first = await browser.open(authorizePath(id, newPkce().challenge));
    const path = `/authorize/logo?transaction=${hiddenFields(first).transaction}`;
    expect((await picture(path, browser)).status).toBe(404);
    const consent = await reachConsent(issuer, browser, first);
    expect(pictureIn(consent.page)).toBe(path);
    const strangers = [new Browser(issuer), (await asked(id)).browser];
    for (const stranger of strangers) expect((await picture(path, stranger)).status).toBe(404);
    for (const wrong of ['', '?transaction=', '?transaction=x', `?client_id=${encodeURIComponent(id)}`])
      expect((await picture(`/authorize/logo${wrong}`, browser)).status).toBe(404);
    expect(site.visits(logo_uri)).toBe(0);
    expect((await picture(path, browser, later(16 * MINUTE))).status).toBe(404);
    expect((await picture(path, browser)).headers.get('content-type')).toBe('image/png');
    await approve(browser, consent);
    expect((await picture(path, browser)).status).toBe(404);
  });

  test.for<[string, () => string | Promise<string>]>([
    ['a description without one', () => site.publish(native)],
    ['one that is no address', () => site.publish({ ...native, logo_uri: 'data:image/png;base64,iVBORw0KGgo=' })],
    [
      'a registration, for which nobody vouches',
      async () =>
        (await register(issuer, { redirect_uris: [callback], logo_uri: `http://${site.host}/registered.png` }))
          .client_id,
    ],
  ])('is none for %s', async ([, client]) => {
    const { page, browser, fields } = await asked(await client());
    expect(page.html).not.toContain('<img');
    expect((await picture(`/authorize/logo?transaction=${fields.transaction}`, browser)).status).toBe(404);
    expect(site.visits('/registered.png')).toBe(0);
  });
});

describe('a client that the operator denied', () => {
  const operator = () => new Operator(issuer);
  const listed = async () =>
    (await operator().json<{ readonly denied: readonly { readonly client: string }[] }>('clients', 'denied')).denied;

  test.for<[string, (id: string) => Promise<unknown>, (id: string) => string]>([
    ['by its URL', (id) => operator().json('clients', 'deny', id), (id) => id],
    ['by removing it', (id) => operator().json('clients', 'remove', id), (id) => id],
    [
      'by its URL in other letters',
      (id) => operator().json('clients', 'deny', id.replace('http', 'HTTP')),
      (id) => id.replace('http', 'HTTP'),
    ],
    [
      'by its host at any port',
      (id) => operator().json('clients', 'deny', new URL(id).hostname),
      (id) => new URL(id).hostname,
    ],
    ['by its host', (id) => operator().json('clients', 'deny', new URL(id).host), (id) => new URL(id).host],
  ])('stays denied, %s, until it is allowed again', async ([, deny, denied]) => {
    const client = { client_id: site.publish(native) };
    const { code, verifier } = await authorizedCode(issuer, client.client_id);
    const tokens = await redeemed(issuer, { client, code, verifier });
    const waiting = await authorizedCode(issuer, client.client_id);
    await deny(client.client_id);
    const visits = site.visits(client.client_id);
    for (const at of [0, DAY]) expectRefused(await open(client.client_id, { at }), [403]);
    expect(site.visits(client.client_id)).toBe(visits);
    expect((await refresh(issuer, client.client_id, tokens.refresh_token)).status).toBe(401);
    expect((await redeem(issuer, { client, ...waiting })).status).toBe(401);
    const again = ['clients', 'deny', denied(client.client_id)];
    expect((await operator().run(...again)).stderr).toContain('is denied already');
    expect(await listed()).toContainEqual({
      client: expect.stringMatching(/^[^A-Z]+$/),
      denied_at: expect.any(String),
    });
    await operator().json('clients', 'allow', denied(client.client_id));
    expect(await listed()).toEqual([]);
    expectSignIn(await open(client.client_id));
  });

  test('shows its logo to nobody any more', async () => {
    const logo_uri = site.serve(`/${randomUUID()}.png`, failing(404));
    const id = site.publish({ ...native, logo_uri });
    const browser = new Browser(issuer, newSourceIp());
    const first = await browser.open(authorizePath(id, newPkce().challenge));
    await reachConsent(issuer, browser, first);
    await operator().json('clients', 'deny', id);
    const { status } = await browser.open(`/authorize/logo?transaction=${hiddenFields(first).transaction}`);
    expect([status, site.visits(logo_uri)]).toEqual([404, 0]);
    await operator().json('clients', 'allow', id);
  });

  test('is listed, however many there are, to be read by people too', async () => {
    expect((await operator().run('clients', 'denied')).stdout).toContain('There are none.');
    const hosts = Array.from({ length: 103 }, (_, at) => `host-${at}.example`);
    await Promise.all(hosts.map((client) => operator().result('clients deny', { client })));
    expect((await listed()).map(({ client }) => client)).toEqual(hosts.toSorted());
    expect((await operator().run('clients', 'denied')).stdout).toMatch(/^ *host-102\.example +\d{4}-\d\d-\d\dT/m);
    await Promise.all(hosts.map((client) => operator().result('clients allow', { client })));
    expect(await listed()).toEqual([]);
  });

  test('by its host is so under the name that ends with a dot', async () => {
    await operator().json('clients', 'deny', 'Denied.Example.');
    const pages = [await open('https://denied.example./client.json'), await open('https://denied.example:8443/a')];
    for (const page of pages) expect(heading(page)).toBe(heading(await open('https://denied.example/client.json')));
    expect(heading(await open('https://other.example./client.json'))).not.toBe(heading(pages[0] as Page));
    await operator().json('clients', 'allow', 'denied.example');
  });

  test('is forgotten, with what its description said', async () => {
    const id = site.publish(native);
    expectSignIn(await open(id));
    expect((await operator().run('clients', 'show', id)).stdout).toContain(id);
    await operator().json('clients', 'deny', id);
    expect((await operator().run('clients', 'show', id)).stderr).toContain('There is no client');
    await operator().json('clients', 'allow', id);
  });

  test('is not kept by a request that was reading its description', async () => {
    const path = `/${randomUUID()}/client.json`;
    const id = site.serve(path, async (request, response) => {
      await operator().json('clients', 'deny', id);
      document({ client_id: id, ...least })(request, response);
    });
    expectRefused(await open(id), [403]);
    await operator().json('clients', 'allow', id);
    expect((await operator().run('clients', 'show', id)).stderr).toContain('There is no client');
  });

  test.for([
    'a-client',
    'https://client.example',
    'https://client.example/client.json#part',
    'https://user@client.example/client.json',
    'client.example/client.json',
    'user@client.example',
    'client.example:port',
    `https://client.example/${'ü'.repeat(400)}`,
  ])('is one that could come back, under the id that it has: %s', async (denied) => {
    const { code, stderr } = await operator().run('clients', 'deny', denied);
    expect([code, stderr]).toEqual([1, expect.stringContaining('neither the URL of a metadata document nor a host')]);
  });
});

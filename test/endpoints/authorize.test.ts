import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import {
  Browser,
  heading,
  hiddenFields,
  internalsIn,
  location,
  offeredScopes,
  type Page,
  send,
} from '../support/browser.ts';
import {
  approve,
  authorizedCode,
  authorizePath,
  beginSignIn,
  callback,
  connect,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';
import { initialScopes } from '../support/scopes.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;
const web = 'https://client.example/cb';

type Changes = Record<string, string | undefined>;

/** Asks for authorization in a new browser. `more` is added to the query as it is. */
async function ask(redirectUris: readonly string[], changes: Changes = {}, more = ''): Promise<Page> {
  const { client_id } = await register(issuer, { redirect_uris: redirectUris });
  return open(authorizePath(client_id, newPkce().challenge, changes) + more);
}

function open(path: string): Promise<Page> {
  return new Browser(issuer, newSourceIp()).open(path);
}

function expectPage(page: Page, status = 400): void {
  expect(page.status).toBe(status);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(heading(page)).not.toBe('');
  expect(page.headers.has('location')).toBe(false);
  expect(page.headers.has('set-cookie')).toBe(false);
  expect(internalsIn(page)).toEqual([]);
}

/** Checks a refusal that goes back to the client, and gives its parameters. */
function expectRefusal(page: Page, redirectUri: string, error: string): URLSearchParams {
  expect(page.status).toBe(400);
  expect(page.headers.has('location')).toBe(false);
  const target = location(page);
  expect(target.href.startsWith(redirectUri)).toBe(true);
  expect(target.hash).toBe('');
  expect(target.searchParams.getAll('error')).toEqual([error]);
  expect(target.searchParams.getAll('iss')).toEqual([issuer]);
  expect(target.searchParams.has('code')).toBe(false);
  expect(page.headers.has('set-cookie')).toBe(false);
  expect(page.headers.get('cache-control')).toBe('no-store');
  return target.searchParams;
}

describe('before client and redirect URI are proven, RFC 6749 §4.1.2.1', () => {
  const unknown: [string, Changes, string][] = [
    ['that nobody registered', { client_id: 'nobody' }, ''],
    ['that is left out', { client_id: undefined }, ''],
    ['that is empty', { client_id: '' }, ''],
    ['that is given twice', {}, '&client_id=other'],
    ['with the separators of a key in it', { client_id: 'a#b|c' }, ''],
    ['with markup in it', { client_id: '<script>alert(1)</script>' }, ''],
    ['that is no UTF-8', { client_id: undefined }, '&client_id=%FF'],
    ['of 3 kB', { client_id: 'x'.repeat(3_000) }, ''],
    ['of a thousand letters that take three bytes each', { client_id: '日'.repeat(1_000) }, ''],
    ['named after a member that all objects have', { client_id: '__proto__' }, ''],
  ];
  test.for(unknown)('shows a page for a client id %s (A01)', async ([, changes, more]) => {
    const page = await ask([callback], changes, more);
    expectPage(page);
    expect(page.html).not.toContain('<script>alert');
  });

  const foreign: [string, Changes, string][] = [
    ['that was not registered', { redirect_uri: 'https://evil.example/cb' }, ''],
    ['that is left out where there are two', { redirect_uri: undefined }, ''],
    ['that is given twice', { redirect_uri: web }, '&redirect_uri=https://evil.example/cb'],
    ['that is given twice alike', { redirect_uri: web }, `&redirect_uri=${web}`],
    ['that is relative', { redirect_uri: '/cb' }, ''],
    ['of a script', { redirect_uri: 'javascript:alert(1)' }, ''],
    ['that is no UTF-8', { redirect_uri: undefined }, `&redirect_uri=${web}%FF`],
  ];
  test.for(foreign)('shows a page for a redirect URI %s (A02)', async ([, changes, more]) => {
    expectPage(await ask([web, 'https://client.example/other'], changes, more));
  });

  test.for([
    `${web}/`,
    `${web}?x=1`,
    'https://client.example/CB',
    'https://CLIENT.example/cb',
    'https://client.example:443/cb',
    'https://client.example/x/../cb',
    'https://client.example/./cb',
    'https://client.example/%63b',
    'https://client.example%2Fcb',
    'https://client.example//cb',
    `${web}#`,
    'https://user@client.example/cb',
    'https://client.example\\@evil.example/cb',
    'https://client.example.evil.example/cb',
    ' https://client.example/cb',
    'http://client.example/cb',
  ])('takes %s for another address than the registered one (A04)', async (redirect_uri) => {
    expectPage(await ask([web], { redirect_uri }));
  });

  test('takes the only registered redirect URI for one that is left out, RFC 6749 §3.1.2.3', async () => {
    expectRefusal(
      await ask([web], { redirect_uri: undefined, response_type: 'token' }),
      web,
      'unsupported_response_type',
    );
  });

  const order: [string, Changes, string][] = [
    [
      'an unknown client and all else wrong',
      { client_id: 'nobody', response_type: 'token', code_challenge: undefined },
      '',
    ],
    [
      'a foreign redirect URI and all else wrong',
      { redirect_uri: 'https://evil.example/', response_type: 'token' },
      '',
    ],
    [
      'a foreign redirect URI and a resource elsewhere',
      { redirect_uri: 'https://evil.example/' },
      '&resource=https://a.example',
    ],
    ['an unknown client and a repeated parameter', { client_id: 'nobody' }, '&state=2'],
    ['a foreign redirect URI and a repeated parameter', { redirect_uri: 'https://evil.example/' }, '&scope=a&scope=b'],
    ['a foreign redirect URI and prompt=none', { redirect_uri: 'https://evil.example/', prompt: 'none' }, ''],
  ];
  test.for(order)('shows a page, whatever else is wrong: %s', async ([, changes, more]) => {
    expectPage(await ask([web], changes, more));
  });

  test('lets no client use the address of another', async () => {
    await register(issuer, { redirect_uris: ['https://other.example/cb'] });
    expectPage(await ask([web], { redirect_uri: 'https://other.example/cb' }));
  });
});

describe('loopback redirect URIs, RFC 8252 §7.3', () => {
  const same: [string, string][] = [
    ['http://127.0.0.1/callback', 'http://127.0.0.1:49152/callback'],
    ['http://localhost/callback', 'http://localhost:50000/callback'],
    ['http://localhost:3334/oauth/callback', 'http://localhost:41234/oauth/callback'],
    ['http://127.0.0.1:33418/', 'http://127.0.0.1/'],
    ['http://[::1]:8000/cb', 'http://[::1]:9000/cb'],
    ['http://localhost/callback?a=1', 'http://localhost:50000/callback?a=1'],
  ];
  test.for(same)('lets a client that registered %s be answered at %s (A05)', async ([registered, requested]) => {
    const page = await ask([registered], { redirect_uri: requested });
    expect(page.status).toBe(200);
    expectRefusal(await ask([registered], { redirect_uri: requested, prompt: 'none' }), requested, 'login_required');
  });

  test('brings the code to the port that was asked for (A05)', async () => {
    const { client_id } = await register(issuer, { redirect_uris: ['http://127.0.0.1/callback'] });
    const redirect_uri = 'http://127.0.0.1:49152/callback';
    const { redirect } = await authorizedCode(issuer, client_id, { request: { redirect_uri } });
    expect(redirect.origin + redirect.pathname).toBe(redirect_uri);
    expect(redirect.searchParams.get('code')).toBeTruthy();
  });

  const other: [string, string, string][] = [
    ['http://localhost/callback', 'http://127.0.0.1:1/callback', 'A07'],
    ['http://127.0.0.1/callback', 'http://localhost:1/callback', 'A07'],
    ['http://127.0.0.1/callback', 'http://127.0.0.2:1/callback', 'A07'],
    ['http://127.0.0.1/callback', 'http://[::1]:1/callback', 'A07'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1/evil', 'A08'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1/callback/', 'A08'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1/callback?x=1', 'A08'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1/callback#x', 'A08'],
    ['http://127.0.0.1/callback', 'https://127.0.0.1:1/callback', 'A08'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1@evil.example/callback', 'A08'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:99999/callback', 'A08'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1.evil.example/callback', 'A08'],
    ['http://localhost/callback', 'http://localhost.evil.example:1/callback', 'A08'],
    ['https://localhost/callback', 'https://localhost:1/callback', 'A08'],
    ['cursor://localhost/callback', 'cursor://localhost:1/callback', 'A08'],
  ];
  test.for(other)('takes for a client that registered %s no other: %s ($2)', async ([registered, requested]) => {
    expectPage(await ask([registered], { redirect_uri: requested }));
  });
});

describe('after client and redirect URI are proven, RFC 6749 §4.1.2.1', () => {
  const good = newPkce().challenge;
  const wrong: [string, Changes, string, string, string][] = [
    ['no response type', { response_type: undefined }, '', 'invalid_request', 'A10'],
    ['an empty response type', { response_type: '' }, '', 'invalid_request', 'A10'],
    ['the implicit flow', { response_type: 'token' }, '', 'unsupported_response_type', 'A10'],
    ['two response types', { response_type: 'code token' }, '', 'unsupported_response_type', 'A10'],
    ['an id token', { response_type: 'id_token' }, '', 'unsupported_response_type', 'A10'],
    ['a response type in capitals', { response_type: 'CODE' }, '', 'unsupported_response_type', 'A10'],
    ['no code challenge', { code_challenge: undefined }, '', 'invalid_request', 'A11'],
    [
      'neither challenge nor method',
      { code_challenge: undefined, code_challenge_method: undefined },
      '',
      'invalid_request',
      'A11',
    ],
    ['a challenge that is too short', { code_challenge: good.slice(1) }, '', 'invalid_request', 'A13'],
    ['a challenge that is too long', { code_challenge: 'a'.repeat(129) }, '', 'invalid_request', 'A13'],
    ['a challenge with padding', { code_challenge: `${good}=` }, '', 'invalid_request', 'A13'],
    ['a challenge in another alphabet', { code_challenge: `+/${good.slice(2)}` }, '', 'invalid_request', 'A13'],
    ['a challenge with a line break', { code_challenge: `${good}\n` }, '', 'invalid_request', 'A13'],
    ['no challenge method, which would mean plain', { code_challenge_method: undefined }, '', 'invalid_request', 'A14'],
    ['the plain method', { code_challenge_method: 'plain' }, '', 'invalid_request', 'A14'],
    ['the method in small letters', { code_challenge_method: 's256' }, '', 'invalid_request', 'A14'],
    ['a method that there is not', { code_challenge_method: 'S512' }, '', 'invalid_request', 'A14'],
    ['another resource', { resource: 'https://other.example/mcp' }, '', 'invalid_target', 'A16'],
    ['another path', { resource: `${mcpUrl}-other` }, '', 'invalid_target', 'A16'],
    ['a path below', { resource: `${mcpUrl}/x` }, '', 'invalid_target', 'A16'],
    ['the path in capitals', { resource: `${issuer}/MCP` }, '', 'invalid_target', 'A16'],
    ['another port', { resource: 'http://localhost:1/mcp' }, '', 'invalid_target', 'A16'],
    ['another scheme', { resource: mcpUrl.replace(/^https?/, 'ftp') }, '', 'invalid_target', 'A16'],
    ['a host that only begins like ours', { resource: `${issuer}.evil.example/mcp` }, '', 'invalid_target', 'A16'],
    ['a resource with a query', { resource: `${mcpUrl}?tenant=1` }, '', 'invalid_target', 'A16'],
    ['a resource with a user', { resource: mcpUrl.replace('//', '//user@') }, '', 'invalid_target', 'A16'],
    ['a resource with a fragment', { resource: `${mcpUrl}#frag` }, '', 'invalid_target', 'A17'],
    ['a relative resource', { resource: '/mcp' }, '', 'invalid_target', 'A17'],
    ['a resource that is a word', { resource: 'mcp' }, '', 'invalid_target', 'A17'],
    [
      'two resources, the second one foreign',
      { resource: mcpUrl },
      '&resource=https://other.example/',
      'invalid_target',
      'A20',
    ],
    [
      'two resources, the first one foreign',
      { resource: 'https://other.example/' },
      `&resource=${mcpUrl}`,
      'invalid_target',
      'A20',
    ],
    ['a scope of 5 kB', { scope: 'todos:read '.repeat(500) }, '', 'invalid_scope', 'A23'],
    ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, '', 'request_not_supported', 'A28'],
    [
      'the address of a request object',
      { request_uri: 'https://client.example/r' },
      '',
      'request_uri_not_supported',
      'A28',
    ],
    ['an answer in the fragment', { response_mode: 'fragment' }, '', 'invalid_request', 'A29'],
    ['an answer in a form', { response_mode: 'form_post' }, '', 'invalid_request', 'A29'],
    ['to be let in without a person', { prompt: 'none' }, '', 'login_required', 'A38'],
    ['two scopes', { scope: 'todos:read' }, '&scope=todos:write', 'invalid_request', 'A38'],
    ['two response types apart', {}, '&response_type=code', 'invalid_request', 'A38'],
    ['two challenges', {}, `&code_challenge=${good}`, 'invalid_request', 'A38'],
    ['two methods', {}, '&code_challenge_method=S256', 'invalid_request', 'A38'],
    ['a scope that is no UTF-8', {}, '&scope=%FF', 'invalid_request', 'A38'],
  ];
  test.for(wrong)(
    'sends $3 with state and issuer to a client that asks for %s ($4)',
    async ([, changes, more, error]) => {
      const state = 'aß/+ %&=#"<z';
      const parameters = expectRefusal(await ask([web], { redirect_uri: web, state, ...changes }, more), web, error);
      expect(parameters.getAll('state')).toEqual([state]);
      expect(parameters.get('error_description')).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    },
  );

  test('echoes no state where two were given, for there is none to trust', async () => {
    const page = await ask([web], { redirect_uri: web, state: 'one' }, '&state=two');
    expect(expectRefusal(page, web, 'invalid_request').has('state')).toBe(false);
  });

  test.for([
    ['was left out', { state: undefined }],
    ['was empty, which counts as left out (RFC 6749 §3.1)', { state: '' }],
  ] as [string, Changes][])('sends no state with an error where it %s (A25)', async ([, changes]) => {
    const page = await ask([web], { redirect_uri: web, response_type: 'token', ...changes });
    expect(expectRefusal(page, web, 'unsupported_response_type').has('state')).toBe(false);
  });

  test('adds an error to the query that the redirect URI has (A26)', async () => {
    const redirect_uri = `${web}?a=1&b=%20`;
    const page = await ask([redirect_uri], { redirect_uri, response_type: 'token' });
    expectRefusal(page, `${redirect_uri}&error=unsupported_response_type&`, 'unsupported_response_type');
  });

  test('sends errors to a private scheme too', async () => {
    const redirect_uri = 'cursor://anysphere.cursor-mcp/oauth/callback';
    expectRefusal(await ask([redirect_uri], { redirect_uri, prompt: 'none' }), redirect_uri, 'login_required');
  });
});

describe('what is passed over, RFC 6749 §3.1', () => {
  const tolerated: [string, Changes, string][] = [
    ['an unknown parameter', { nonsense: 'x' }, ''],
    ['an unknown parameter twice', {}, '&nonsense=1&nonsense=2'],
    ['an empty scope', { scope: '' }, ''],
    ['an empty resource', { resource: '' }, ''],
    ['prompt=consent', { prompt: 'consent' }, ''],
    ['response_mode=query', { response_mode: 'query' }, ''],
    ['no state', { state: undefined }, ''],
    ['a state of 4 kB', { state: 'x'.repeat(4_000) }, ''],
  ];
  test.for(tolerated)('starts a sign-in for a request with %s', async ([, changes, more]) => {
    const page = await ask([web], { redirect_uri: web, ...changes }, more);
    expect(page.status).toBe(200);
    expect(hiddenFields(page)).toEqual({ transaction: expect.any(String), form_token: expect.any(String) });
  });
});

describe('the resource, RFC 8707 §2', () => {
  const { host } = new URL(issuer);
  const named: [string, string | undefined, string][] = [
    ['not at all', undefined, 'A19'],
    ['as it is', mcpUrl, 'A19'],
    ['with a slash', `${mcpUrl}/`, 'A19'],
    ['by the origin', issuer, 'A19'],
    ['by the origin with a slash', `${issuer}/`, 'A19'],
    ['with the host in capitals', mcpUrl.replace(host, host.toUpperCase()), 'A19'],
    ['with the scheme in capitals', mcpUrl.replace(/^https?/, (scheme) => scheme.toUpperCase()), 'A19'],
  ];
  test.for(named)(
    'gives a token for the one canonical resource to a client that names it %s ($2)',
    async ([, resource]) => {
      const { tokens } = await connect(issuer, { request: { resource }, byPages: true });
      expect(decodeJwt(tokens.access_token).aud).toBe(mcpUrl);
    },
  );

  test('takes two names of the same resource for one (A20)', async () => {
    const page = await ask([web], { redirect_uri: web, resource: mcpUrl }, `&resource=${issuer}/`);
    expect(page.status).toBe(200);
  });
});

const everything = await initialScopes(issuer);

describe('scope, RFC 6749 §3.3', () => {
  const asked: [string, string | undefined, string[], string][] = [
    ['nothing', undefined, everything, 'A22'],
    ['offline access alone, with a space before it', ' offline_access', everything, 'A23'],
    ['only what there is not', 'admin root', everything, 'A23'],
    ['one, among double and leading spaces', '  todos:read   offline_access ', ['todos:read'], 'A23'],
    ['two with a comma between', 'todos:read,profile:read', ['todos:read', 'profile:read'], 'A23'],
    ['one twice', 'todos:read todos:read', ['todos:read'], 'A23'],
    ['some, in another order', 'profile:read todos:read', ['todos:read', 'profile:read'], 'A23'],
    ['one in capitals, which is another', 'TODOS:READ profile:read', ['profile:read'], 'A23'],
  ];
  test.for(asked)('offers a client that asks for %s what there is of it ($3)', async ([, scope, offered]) => {
    const { browser, page } = await beginSignIn(issuer, { request: { scope } });
    const consent = await reachConsent(issuer, browser, page);
    expect(offeredScopes(consent.page)).toEqual(offered.toSorted());
  });

  test('says in the token response what was granted to a client that named nothing (A22)', async () => {
    const { tokens } = await connect(issuer, { request: { scope: undefined }, byPages: true });
    expect(tokens.scope.split(' ').sort()).toEqual([...everything].sort());
  });
});

describe('the answer, RFC 6749 §4.1.2, RFC 9207 §2', () => {
  test.for(['plain', 'a b+c%20d&e=f#g?h/i\\j"k<l>', 'ünïcödé ✓ 🙂', '{"json":["x"]}', 'x'.repeat(2_000)])(
    'brings the state back as it came: %s (A25)',
    async (state) => {
      const { client_id } = await register(issuer);
      const { redirect } = await authorizedCode(issuer, client_id, { request: { state } });
      expect(redirect.searchParams.getAll('state')).toEqual([state]);
    },
  );

  test('has no state where there was none, and names the issuer exactly once (A25, A38)', async () => {
    const { client_id } = await register(issuer);
    const { redirect } = await authorizedCode(issuer, client_id, { request: { state: undefined } });
    expect([...redirect.searchParams.keys()].sort()).toEqual(['code', 'iss']);
    expect(redirect.searchParams.getAll('iss')).toEqual([issuer]);
    expect(redirect.hash).toBe('');
  });

  test('adds the code to the query that the redirect URI has (A26)', async () => {
    const redirect_uri = `${web}?a=1`;
    const { client_id } = await register(issuer, { redirect_uris: [redirect_uri] });
    const { redirect } = await authorizedCode(issuer, client_id, { request: { redirect_uri } });
    expect(redirect.href.startsWith(`${redirect_uri}&code=`)).toBe(true);
    expect(redirect.href.split('?').length).toBe(2);
  });

  test('redirects with a 303, and lets no cache keep it', async () => {
    const { browser, page } = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, browser, page);
    const fields = new URLSearchParams({ ...consent.fields, decision: 'approve', scope: 'todos:read' });
    const answer = await browser.post('/authorize/consent', fields);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.html).toBe('');
  });
});

describe('what pages are sent with, RFC 9700 §4.16, RFC 6749 §10.13', () => {
  const pages: [string, () => Promise<Page>][] = [
    ['the e-mail page', async () => (await beginSignIn(issuer)).page],
    ['the page for an unknown client', () => open('/authorize?client_id=nobody')],
    [
      'the e-mail page with a problem',
      async () => {
        const { browser, fields } = await beginSignIn(issuer);
        return browser.post('/authorize/email', { ...fields, email: 'nonsense' });
      },
    ],
    [
      'the code page',
      async () => {
        const { browser, fields } = await beginSignIn(issuer);
        return browser.post('/authorize/email', { ...fields, email: newAddress() });
      },
    ],
    [
      'the consent page',
      async () => {
        const { browser, page } = await beginSignIn(issuer);
        return (await reachConsent(issuer, browser, page)).page;
      },
    ],
    [
      'the page for a form from elsewhere',
      () => new Browser(issuer).post('/authorize/email', {}, { origin: 'https://evil.example' }),
    ],
    ['the page for a sign-in that is over', () => new Browser(issuer).post('/authorize/consent', { transaction: 'x' })],
  ];
  test.for(pages)(
    'nothing from elsewhere, no frame, no cache, no guessing, no referrer: %s (A31, K06)',
    async ([, reach]) => {
      const { headers, html } = await reach();
      const policy = (headers.get('content-security-policy') ?? '').split(/;\s*/);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy.join()).not.toMatch(/unsafe|\*/);
      const scripts = policy.filter((part) => part.startsWith('script-src'));
      for (const part of scripts) expect(part).toMatch(/^script-src 'sha256-[A-Za-z0-9+/=]+'$/);
      expect(policy.filter((part) => part.startsWith('form-action'))).toEqual([]);
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
      expect(html.match(/<script/g) ?? []).toHaveLength(scripts.length);
      expect(html).not.toMatch(/<script[^>]|\bon\w+=|\b(src|srcset)=|<link|<iframe/);
    },
  );
});

describe('who only looks changes nothing, RFC 9110 §9.2.1', () => {
  test('sends no mail and gives no code for HEAD or GET (A34, L13)', async () => {
    const address = newAddress();
    const { browser, clientId, page, fields } = await beginSignIn(issuer);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const query = authorizePath(clientId, newPkce().challenge, { login_hint: address, email: address });
    const hidden = new URLSearchParams({
      ...fields,
      email: address,
      code: 'AAAA-AAAA',
      decision: 'approve',
      scope: 'todos:read',
    });
    for (const method of ['HEAD', 'GET']) {
      for (const path of [query, ...['email', 'code', 'consent'].map((step) => `/authorize/${step}?${hidden}`)]) {
        const answer = await send(issuer, { method, path, headers: { cookie, origin: issuer } });
        expect(answer.headers.has('location')).toBe(false);
      }
    }
    expect(await mailsTo(issuer, address)).toEqual([]);
    const consent = await reachConsent(issuer, browser, page);
    expect((await approve(browser, consent)).searchParams.has('code')).toBe(true);
  });

  test('sets no cookie and starts nothing for HEAD (A34)', async () => {
    const { client_id } = await register(issuer);
    const answer = await send(issuer, { method: 'HEAD', path: authorizePath(client_id, newPkce().challenge) });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('');
    expect(answer.headers.has('set-cookie')).toBe(false);
  });
});

describe('input that nobody honest sends', () => {
  test('sends nobody to an address that no header can hold', async () => {
    for (const uri of ['https://client.example/日本', 'https://日本.example/cb']) {
      const metadata = { redirect_uris: [uri, web], token_endpoint_auth_method: 'none' };
      const { client_id } = await register(issuer, metadata);
      const page = await open(authorizePath(client_id, newPkce().challenge, { redirect_uri: uri, prompt: 'none' }));
      expectPage(page);
    }
  });

  const absurd: [string, Parameters<typeof send>[1]][] = [
    ['a query of 20 kB', { path: `/authorize?state=${'x'.repeat(20_000)}` }],
    ['a query of 9 kB', { path: `/authorize?client_id=nobody&state=${'x'.repeat(9_000)}` }],
    ['a query of nonsense', { path: '/authorize?&&&===&%&%FF=%FF&__proto__=x&constructor[prototype]=y' }],
    [
      'cookies of nonsense',
      { path: '/authorize', headers: { cookie: '=;;; =x; signin-; signin-%FF=%FF; __Host-signin-A=b' } },
    ],
    ['a header of 20 kB', { path: '/authorize', headers: { 'x-long': 'x'.repeat(20_000) } }],
    [
      'bytes that are no UTF-8',
      { path: '/authorize?client_id=\u00ff\u00fe', headers: { 'user-agent': '\u00ff\u00fe' } },
    ],
    ['a body with GET', { path: '/authorize', headers: { 'content-length': '3' }, body: 'a=b' }],
    ['another method', { method: 'PURGE', path: '/authorize' }],
  ];
  test.for(absurd)('is refused, and tells nothing of the inside: %s (H03)', async ([, request]) => {
    const answer = await send(issuer, request);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(internalsIn(answer)).toEqual([]);
  });
});

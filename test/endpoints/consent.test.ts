import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import { Browser, heading, hiddenFields, internalsIn, location, offeredScopes, type Page } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  connect,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';
import { later, redeem, redeemed, redemptionOf, refusal } from '../support/redemption.ts';

const issuer = inject('issuer');
const web = 'https://client.example/cb';

type Beginning = Parameters<typeof beginSignIn>[1];
type Consent = Awaited<ReturnType<typeof beginSignIn>> & { readonly address: string };

/** Goes as far as the consent page. */
async function consent(beginning: Beginning = {}, address = newAddress()): Promise<Consent> {
  const begun = await beginSignIn(issuer, beginning);
  const { page } = await reachConsent(issuer, begun.browser, begun.page, address);
  return { ...begun, page, address };
}

/** What the consent page says of a client with these redirect URIs, in the words that a person reads. */
async function consentFor(metadata: object, redirect_uri: string): Promise<Page> {
  const { page } = await consent({
    metadata: { redirect_uris: [redirect_uri], ...metadata },
    request: { redirect_uri },
  });
  return page;
}

function decide(
  { browser, fields }: Pick<Consent, 'browser' | 'fields'>,
  decision: string,
  scopes: string[] = [],
): Promise<Page> {
  const form = new URLSearchParams({ ...fields, decision });
  for (const scope of scopes) form.append('scope', scope);
  return browser.post('/authorize/consent', form);
}

const tokensFor = (window: Consent, redirect: URL) => redeemed(issuer, redemptionOf(window, redirect));

function textOf({ html }: Page): string {
  return html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe.concurrent('what the consent page says, OAuth 2.1 §7.3, RFC 8252 §8.6', () => {
  test('says who asks, as whom one is signed in, for what, and where the answer goes', async () => {
    const { page, address } = await consent({ metadata: { client_name: 'Clever Client' } });
    expect(page.status).toBe(200);
    const text = textOf(page);
    for (const part of ['Clever Client wants to access', address, 'localhost:7777', 'See your to-dos'])
      expect(text).toContain(part);
    expect(text).toContain('Unverified. Anyone can use this name.');
  });

  test('says how many people here have connected the client, once for each, and what was allowed before', async () => {
    const { client_id: clientId } = await register(issuer);
    const visit = async (address = newAddress(), browser = new Browser(issuer, newSourceIp())) => {
      const first = await browser.open(authorizePath(clientId, newPkce().challenge));
      if (first.html.includes('name="decision"')) return { browser, fields: hiddenFields(first), page: first };
      return { browser, ...(await reachConsent(issuer, browser, first, address)) };
    };
    const one = await visit();
    expect(textOf(one.page)).toContain('You’re the first to connect it.');
    await decide(one, 'approve', ['todos:read']);
    const again = await visit(undefined, one.browser);
    expect(textOf(again.page)).toMatch(
      /1 person has connected it\. First connected on \w+ \d+, \d{4}\. You last allowed/,
    );
    expect(again.page.html.match(/\(allowed before\)/g)).toHaveLength(1);
    await decide(again, 'approve', ['todos:read', 'todos:write']);
    const other = await visit();
    expect(textOf(other.page)).toContain('1 person has connected it.');
    expect(textOf(other.page)).not.toContain('You last allowed');
    await decide(other, 'deny');
    const third = await visit();
    await decide(third, 'approve', ['todos:read']);
    expect(textOf((await visit()).page)).toContain('2 people have connected it.');
  });

  test('names the host of a site, and does not warn of programs on the device', async () => {
    const page = await consentFor({ client_name: 'Clever Client' }, 'https://client.example:8443/cb?x=1');
    const text = textOf(page);
    expect(text).toContain('Clever Client wants to access');
    expect(text).toContain('client.example:8443');
    expect(text).not.toContain('device');
    expect(page.html).not.toContain('class="warn"');
  });

  test.for<[string, string]>([
    ['https://client.example/cb', 'client.example'],
    ['https://client.example/api/mcp/auth_callback', 'client.example'],
    ['https://pages.example/~mallory/callback', 'pages.example/~mallory/callback'],
    ['https://client.example/cb?next=https://evil.example', 'client.example/cb?next=https://evil.example'],
    [`https://client.example/${'a'.repeat(300)}`, `client.example/${'a'.repeat(199)}…`],
  ])('shows the path of %s where it is no usual place for an answer', async ([redirectUri, shown]) => {
    const { html } = await consentFor({}, redirectUri);
    expect(html).toContain(`<bdi dir="ltr">${shown}</bdi>`);
  });

  const onDevice: [string, string][] = [
    ['http://localhost:7777/callback', 'localhost:7777'],
    ['http://127.0.0.1:7777/callback', '127.0.0.1:7777'],
    ['http://[::1]:7777/callback', '[::1]:7777'],
    ['cursor://anysphere.cursor-mcp/oauth/callback', 'cursor:'],
    ['com.example.app:/oauth', 'com.example.app:'],
  ];
  test.for(onDevice)('says of %s that any program on the device could be behind it', async ([redirectUri, shown]) => {
    const page = await consentFor({ client_name: 'Claude' }, redirectUri);
    expect(textOf(page)).toContain('This app runs on this device');
    expect(textOf(page)).toContain(shown);
    expect(page.html).toContain('class="warn"');
  });

  test.for([
    'https://localhost.evil.example/cb',
    'https://127.0.0.1.evil.example/cb',
    'https://client.example.evil.example/cb',
  ])('shows all of a host that begins like another: %s', async (redirectUri) => {
    expect(textOf(await consentFor({}, redirectUri))).toContain(new URL(redirectUri).host);
  });

  test('shows an international host in the letters that tell it apart', async () => {
    const page = await consentFor({}, 'https://xn--pple-43d.example/cb');
    expect(textOf(page)).toContain('xn--pple-43d.example');
  });

  test('says so when a client has no name', async () => {
    expect(textOf(await consentFor({}, web))).toContain('without a name');
  });
});

describe.concurrent('what comes from a client is text, never markup', () => {
  test.for([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '</strong></main></body><h1>Approved</h1>',
    '&lt;b&gt; &amp; &#60;',
    '{{7*7}} #{7*7}',
    '<!--',
  ])('in its name: %s (X01)', async (client_name) => {
    const page = await consentFor({ client_name, client_uri: 'https://a.example/"><b>' }, web);
    const written = client_name.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
    const named = { '&#38;': '&amp;', '&#60;': '&lt;', '&#62;': '&gt;', '&#34;': '&quot;', '&#39;': '&#39;' };
    const escaped = written.replace(/&#\d+;/g, (entity) => named[entity as keyof typeof named] ?? entity);
    expect(page.html).toContain(`<bdi>${escaped}</bdi>`);
    expect(page.html).not.toMatch(/<(img|svg|h1>Approved|b>)/);
    expect(page.html.match(/<script/g)).toHaveLength(1);
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[A-Za-z0-9+/=]+';/);
  });

  test('in its scopes and state, which no page shows (X01)', async () => {
    const evil = '"><script>alert(1)</script>';
    const { browser, page, fields } = await consent({ request: { scope: `todos:read ${evil}`, state: evil } });
    expect(page.html).not.toContain('alert(1)');
    expect(offeredScopes(page)).toEqual(['todos:read']);
    const redirect = await approve(browser, { page, fields });
    expect(redirect.searchParams.get('state')).toBe(evil);
  });

  test('in what a form brings along (X01)', async () => {
    const evil = '"><script>alert(1)</script>';
    const { browser, fields } = await consent();
    const page = await decide({ browser, fields }, evil, [evil]);
    expect(page.html).not.toContain('alert(1)');
    expect(page.headers.has('location')).toBe(false);
  });

  test('in the host of its redirect URI (X01)', async () => {
    const page = await consentFor({}, 'x-app://<b>&"\'/cb').catch(() => undefined);
    expect(page?.html ?? '').not.toContain('<b>');
  });
});

describe.concurrent('the decision, RFC 6749 §4.1.1', () => {
  test('gives the client the scopes that were left ticked, and says which (K08)', async () => {
    const asked = await consent({ request: { scope: 'todos:read todos:write profile:read' } });
    const redirect = await approve(asked.browser, asked, ['todos:read', 'profile:read']);
    const tokens = await tokensFor(asked, redirect);
    expect(tokens.scope.split(' ').sort()).toEqual(['profile:read', 'todos:read']);
    expect(String(decodeJwt(tokens.access_token).scope).split(' ').sort()).toEqual(['profile:read', 'todos:read']);
  });

  test('never gives more than the client asked for, whatever the form says (K08)', async () => {
    const asked = await consent({ request: { scope: 'todos:read' } });
    const redirect = await approve(asked.browser, asked, ['todos:read', 'todos:write', 'profile:read', 'admin']);
    expect((await tokensFor(asked, redirect)).scope).toBe('todos:read');
  });

  test.for([
    ['no box', []],
    ['a scope that there is not', ['admin']],
    ['a scope that was not asked for', ['todos:write']],
  ] as [string, string[]][])('asks again where the form ticks %s (K08)', async ([, scopes]) => {
    const asked = await consent({ request: { scope: 'todos:read' } });
    const page = await decide(asked, 'approve', scopes);
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
    expect(page.html).toContain('role="alert"');
    expect(offeredScopes(page)).toEqual(['todos:read']);
    expect((await approve(asked.browser, { page, fields: hiddenFields(page) })).searchParams.has('code')).toBe(true);
  });

  test('tells the client that it was denied, with state and issuer, and no code ever follows (K05)', async () => {
    const asked = await consent();
    const answer = await decide(asked, 'deny', ['todos:read']);
    expect(answer.status).toBe(303);
    const redirect = location(answer);
    expect(redirect.origin + redirect.pathname).toBe(callback);
    expect(redirect.searchParams.getAll('error')).toEqual(['access_denied']);
    expect(redirect.searchParams.getAll('state')).toEqual(['the-state']);
    expect(redirect.searchParams.getAll('iss')).toEqual([issuer]);
    const later = location(await decide(asked, 'approve', ['todos:read']));
    expect(later.href).toBe(redirect.href);
    expect(later.searchParams.has('code')).toBe(false);
  });

  test('stands once made: approving again gives the same redirect, and so does denying', async () => {
    const asked = await consent();
    const first = await approve(asked.browser, asked, ['todos:read']);
    expect((await approve(asked.browser, asked)).href).toBe(first.href);
    expect(location(await decide(asked, 'deny')).href).toBe(first.href);
    expect((await tokensFor(asked, first)).scope).toBe('todos:read');
    expect((await approve(asked.browser, asked)).href).toBe(first.href);
  });

  test('is one, however many clicks come at the same instant', async () => {
    const asked = await consent();
    const clicks = Array.from({ length: 10 }, (_, at) =>
      at % 2 === 0 ? decide(asked, 'approve', ['todos:read']) : decide(asked, 'deny'),
    );
    const answers = (await Promise.all(clicks)).map((page) => location(page).href);
    expect(new Set(answers).size).toBe(1);
  });

  test.for(['', 'maybe', 'APPROVE', 'approve ', 'true'])(
    'is none when the form says %j: the page asks again',
    async (decision) => {
      const asked = await consent();
      const page = await decide(asked, decision, ['todos:read']);
      expect(page.headers.has('location')).toBe(false);
      expect(offeredScopes(page).length).toBeGreaterThan(0);
    },
  );

  test('is refused where it is given twice', async () => {
    const asked = await consent();
    const form = new URLSearchParams([
      ...Object.entries(asked.fields),
      ['decision', 'approve'],
      ['decision', 'deny'],
      ['scope', 'todos:read'],
    ]);
    const page = await asked.browser.post('/authorize/consent', form);
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
    expect(internalsIn(page)).toEqual([]);
  });

  test.for([
    ['nobody has typed an address', false],
    ['nobody has typed the code', true],
  ] as [string, boolean][])('cannot be made before signing in: %s', async ([, mailed]) => {
    const { browser, fields } = await beginSignIn(issuer);
    if (mailed) await browser.post('/authorize/email', { ...fields, email: newAddress() });
    for (const decision of ['approve', 'deny']) {
      const page = await decide({ browser, fields }, decision, ['todos:read']);
      expect(page.status).toBe(400);
      expect(heading(page)).not.toBe('');
      expect(page.headers.has('location')).toBe(false);
    }
  });

  test('cannot be made when the sign-in is over', async () => {
    const { browser, fields } = await consent();
    const form = { ...fields, decision: 'approve', scope: 'todos:read' };
    const page = await browser.post('/authorize/consent', form, { 'x-local-clock-offset': '905' });
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
  });

  test('gives a code that holds for five minutes', async () => {
    const late = await consent();
    const redirect = await approve(late.browser, late);
    const response = await redeem(issuer, redemptionOf(late, redirect), {}, later(305));
    expect(await refusal(response)).toBe('400 invalid_grant');
  });
});

describe('consent is always asked', () => {
  test('by a new client with the name of one that was approved, in the same browser, of the same person (K02)', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const first = await consent({ browser, metadata: { client_name: 'Claude' } });
    expect((await approve(browser, first)).searchParams.has('code')).toBe(true);
    const second = await beginSignIn(issuer, { browser, metadata: { client_name: 'Claude' } });
    expect(second.clientId).not.toBe(first.clientId);
    expect(second.page.status).toBe(200);
    expect(second.page.headers.has('location')).toBe(false);
    expect(offeredScopes(second.page).length).toBeGreaterThan(0);
    expect(second.page.html).toContain(first.address);
  });

  test('by the same client for more than it was given before, with all that it asks for now (K03)', async () => {
    const address = newAddress();
    const { tokens } = await connect(issuer, { address, scopes: ['todos:read'], byPages: true });
    expect(tokens.scope).toBe('todos:read');
    const again = await consent({ request: { scope: 'todos:read todos:write' } }, address);
    expect(offeredScopes(again.page)).toEqual(['todos:read', 'todos:write']);
  });
});

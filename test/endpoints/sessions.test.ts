import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import {
  Browser,
  heading,
  hiddenFields,
  location,
  offeredScopes,
  type Page,
  withoutOwnScript,
} from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';
import { DAY, HOUR, later, redeem, redeemed, refusal } from '../support/redemption.ts';

const issuer = inject('issuer');
const prefix = issuer.startsWith('https:') ? '__Host-' : '';
const cookie = `${prefix}session`;

type Request = Record<string, string | undefined>;
type Visit = Awaited<ReturnType<typeof beginSignIn>>;

/** A browser in which a person has signed in. */
async function knownBrowser(address = newAddress()): Promise<{ readonly browser: Browser; readonly address: string }> {
  const { browser, page } = await beginSignIn(issuer);
  await reachConsent(issuer, browser, page, address);
  return { browser, address };
}

function sessionOf({ cookies }: Browser): string {
  const value = cookies.get(cookie);
  if (!value) throw new Error('The browser has no session');
  return value;
}

/** Another browser that shows a session, at another time or with another value. */
function showing(session: string, seconds = 0): Browser {
  const browser = new Browser(issuer, { ...newSourceIp(), ...later(seconds) });
  browser.cookies.set(cookie, session);
  return browser;
}

/** A request by a client that the person has not seen before. */
function visit(browser: Browser, request: Request = {}): Promise<Visit> {
  return beginSignIn(issuer, { browser, request });
}

function expectConsent({ page }: Visit, address: string): void {
  expect(page.status, heading(page)).toBe(200);
  expect(offeredScopes(page).length).toBeGreaterThan(0);
  expect(page.html).toContain(address);
  expect(page.headers.has('location')).toBe(false);
}

function expectSignIn({ page }: { readonly page: Page }): void {
  expect(page.status, heading(page)).toBe(200);
  expect(heading(page)).toMatch(/^Sign in/);
  expect(page.html).toContain('<input id="email" name="email"');
  expect(offeredScopes(page)).toEqual([]);
}

function expectError({ page }: Visit, error: string): void {
  const target = location(page);
  expect(target.href.startsWith(`${callback}?`)).toBe(true);
  expect(target.searchParams.getAll('error')).toEqual([error]);
  expect(target.searchParams.getAll('state')).toEqual(['the-state']);
  expect(target.searchParams.getAll('iss')).toEqual([issuer]);
  expect(target.searchParams.has('code')).toBe(false);
}

async function subjectOf({ browser, clientId, verifier, page, fields }: Visit): Promise<string> {
  const redirect = await approve(browser, { page, fields });
  const code = redirect.searchParams.get('code') ?? '';
  const tokens = await redeemed(issuer, { client: { client_id: clientId }, code, verifier });
  return String(decodeJwt(tokens.access_token).sub);
}

describe.concurrent('a browser in which a person has signed in', () => {
  test('shows them the consent page of the next client at once, and mails nothing', async () => {
    const address = newAddress();
    const first = await beginSignIn(issuer);
    const { page } = await reachConsent(issuer, first.browser, first.page, address);
    const subject = await subjectOf({ ...first, page });
    const second = await visit(first.browser);
    expectConsent(second, address);
    expect(await subjectOf(second)).toBe(subject);
    const codes = (await mailsTo(issuer, address)).filter(({ subject }) => subject.includes('code'));
    expect(codes.length).toBe(1);
  });

  test('knows them for thirty days, and however much it is used not for longer', async () => {
    const { browser, address } = await knownBrowser();
    const session = sessionOf(browser);
    for (const seconds of [HOUR, 15 * DAY, 30 * DAY - 60]) {
      const there = showing(session, seconds);
      expectConsent(await visit(there), address);
      expect(sessionOf(there)).toBe(session);
    }
    expectSignIn(await visit(showing(session, 30 * DAY + 60)));
  });

  test('is the only one that does: another browser of the same network signs in', async () => {
    const headers = newSourceIp();
    const browser = new Browser(issuer, headers);
    const address = newAddress();
    const { page } = await visit(browser);
    await reachConsent(issuer, browser, page, address);
    expectConsent(await visit(browser), address);
    expectSignIn(await visit(new Browser(issuer, headers)));
  });

  test.for(['x', '-', '', 'a#b', '%00', '__proto__', 'x'.repeat(43), 'LONG'])(
    'is not one that shows a session of its own making: %s',
    async (session) => {
      expectSignIn(await visit(showing(session.replace('LONG', 'x'.repeat(4_000)))));
    },
  );

  test('never approves by itself: not even the client that was approved before', async () => {
    const address = newAddress();
    const first = await beginSignIn(issuer);
    const { page, fields } = await reachConsent(issuer, first.browser, first.page, address);
    expect((await approve(first.browser, { page, fields })).searchParams.has('code')).toBe(true);
    for (const request of [{}, { prompt: 'consent' }, { scope: 'todos:read' }]) {
      const path = authorizePath(first.clientId, newPkce().challenge, request);
      expectConsent({ ...first, page: await first.browser.open(path) }, address);
    }
  });

  test('approves only on a page of its own: its session alone moves no form (L15)', async () => {
    const { browser } = await knownBrowser();
    const thief = await visit(new Browser(issuer, newSourceIp()));
    const own = showing(sessionOf(browser));
    for (const path of ['/authorize/consent', '/authorize/sign-out']) {
      const page = await own.post(path, { ...thief.fields, decision: 'approve', scope: 'todos:read' });
      expect(page.status).toBe(400);
      expect(page.headers.has('location')).toBe(false);
    }
    expect((await visit(browser)).page.html).toContain('name="decision"');
  });

  test('lets nobody finish what another browser began', async () => {
    const { browser, address } = await knownBrowser();
    const begun = await visit(browser);
    expectConsent(begun, address);
    const thief = new Browser(issuer, newSourceIp());
    const page = await thief.post('/authorize/consent', { ...begun.fields, decision: 'approve', scope: 'todos:read' });
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
  });
});

describe.concurrent('the session cookie', () => {
  test('is read by no script, sent to no other host or site, and lasts thirty days (L16)', async () => {
    const { browser, page } = await beginSignIn(issuer);
    const address = newAddress();
    const fields = hiddenFields(page);
    await browser.post('/authorize/email', { ...fields, email: address });
    const consent = await browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
    const lines = consent.headers.getSetCookie();
    expect(lines.length).toBe(3);
    const [pair = '', ...attributes] = (lines[0] ?? '').split('; ');
    expect(pair).toMatch(new RegExp(`^${cookie}=[\\w-]{43}$`));
    const expected = ['Max-Age=2592000', 'Path=/', 'HttpOnly', 'SameSite=Lax', ...(prefix ? ['Secure'] : [])];
    expect([...attributes].sort()).toEqual(expected.sort());
    expect(consent.html).not.toContain(sessionOf(browser));
  });

  test('is not set before the person has signed in', async () => {
    const { browser, page } = await beginSignIn(issuer);
    const address = newAddress();
    const fields = hiddenFields(page);
    await browser.post('/authorize/email', { ...fields, email: address });
    await browser.post('/authorize/code', { ...fields, code: 'AAAA-AAAA' });
    expect(browser.cookies.has(cookie)).toBe(false);
  });

  test('is another one at each sign-in, and the one before is of no use any more', async () => {
    const { browser, address } = await knownBrowser();
    const first = sessionOf(browser);
    const { page } = await visit(browser, { prompt: 'login' });
    expect(sessionOf(browser)).toBe(first);
    await reachConsent(issuer, browser, page, address);
    const second = sessionOf(browser);
    expect(second).not.toBe(first);
    expectConsent(await visit(showing(second)), address);
    expectSignIn(await visit(showing(first)));
  });

  test('that somebody planted lets them in nowhere, whoever signs in over it', async () => {
    for (const planted of ['planted', sessionOf((await knownBrowser()).browser)]) {
      const victim = showing(planted);
      const address = newAddress();
      const { page } = await visit(victim, { prompt: 'login' });
      await reachConsent(issuer, victim, page, address);
      expect(sessionOf(victim)).not.toBe(planted);
      expect((await visit(showing(planted))).page.html).not.toContain(address);
      expectConsent(await visit(victim), address);
    }
  });

  test('of a person in one browser does not end that in another', async () => {
    const address = newAddress();
    const [one, other] = [(await knownBrowser(address)).browser, (await knownBrowser(address)).browser];
    expect(sessionOf(one)).not.toBe(sessionOf(other));
    for (const browser of [one, other]) expectConsent(await visit(browser), address);
  });
});

describe.concurrent('what a client asks of the sign-in, OpenID Connect Core 1.0 §3.1.2.1', () => {
  test.for(['login', 'select_account', 'login consent', ' login '])(
    'prompt=%j has the person sign in again',
    async (prompt) => {
      const { browser, address } = await knownBrowser();
      const again = await visit(browser, { prompt });
      expectSignIn(again);
      const { page } = await reachConsent(issuer, browser, again.page, address);
      expect(offeredScopes(page).length).toBeGreaterThan(0);
    },
  );

  test.for(['consent', 'create', '', 'LOGIN', 'nonsense'])('prompt=%j leaves it at consent', async (prompt) => {
    const { browser, address } = await knownBrowser();
    expectConsent(await visit(browser, { prompt }), address);
  });

  test('prompt=none is refused, and tells a client that was not approved before nothing of who is known', async () => {
    expectError(await visit(new Browser(issuer, newSourceIp()), { prompt: 'none' }), 'login_required');
    const { browser } = await knownBrowser();
    expectError(await visit(browser, { prompt: 'none' }), 'login_required');
    expectError(await visit(showing(sessionOf(browser), 300), { prompt: 'none', max_age: '60' }), 'login_required');
    for (const prompt of ['none login', 'none consent', 'none none'])
      expectError(await visit(browser, { prompt }), 'invalid_request');
  });

  test('prompt=none begins no sign-in', async () => {
    const { browser } = await knownBrowser();
    const before = browser.cookies.size;
    const { page } = await visit(browser, { prompt: 'none' });
    expect(page.status).toBe(400);
    expect(browser.cookies.size).toBe(before);
  });

  test('max_age has the person sign in who did so longer ago, counted from then and not from the last visit', async () => {
    const { browser, address } = await knownBrowser();
    const session = sessionOf(browser);
    expectConsent(await visit(showing(session, 200), { max_age: '300' }), address);
    expectSignIn(await visit(showing(session, 400), { max_age: '300' }));
    expectConsent(await visit(showing(session, 400), { max_age: '900' }), address);
    expectSignIn(await visit(browser, { max_age: '0' }));
    expectSignIn(await visit(new Browser(issuer, newSourceIp()), { max_age: '300' }));
  });

  test.for(['-1', '1.5', 'soon', '1e3', '9'.repeat(20), '0x10'])('max_age=%s is no age', async (max_age) => {
    const { browser } = await knownBrowser();
    expectError(await visit(browser, { max_age }), 'invalid_request');
    expectError(await visit(new Browser(issuer, newSourceIp()), { max_age }), 'invalid_request');
  });

  test.for([
    ['prompt', 'login'],
    ['max_age', '60'],
    ['login_hint', 'a@example.com'],
  ] as const)('%s must not be repeated', async ([name, value]) => {
    const { client_id } = await register(issuer);
    const path = `${authorizePath(client_id, newPkce().challenge)}&${name}=${value}&${name}=${value}`;
    const target = location(await new Browser(issuer, newSourceIp()).open(path));
    expect(target.searchParams.get('error')).toBe('invalid_request');
  });
});

describe.concurrent('login_hint, OpenID Connect Core 1.0 §3.1.2.1', () => {
  const hints: [string, string][] = [
    ['ada@example.com', 'ada@example.com'],
    ['  Ada@Example.COM ', 'ada@example.com'],
    ["o'neil&sons@example.com", 'o&#39;neil&amp;sons@example.com'],
    ['ada+tag@example.com', 'ada+tag@example.com'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ];
  test.for(hints)('%s stands in the field already', async ([login_hint, shown]) => {
    const { page } = await visit(new Browser(issuer, newSourceIp()), { login_hint });
    expectSignIn({ page });
    expect(/<input id="email"[^>]*value="([^"]*)"/.exec(page.html)?.[1]).toBe(shown);
  });

  test.for([
    'Ada',
    '"><script>alert(1)</script>@example.com',
    '" onfocus=alert(1) x="@a.example',
    'a@b',
    '\u202eada@example.com',
    'LONG@example.com',
  ])('%s, which is no address, is left out (X01)', async (hint) => {
    const login_hint = hint.replace('LONG', 'x'.repeat(2_000));
    const { page } = await visit(new Browser(issuer, newSourceIp()), { login_hint });
    expectSignIn({ page });
    expect(page.html).not.toContain('value="">');
    expect(/<input id="email"[^>]*value=/.test(page.html)).toBe(false);
    expect(withoutOwnScript(page)).not.toMatch(/<script|onfocus|\u202e/);
  });

  test('is a hint: nobody is signed in by it, nothing is mailed, and another address may be typed', async () => {
    const [hinted, typed] = [newAddress(), newAddress()];
    const { browser, page } = await visit(new Browser(issuer, newSourceIp()), { login_hint: hinted });
    const consent = await reachConsent(issuer, browser, page, typed);
    expect(consent.page.html).toContain(typed);
    expect(await mailsTo(issuer, hinted)).toEqual([]);
  });
});

describe.concurrent('a window whose cookie somebody else has planted', () => {
  /** A window that an attacker began, with its cookie in the browser of somebody else too. */
  async function planted(victim = new Browser(issuer, newSourceIp())) {
    const attacker = new Browser(issuer, newSourceIp());
    const begun = await visit(attacker);
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value);
    return { attacker, victim, ...begun };
  }

  async function expectOnlyTheirs({
    attacker,
    victim,
    page,
    fields,
  }: {
    attacker: Browser;
    victim: Browser;
    page: Page;
    fields: Record<string, string>;
  }) {
    for (const decision of ['approve', 'deny', '']) {
      const form = new URLSearchParams({ ...fields, decision, scope: offeredScopes(page)[0] ?? '' });
      const answer = await attacker.post('/authorize/consent', form);
      expect([answer.status, answer.headers.has('location')]).toEqual([400, false]);
      expect(answer.html).not.toContain('Signed in as');
    }
    expect((await approve(victim, { page, fields })).searchParams.has('code')).toBe(true);
    const late = new URLSearchParams({ ...fields, decision: 'approve', scope: offeredScopes(page)[0] ?? '' });
    expect((await attacker.post('/authorize/consent', late)).headers.has('location')).toBe(false);
  }

  test('goes on only in the browser in which its person typed the code', async () => {
    const window = await planted();
    const { page } = await reachConsent(issuer, window.victim, window.page);
    await expectOnlyTheirs({ ...window, page });
  });

  test('goes on only in the browser that knew its person from another window', async () => {
    const { browser, address } = await knownBrowser();
    const window = await planted(browser);
    const page = await browser.post('/authorize/email', { ...window.fields, email: address });
    expect(offeredScopes(page)).not.toEqual([]);
    await expectOnlyTheirs({ ...window, page });
  });
});

describe.concurrent('signing out', () => {
  test('ends the session, and lets another person go on with the same request', async () => {
    const { browser, address } = await knownBrowser();
    const session = sessionOf(browser);
    const begun = await visit(browser);
    expectConsent(begun, address);
    const page = await browser.post('/authorize/sign-out', begun.fields);
    expectSignIn({ page });
    expect(page.html).not.toContain(address);
    expect(browser.cookies.has(cookie)).toBe(false);
    expectSignIn(await visit(showing(session)));
    const other = newAddress();
    const consent = await reachConsent(issuer, browser, page, other);
    expect(consent.page.html).toContain(other);
    expect(consent.page.html).not.toContain(address);
    const redirect = await approve(browser, consent);
    expect(redirect.searchParams.get('state')).toBe('the-state');
    const code = redirect.searchParams.get('code') ?? '';
    const client = { client_id: begun.clientId };
    const tokens = await redeemed(issuer, { client, code, verifier: begun.verifier });
    const theirs = await visit(browser);
    expectConsent(theirs, other);
    expect(await subjectOf(theirs)).toBe(String(decodeJwt(tokens.access_token).sub));
    const mine = await knownBrowser(address);
    expect(await subjectOf(await visit(mine.browser))).not.toBe(String(decodeJwt(tokens.access_token).sub));
  });

  test('leaves nothing to approve with until somebody signs in', async () => {
    const { browser } = await knownBrowser();
    const { fields, page } = await visit(browser);
    await browser.post('/authorize/sign-out', fields);
    const form = new URLSearchParams({ ...fields, decision: 'approve', scope: offeredScopes(page)[0] ?? '' });
    const answer = await browser.post('/authorize/consent', form);
    expect(answer.status).toBe(400);
    expect(answer.headers.has('location')).toBe(false);
  });

  test('takes back a cookie that no script reads', async () => {
    const { browser } = await knownBrowser();
    const { fields } = await visit(browser);
    const { headers } = await browser.post('/authorize/sign-out', fields);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^${cookie}=; Max-Age=0; Path=/; HttpOnly`)),
    ]);
  });

  test('is asked for by the page itself, and by no other site (L15)', async () => {
    const { browser, address } = await knownBrowser();
    const { fields } = await visit(browser);
    const page = await browser.post('/authorize/sign-out', fields, { origin: 'https://evil.example' });
    expect(page.status).toBe(403);
    const forged = await browser.post('/authorize/sign-out', { ...fields, form_token: 'x'.repeat(43) });
    expect(forged.status).toBe(400);
    expect((await browser.open('/authorize/sign-out')).status).toBe(405);
    expectConsent(await visit(browser), address);
  });

  test('ends what the session had open in other windows: consent pages, and codes that were not redeemed', async () => {
    const { browser } = await knownBrowser();
    const [approved, open, leaving] = [await visit(browser), await visit(browser), await visit(browser)];
    const redirect = await approve(browser, approved);
    await browser.post('/authorize/sign-out', leaving.fields);
    const code = redirect.searchParams.get('code') ?? '';
    const client = { client_id: approved.clientId };
    expect(await refusal(await redeem(issuer, { client, code, verifier: approved.verifier }))).toBe(
      '400 invalid_grant',
    );
    await expect(approve(browser, open)).rejects.toThrow('No redirect');
    await expect(approve(browser, approved)).rejects.toThrow('No redirect');
  });

  test('ends what was open in a visit that a second sign-in went on with', async () => {
    const { browser, address } = await knownBrowser();
    const open = await visit(browser);
    const forced = await visit(browser, { prompt: 'login' });
    await reachConsent(issuer, browser, forced.page, address);
    expect((await browser.post('/authorize/consent', open.fields)).html).toContain('name="decision"');
    await browser.post('/authorize/sign-out', (await visit(browser)).fields);
    await expect(approve(browser, open)).rejects.toThrow('No redirect');
  });

  test('changes no decision that was made', async () => {
    const { browser } = await knownBrowser();
    const { fields, page } = await visit(browser);
    const redirect = await approve(browser, { page, fields });
    expect((await browser.post('/authorize/sign-out', fields)).status).toBe(400);
    expect((await approve(browser, { page, fields })).href).toBe(redirect.href);
  });

  test('ends no session of the same person in another browser', async () => {
    const address = newAddress();
    const [one, other] = [(await knownBrowser(address)).browser, (await knownBrowser(address)).browser];
    const { fields } = await visit(one);
    await one.post('/authorize/sign-out', fields);
    expectConsent(await visit(other), address);
  });

  test('gives no more tries at the code', async () => {
    const { browser, page } = await beginSignIn(issuer);
    const address = newAddress();
    const fields = hiddenFields(page);
    const wrong = async (times: number) => {
      for (let at = 0; at < times; at += 1) await browser.post('/authorize/code', { ...fields, code: 'AAAA-AAAA' });
    };
    await browser.post('/authorize/email', { ...fields, email: address });
    await wrong(3);
    await browser.post('/authorize/sign-out', fields);
    await browser.post('/authorize/email', { ...fields, email: address });
    await wrong(2);
    const late = await browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
    expect(late.status).toBe(400);
    expect(offeredScopes(late)).toEqual([]);
  });
});

import { createHmac, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { ulid } from 'ulid';
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
  withoutOwnScript,
} from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  connect,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
  tomorrowAt,
} from '../support/flow.ts';
import { redeem, redeemed, redemptionOf } from '../support/redemption.ts';

const issuer = inject('issuer');
const prefix = issuer.startsWith('https:') ? '__Host-' : '';

const CODE = /^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/;

type Fields = Record<string, string>;
type SignIn = { readonly browser: Browser; readonly fields: Fields; readonly address: string; readonly code: string };

/** Goes as far as the code page, where the mailed code is known. */
async function awaitCode(address = newAddress(), browser = new Browser(issuer, newSourceIp())): Promise<SignIn> {
  const { fields } = await beginSignIn(issuer, { browser });
  await postAddress({ browser, fields }, address);
  return { browser, fields, address, code: await mailedCode(issuer, address) };
}

function postAddress(
  { browser, fields }: Pick<SignIn, 'browser' | 'fields'>,
  email: string,
  headers: Fields = {},
): Promise<Page> {
  return browser.post('/authorize/email', { ...fields, email }, headers);
}

/** Clicks on "send another code", on the page that so many mails have led to. */
function askForAnother({ browser, fields, address }: SignIn, mails = 1, headers: Fields = {}): Promise<Page> {
  return browser.post('/authorize/email', { ...fields, email: address, mails: String(mails) }, headers);
}

function postCode(
  { browser, fields }: Pick<SignIn, 'browser' | 'fields'>,
  code: string,
  headers: Fields = {},
): Promise<Page> {
  return browser.post('/authorize/code', { ...fields, code }, headers);
}

/** A while after which a form is no longer taken for one that was sent twice. */
const aWhileLater = { 'x-local-clock-offset': '60' };

/** The hidden fields of all forms that lead to a path. */
function fieldsFor(path: string, { html }: Page): Fields {
  const forms = [...html.matchAll(/<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
  const [, , content = ''] = forms.find(([, action]) => action === path) ?? [];
  const inputs = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]));
}

/** Where a page leads on to by a link. */
function linkIn({ html }: Page): string {
  return (/<a\b[^>]*href="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');
}

/** A code that is not this one. */
function notThis(code: string): string {
  return `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`;
}

function isConsent(page: Page): boolean {
  return page.status === 200 && offeredScopes(page).length > 0;
}

function expectRefused(page: Page, status = 400): void {
  expect(page.status).toBe(status);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.has('location')).toBe(false);
  expect(page.html).not.toContain('name="decision"');
  expect(internalsIn(page)).toEqual([]);
}

/** Goes from the consent page to the person that the tokens are for. */
async function subjectOf(address: string): Promise<string> {
  const { tokens } = await connect(issuer, { address, byPages: true });
  return String(decodeJwt(tokens.access_token).sub);
}

describe.concurrent('the one-time code', () => {
  test('signs a person in', async () => {
    const signIn = await awaitCode();
    expect(isConsent(await postCode(signIn, signIn.code))).toBe(true);
  });

  test.for([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['without the hyphen', (code: string) => code.replace('-', '')],
    ['with spaces', (code: string) => ` ${code.replace('-', ' ')} `],
  ] as [string, (code: string) => string][])('is taken %s', async ([, typed]) => {
    const signIn = await awaitCode();
    expect(isConsent(await postCode(signIn, typed(signIn.code)))).toBe(true);
  });

  test('gives five tries: after the fifth wrong one even the right code fails (L04)', async () => {
    const signIn = await awaitCode();
    for (let tries = 1; tries <= 5; tries += 1) expectRefused(await postCode(signIn, notThis(signIn.code)));
    expectRefused(await postCode(signIn, signIn.code));
    expectRefused(
      await signIn.browser.post('/authorize/consent', { ...signIn.fields, decision: 'approve', scope: 'todos:read' }),
    );
  });

  test('is still taken at the fifth try (L04)', async () => {
    const signIn = await awaitCode();
    for (let tries = 1; tries <= 4; tries += 1) expectRefused(await postCode(signIn, notThis(signIn.code)));
    expect(isConsent(await postCode(signIn, signIn.code))).toBe(true);
  });

  test('looks at no more than five of fifty guesses at the same instant (L10)', async () => {
    const signIn = await awaitCode();
    const guesses = Array.from({ length: 50 }, () => postCode(signIn, notThis(signIn.code)));
    const answers = await Promise.all(guesses);
    for (const answer of answers) expectRefused(answer);
    expect(answers.filter(({ html }) => html.includes('That code isn’t right.')).length).toBe(4);
    expectRefused(await postCode(signIn, signIn.code));
  });

  test('gives no more tries with a new code, so that guesses are bounded however often one is asked for (L09)', async () => {
    const signIn = await awaitCode();
    for (let tries = 1; tries <= 4; tries += 1) await postCode(signIn, notThis(signIn.code));
    await askForAnother(signIn);
    const code = await mailedCode(issuer, signIn.address);
    expectRefused(await postCode(signIn, notThis(code)));
    expectRefused(await postCode(signIn, code));
  });

  test('is of no use any more when another one was asked for (L09)', async () => {
    const signIn = await awaitCode();
    const again = await askForAnother(signIn);
    expect(again.status).toBe(200);
    const code = await mailedCode(issuer, signIn.address);
    expect(code).not.toBe(signIn.code);
    expectRefused(await postCode(signIn, signIn.code));
    expect(isConsent(await postCode(signIn, code))).toBe(true);
  });

  test('is of no use in another sign-in with the same address (L06)', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const one = await awaitCode(newAddress(), browser);
    const other = await awaitCode(one.address, browser);
    expect(one.code).not.toBe(other.code);
    expectRefused(await postCode(other, one.code));
    expectRefused(await postCode(one, other.code));
    expect(isConsent(await postCode(one, one.code))).toBe(true);
    expect(isConsent(await postCode(other, other.code))).toBe(true);
  });

  test('for one address signs nobody in at another that was typed later (L06)', async () => {
    const mine = await awaitCode();
    const victim = newAddress();
    await postAddress(mine, victim);
    expectRefused(await postCode(mine, mine.code));
  });

  test('serves once: afterwards it leads on to consent, and to no second authorization code (L07)', async () => {
    const signIn = await awaitCode();
    const page = await postCode(signIn, signIn.code);
    const again = await postCode(signIn, signIn.code, aWhileLater);
    expectRefused(again);
    const wrong = await postCode(signIn, notThis(signIn.code));
    expect(wrong.html).toBe(again.html);
    const redirect = await approve(signIn.browser, { page, fields: signIn.fields });
    expectRefused(await postCode(signIn, signIn.code, aWhileLater));
    expect((await approve(signIn.browser, { page, fields: signIn.fields })).href).toBe(redirect.href);
  });

  test('leads whoever goes back and types it again on to the consent page', async () => {
    const signIn = await awaitCode();
    await postCode(signIn, signIn.code);
    const again = await postCode(signIn, signIn.code, aWhileLater);
    const onward = await signIn.browser.post('/authorize/consent', hiddenFields(again));
    expect(isConsent(onward)).toBe(true);
  });

  test('is mailed no more once it has served, nor can the address be changed then (L07)', async () => {
    const signIn = await awaitCode();
    await postCode(signIn, signIn.code);
    const other = newAddress();
    expectRefused(await postAddress(signIn, other));
    expect(await mailsTo(issuer, other)).toEqual([]);
  });

  test('holds for fifteen minutes', async () => {
    const [soon, late] = await Promise.all([awaitCode(), awaitCode()]);
    expectRefused(await postCode(late, late.code, { 'x-local-clock-offset': '905' }));
    expect(isConsent(await postCode(soon, soon.code, { 'x-local-clock-offset': '840' }))).toBe(true);
  });

  test('cannot be asked for when the sign-in is over', async () => {
    const { browser, fields } = await beginSignIn(issuer);
    const address = newAddress();
    expectRefused(await postAddress({ browser, fields }, address, { 'x-local-clock-offset': '905' }));
    expect(await mailsTo(issuer, address)).toEqual([]);
  });

  test('must be asked for before it can be typed', async () => {
    const { browser, fields } = await beginSignIn(issuer);
    expectRefused(await postCode({ browser, fields }, 'AAAA-AAAA'));
    expectRefused(await postCode({ browser, fields }, ''));
  });

  test.for([
    '',
    ' ',
    '-',
    'AAAA',
    'A'.repeat(10_000),
    '<script>alert(1)</script>',
    '{"$ne":1}',
    '%00',
    '\u0000',
    'O0I1L',
  ])('is not %j, which costs no try', async (typed) => {
    const signIn = await awaitCode();
    for (let tries = 1; tries <= 6; tries += 1) {
      const page = await postCode(signIn, typed);
      expectRefused(page);
      expect(page.html).toContain('count as an attempt');
      expect(withoutOwnScript(page)).not.toContain('<script>');
    }
    expect((await postCode(signIn, notThis(signIn.code))).html).toContain('4 attempts left');
    expect(isConsent(await postCode(signIn, signIn.code))).toBe(true);
  });

  test.for([
    [
      'in wide letters',
      (code: string) => code.replace(/[A-Z0-9]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
    ],
    ['with an en dash', (code: string) => code.replace('-', '–')],
    ['with spaces that do not break', (code: string) => `\u00a0${code.replace('-', '\u00a0')}\u00a0`],
    ['with what has no width', (code: string) => [...code].join('\u200b')],
    ['in a sentence', (code: string) => `Code: ${code}.`],
    ['as the subject of the mail', (code: string) => `${code} is your Vestibule code`],
  ] as [string, (code: string) => string][])('is taken %s too', async ([, typed]) => {
    const signIn = await awaitCode();
    expect(isConsent(await postCode(signIn, typed(signIn.code)))).toBe(true);
  });
});

describe.concurrent('a form that is sent twice', () => {
  test('for the first code mails one, and gets the same page, also at the same instant', async () => {
    const { browser, fields } = await beginSignIn(issuer);
    const address = newAddress();
    const first = await Promise.all([1, 2, 3].map(() => postAddress({ browser, fields }, address)));
    const later = await postAddress({ browser, fields }, address);
    for (const page of [...first, later]) expect([page.status, page.html]).toEqual([200, first[0]?.html]);
    expect((await mailsTo(issuer, address)).length).toBe(1);
    expect(isConsent(await postCode({ browser, fields }, await mailedCode(issuer, address)))).toBe(true);
  });

  test('for another code mails one more, and gets the same page, which says that only the newest counts', async () => {
    const signIn = await awaitCode();
    const pages = await Promise.all([1, 2, 3].map(() => askForAnother(signIn)));
    for (const page of pages) {
      expect([page.status, page.html]).toEqual([200, pages[0]?.html]);
      expect(page.html).toContain('Only the newest code works');
    }
    expect((await mailsTo(issuer, signIn.address)).length).toBe(2);
    expect(isConsent(await postCode(signIn, await mailedCode(issuer, signIn.address)))).toBe(true);
  });

  test('counts for one mail in the limit of the address', async () => {
    const day = tomorrowAt(1);
    const ip = newSourceIp();
    const begin = async () => beginSignIn(issuer, { browser: new Browser(issuer, { ...ip, ...day }) });
    const address = newAddress();
    for (let times = 1; times <= 3; times += 1) {
      const window = await begin();
      const pages = await Promise.all([1, 2, 3].map(() => postAddress(window, address)));
      expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    expect((await mailsTo(issuer, address)).length).toBe(3);
    expectRefused(await postAddress(await begin(), address), 429);
  });

  test('is another request after a while, or with another address', async () => {
    const signIn = await awaitCode();
    const other = newAddress();
    await postAddress(signIn, other);
    expect((await mailsTo(issuer, other)).length).toBe(1);
    await postAddress(signIn, signIn.address, aWhileLater);
    expect((await mailsTo(issuer, signIn.address)).length).toBe(2);
  });

  test('gets the same answer whether anybody has the address or not', async () => {
    const known = newAddress();
    await connect(issuer, { address: known });
    const seen = async (address: string) => {
      const { browser, fields } = await beginSignIn(issuer);
      const pages = [];
      for (const more of [{}, {}, { mails: '1' }, { mails: '1' }])
        pages.push(await browser.post('/authorize/email', { ...fields, email: address, ...more }));
      const neutral = (html: string) =>
        [...Object.values(fields), address].reduce((text, value) => text.replaceAll(value, '…'), html);
      return pages.map(({ status, html }) => [status, neutral(html)]);
    };
    expect(await seen(known)).toEqual(await seen(newAddress()));
  });

  test.for(['at the same instant', 'one after the other'])(
    'with the right code gets the same page, and the same session: %s',
    async (how) => {
      const signIn = await awaitCode();
      const clicks = [1, 2].map(() => {
        const browser = new Browser(issuer, newSourceIp());
        for (const [name, value] of signIn.browser.cookies) browser.cookies.set(name, value);
        return browser;
      });
      const click = (browser: Browser) => postCode({ browser, fields: { ...signIn.fields, tries: '5' } }, signIn.code);
      const pages: Page[] = [];
      if (how === 'at the same instant') pages.push(...(await Promise.all(clicks.map(click))));
      else for (const browser of clicks) pages.push(await click(browser));
      for (const page of pages) expect([page.status, page.html]).toEqual([200, pages[0]?.html]);
      const [session, other] = clicks.map(({ cookies }) => cookies.get(`${prefix}session`));
      expect(session).toMatch(/^[\w-]{43}$/);
      expect(other).toBe(session);
      const targets = [];
      for (const browser of clicks)
        targets.push((await approve(browser, { page: pages[0] ?? fail(), fields: signIn.fields })).href);
      expect(targets[1]).toBe(targets[0]);
    },
  );

  test('with a wrong code costs one try and gets the same page, also at the same instant', async () => {
    const { browser, fields } = await beginSignIn(issuer);
    const address = newAddress();
    const page = await postAddress({ browser, fields }, address);
    const code = await mailedCode(issuer, address);
    const form = { ...fieldsFor('/authorize/code', page), code: notThis(code) };
    const pages = await Promise.all([1, 2].map(() => browser.post('/authorize/code', form)));
    pages.push(await browser.post('/authorize/code', form));
    for (const answer of pages) {
      expectRefused(answer);
      expect(answer.html).toBe(pages[0]?.html);
      expect(answer.html).toContain('4 attempts left');
    }
    const next = { ...fieldsFor('/authorize/code', pages[0] ?? fail()), code: notThis(code) };
    expect((await browser.post('/authorize/code', next)).html).toContain('3 attempts left');
    expect(isConsent(await postCode({ browser, fields }, code))).toBe(true);
  });

  test('buys no guess: whatever it says of itself, each other code costs a try', async () => {
    const signIn = await awaitCode();
    const guesses = ['AAAA-AAAA', 'BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'EEEE-EEEE'];
    for (const code of guesses) {
      for (const tries of ['5', '999999'])
        expectRefused(await signIn.browser.post('/authorize/code', { ...signIn.fields, code, tries }));
    }
    expectRefused(await postCode(signIn, signIn.code));
    expectRefused(await signIn.browser.post('/authorize/code', { ...signIn.fields, code: signIn.code, tries: '5' }));
  });
});

describe.concurrent('a code from before the newest', () => {
  test('costs no try however often, and is told to be an earlier one', async () => {
    const signIn = await awaitCode();
    await askForAnother(signIn);
    for (let tries = 1; tries <= 6; tries += 1) {
      const page = await postCode(signIn, signIn.code);
      expectRefused(page);
      expect(page.html).toContain('That’s an earlier code');
      expect(page.html).toContain('count as an attempt');
    }
    const newest = await mailedCode(issuer, signIn.address);
    expect((await postCode(signIn, notThis(newest))).html).toContain('4 attempts left.');
    expect(isConsent(await postCode(signIn, newest))).toBe(true);
  });

  test('is remembered until five newer ones were replaced', async () => {
    const atTheEndOfAQuarter = new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(880) });
    const signIn = await awaitCode(newAddress(), atTheEndOfAQuarter);
    for (const [at, second] of [880, 880, 901, 901, 901, 961].entries()) {
      const page = await askForAnother(signIn, at + 1, tomorrowAt(second));
      expect(page.status).toBe(200);
      const typed = await postCode(signIn, signIn.code, tomorrowAt(second));
      expect(typed.html).toContain(at < 5 ? 'That’s an earlier code' : '4 attempts left');
    }
  });

  test('costs no try, nor does the newest fail, while another is asked for at the same instant', async () => {
    const signIn = await awaitCode();
    const [typed] = await Promise.all([postCode(signIn, signIn.code), askForAnother(signIn)]);
    if (isConsent(typed)) return;
    expect(typed.html).toContain('That’s an earlier code');
    const newest = await mailedCode(issuer, signIn.address);
    expect(isConsent(await postCode(signIn, newest))).toBe(true);
  });

  test('that was mailed to another address is an earlier one as well', async () => {
    const signIn = await awaitCode();
    const other = newAddress();
    await postAddress(signIn, other);
    expect((await postCode(signIn, signIn.code)).html).toContain('That’s an earlier code');
    expect(isConsent(await postCode(signIn, await mailedCode(issuer, other)))).toBe(true);
  });

  test('of another window is just wrong', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const one = await awaitCode(newAddress(), browser);
    await askForAnother(one);
    const other = await awaitCode(newAddress(), browser);
    expect((await postCode(other, one.code)).html).toContain('4 attempts left');
  });
});

describe.concurrent('the browser that began', () => {
  test('is the only one that the code serves, even where another one knows every hidden field', async () => {
    const signIn = await awaitCode();
    const thief = new Browser(issuer, newSourceIp());
    expectRefused(await postCode({ browser: thief, fields: signIn.fields }, signIn.code));
    await beginSignIn(issuer, { browser: thief });
    expectRefused(await postCode({ browser: thief, fields: signIn.fields }, signIn.code));
    expect(isConsent(await postCode(signIn, signIn.code))).toBe(true);
  });

  test('is the only one that may ask for mail or approve', async () => {
    const signIn = await awaitCode();
    const page = await postCode(signIn, signIn.code);
    const thief = new Browser(issuer, newSourceIp());
    const other = newAddress();
    expectRefused(await postAddress({ browser: thief, fields: signIn.fields }, other));
    expect(await mailsTo(issuer, other)).toEqual([]);
    expectRefused(
      await thief.post('/authorize/consent', { ...signIn.fields, decision: 'approve', scope: 'todos:read' }),
    );
    expect((await approve(signIn.browser, { page, fields: signIn.fields })).searchParams.has('code')).toBe(true);
  });

  test('is known by what its cookie holds: one with a secret of its own under the same name is another', async () => {
    const signIn = await awaitCode();
    const secret = 'a-secret-that-the-thief-made-up';
    const thief = new Browser(issuer, newSourceIp());
    for (const name of signIn.browser.cookies.keys()) thief.cookies.set(name, secret);
    const fields = { ...signIn.fields, form_token: createHmac('sha256', secret).update('form').digest('base64url') };
    const mail = newAddress();
    expectRefused(await postAddress({ browser: thief, fields }, mail));
    expect(await mailsTo(issuer, mail)).toEqual([]);
    for (let tries = 1; tries <= 6; tries += 1) expectRefused(await postCode({ browser: thief, fields }, signIn.code));
    expectRefused(await thief.post('/authorize/consent', { ...fields, decision: 'approve', scope: 'todos:read' }));
    expect(isConsent(await postCode(signIn, signIn.code))).toBe(true);
  });

  test('gets a cookie that no script reads and no other host or site gets (L16)', async () => {
    const { client_id } = await register(issuer);
    const response = await fetch(`${issuer}${authorizePath(client_id, newPkce().challenge)}`);
    const cookies = response.headers.getSetCookie();
    expect(cookies.length).toBe(1);
    const [pair = '', ...attributes] = (cookies[0] ?? '').split('; ');
    expect(pair).toMatch(new RegExp(`^${prefix}signin-[0-9A-Z]{26}=[\\w-]{43}$`));
    const expected = ['Max-Age=900', 'Path=/', 'HttpOnly', 'SameSite=Lax', ...(prefix ? ['Secure'] : [])];
    expect([...attributes].sort()).toEqual(expected.sort());
  });

  test('holds no secret in its pages', async () => {
    const signIn = await awaitCode();
    const page = await postCode(signIn, signIn.code);
    for (const secret of signIn.browser.cookies.values()) expect(page.html).not.toContain(secret);
  });

  test('keeps five sign-ins at once, and gives up the oldest for a sixth', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const begun: Fields[] = [];
    for (let at = 0; at < 6; at += 1) begun.push((await beginSignIn(issuer, { browser })).fields);
    expect(browser.cookies.size).toBe(5);
    const [first, ...others] = begun;
    expectRefused(await postAddress({ browser, fields: first ?? {} }, newAddress()));
    expect(browser.cookies.size).toBe(5);
    for (const fields of others) expect((await postAddress({ browser, fields }, newAddress())).status).toBe(200);
  });

  test.for([
    ['in the order in which they were opened', [0, 1]],
    ['in the other order', [1, 0]],
  ] as [string, number[]][])('finishes two tabs %s (A37)', async ([, order]) => {
    const browser = new Browser(issuer, newSourceIp());
    const tabs = [];
    for (const state of ['tab-0', 'tab-1']) tabs.push(await beginSignIn(issuer, { browser, request: { state } }));
    const pages = new Map<number, { readonly page: Page; readonly fields: Fields }>();
    for (const at of order)
      pages.set(at, await reachConsent(issuer, browser, tabs[at]?.page ?? tabs[0]?.page ?? fail()));
    const codes = new Set<string | null>();
    for (const at of order.toReversed()) {
      const redirect = await approve(browser, pages.get(at) ?? fail());
      expect(redirect.searchParams.get('state')).toBe(`tab-${at}`);
      codes.add(redirect.searchParams.get('code'));
    }
    expect(codes.size).toBe(2);
  });
});

describe.concurrent('a window that cannot go on', () => {
  /** A window that five newer ones have pushed out, and the code that was mailed there. */
  async function pushedOut(request: Record<string, string> = {}) {
    const browser = new Browser(issuer, newSourceIp());
    const begun = await beginSignIn(issuer, { browser, request });
    const address = newAddress();
    await postAddress(begun, address);
    for (let newer = 1; newer <= 5; newer += 1) await beginSignIn(issuer, { browser });
    return { ...begun, address, code: await mailedCode(issuer, address) };
  }

  test('says that newer ones pushed it out, at every step, and leads back to the same request', async () => {
    const window = await pushedOut({ scope: 'todos:read', state: 'a&b="c"' });
    const { browser, fields } = window;
    const pages = [
      await postAddress(window, newAddress()),
      await postCode(window, window.code),
      await browser.post('/authorize/consent', { ...fields, decision: 'approve', scope: 'todos:read' }),
      await browser.post('/authorize/sign-out', fields),
    ];
    for (const page of pages) {
      expectRefused(page);
      expect(heading(page)).toBe('Too many windows');
      expect(page.html).toContain('the oldest');
    }
    const again = await browser.open(linkIn(pages[0] ?? fail()));
    const consent = await reachConsent(issuer, browser, again, window.address);
    expect(offeredScopes(consent.page)).toEqual(['todos:read']);
    const redirect = await approve(browser, consent);
    expect(redirect.searchParams.get('state')).toBe('a&b="c"');
    expect((await redeem(issuer, redemptionOf(window, redirect))).status).toBe(200);
  });

  test('asks again for as fresh a sign-in as the client did', async () => {
    const window = await pushedOut({ prompt: 'login', max_age: '60' });
    const link = new URL(linkIn(await postCode(window, window.code)), issuer);
    expect([link.searchParams.get('prompt'), link.searchParams.get('max_age')]).toEqual(['login', '60']);
  });

  test('leads nowhere but where the table says', async () => {
    const window = await pushedOut();
    const evil = { client_id: 'evil', redirect_uri: 'https://evil.example/', state: 'evil', scope: 'evil' };
    const page = await window.browser.post('/authorize/code', { ...evil, ...window.fields, code: window.code });
    expect(linkIn(page)).toContain(`client_id=${window.clientId}`);
    expect(page.html).not.toContain('evil');
  });

  test('tells nothing of the request to whoever does not have its page', async () => {
    const window = await pushedOut();
    const form_token = 'x'.repeat(43);
    const page = await postCode({ browser: window.browser, fields: { ...window.fields, form_token } }, window.code);
    expectRefused(page);
    expect(linkIn(page)).toBe('');
    expect(page.html).not.toContain(window.clientId);
  });

  test('says that it was begun in another browser, and gives nothing away', async () => {
    const signIn = await awaitCode();
    const thief = new Browser(issuer, newSourceIp());
    const page = await postCode({ browser: thief, fields: signIn.fields }, signIn.code);
    expectRefused(page);
    expect(heading(page)).toBe('Continue in your other browser');
    expect(linkIn(page)).toBe('');
    expect(page.html).not.toContain(signIn.address);
  });

  test('says that it has expired, with its cookie and without, and leads back', async () => {
    const signIn = await awaitCode();
    const late = { 'x-local-clock-offset': '905' };
    const withCookie = await postCode(signIn, signIn.code, late);
    signIn.browser.cookies.clear();
    const without = await postCode(signIn, signIn.code, late);
    for (const page of [withCookie, without]) {
      expectRefused(page);
      expect(heading(page)).toBe('This page has expired');
      expect((await signIn.browser.open(linkIn(page))).html).toContain('name="email"');
    }
    const muchLater = await postCode(signIn, signIn.code, { 'x-local-clock-offset': '5000' });
    expect([heading(muchLater), linkIn(muchLater)]).toEqual(['This page has expired', '']);
  });

  test('says that the request was answered, and leads to the same answer', async () => {
    const signIn = await awaitCode();
    const page = await postCode(signIn, signIn.code);
    const redirect = await approve(signIn.browser, { page, fields: signIn.fields });
    const pages = [
      await postCode(signIn, signIn.code, aWhileLater),
      await postAddress(signIn, newAddress(), aWhileLater),
      await signIn.browser.post('/authorize/sign-out', signIn.fields),
    ];
    for (const answered of pages) {
      expectRefused(answered);
      expect(heading(answered)).toBe('You’ve already allowed this');
    }
    const onward = await signIn.browser.post('/authorize/consent', fieldsFor('/authorize/consent', pages[0] ?? fail()));
    expect((await approve(signIn.browser, { page: onward, fields: signIn.fields })).href).toBe(redirect.href);
  });

  test('says that nothing is known of it', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const page = await postCode({ browser, fields: { transaction: ulid(), form_token: 'x' } }, 'AAAA-AAAA');
    expectRefused(page);
    expect(heading(page)).toBe('We don’t know this sign-in');
  });
});

describe.concurrent('forms, and who may post them', () => {
  const elsewhere: [string, Fields][] = [
    ['from another site', { origin: 'https://evil.example' }],
    [
      'from another site that browsers call by the same site',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-site' },
    ],
    ['from another port', { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }],
    ['from a frame without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from an origin that only begins like ours', { origin: `${issuer}.evil.example` }],
    ['from ours in a longer form', { origin: `${issuer}/` }],
  ];
  test.for(elsewhere)('refuses a form %s, and mails nothing (L15)', async ([, headers]) => {
    const { browser, fields } = await beginSignIn(issuer);
    const address = newAddress();
    expectRefused(await postAddress({ browser, fields }, address, headers), 403);
    expect(await mailsTo(issuer, address)).toEqual([]);
  });

  test('refuses a form of which no header says where it is from (L15)', async () => {
    const signIn = await awaitCode();
    const cookie = [...signIn.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...signIn.fields, code: signIn.code }).toString();
    expectRefused(await send(issuer, { method: 'POST', path: '/authorize/code', headers, body }), 403);
    expect(isConsent(await postCode(signIn, signIn.code))).toBe(true);
  });

  test('takes a form without an origin where the browser vouches for it', async () => {
    const { browser, fields } = await beginSignIn(issuer);
    const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' };
    expect((await postAddress({ browser, fields }, newAddress(), headers)).status).toBe(200);
  });

  test.for(['/authorize/email', '/authorize/code', '/authorize/consent'])(
    'refuses %s from another site at every step (L15)',
    async (path) => {
      const signIn = await awaitCode();
      const fields = {
        ...signIn.fields,
        email: signIn.address,
        code: signIn.code,
        decision: 'approve',
        scope: 'todos:read',
      };
      expectRefused(await signIn.browser.post(path, fields, { origin: 'https://evil.example' }), 403);
    },
  );

  const broken: [string, (fields: Fields) => Fields][] = [
    ['no form token', ({ transaction = '' }) => ({ transaction })],
    ['an empty form token', (fields) => ({ ...fields, form_token: '' })],
    ['a form token of its own making', (fields) => ({ ...fields, form_token: 'x'.repeat(43) })],
    ['no transaction', ({ form_token = '' }) => ({ form_token })],
    ['the transaction of nobody', (fields) => ({ ...fields, transaction: '0'.repeat(26) })],
    ['a transaction of 3 kB', (fields) => ({ ...fields, transaction: 'x'.repeat(3_000) })],
    ['a transaction with the separators of a key', (fields) => ({ ...fields, transaction: 'a#b|c' })],
    ['a transaction with the marks of a cookie', (fields) => ({ ...fields, transaction: 'x=y; z' })],
  ];
  test.for(broken)('refuses a form with %s, and mails nothing (L15, A35)', async ([, change]) => {
    const { browser, fields } = await beginSignIn(issuer);
    const address = newAddress();
    expectRefused(await postAddress({ browser, fields: change(fields) }, address));
    expect(await mailsTo(issuer, address)).toEqual([]);
  });

  test('refuses the form token of another sign-in in the same browser (A35)', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const one = await beginSignIn(issuer, { browser });
    const other = await beginSignIn(issuer, { browser });
    const mixed = { transaction: one.fields.transaction ?? '', form_token: other.fields.form_token ?? '' };
    expectRefused(await postAddress({ browser, fields: mixed }, newAddress()));
  });

  test.for(['x'.repeat(26), 'x'.repeat(3_000), 'a#b', '__proto__'])(
    'knows no sign-in that a browser made up with a cookie of its own, such as %s',
    async (id) => {
      const browser = new Browser(issuer, newSourceIp());
      browser.cookies.set(`${prefix}signin-${id}`, 'secret');
      const form_token = createHmac('sha256', 'secret').update('form').digest('base64url');
      const fields = { transaction: id, form_token };
      const address = newAddress();
      expectRefused(await postAddress({ browser, fields }, address));
      expectRefused(await postCode({ browser, fields }, 'AAAA-AAAA'));
      expectRefused(await browser.post('/authorize/consent', { ...fields, decision: 'approve', scope: 'todos:read' }));
      expect(await mailsTo(issuer, address)).toEqual([]);
    },
  );

  test('takes the request from what it remembers, not from what a form brings along (A35)', async () => {
    const evil = {
      client_id: 'other',
      redirect_uri: 'https://evil.example/cb',
      code_challenge: newPkce().challenge,
      state: 'evil',
      resource: 'https://evil.example/',
      scopes: 'admin',
      email: 'someone-else@example.com',
      principal: 'someone',
    };
    const { browser, page, fields } = await beginSignIn(issuer, { request: { scope: 'todos:read' } });
    const address = newAddress();
    await browser.post('/authorize/email', { ...evil, ...fields, email: address });
    const consent = await browser.post('/authorize/code', {
      ...evil,
      ...fields,
      code: await mailedCode(issuer, address),
    });
    expect(offeredScopes(consent)).toEqual(['todos:read']);
    expect(consent.html).toContain(address);
    const form = new URLSearchParams({ ...evil, ...hiddenFields(page), decision: 'approve' });
    for (const scope of ['todos:read', 'todos:write', 'admin']) form.append('scope', scope);
    const redirect = location(await browser.post('/authorize/consent', form));
    expect(redirect.origin + redirect.pathname).toBe(callback);
    expect(redirect.searchParams.getAll('state')).toEqual(['the-state']);
  });
});

describe.concurrent('the mail', () => {
  test('begins with the code, and says who asks for it and what to do (L18)', async () => {
    const { address, code } = await awaitCode();
    expect(code).toMatch(CODE);
    const [mail, ...others] = await mailsTo(issuer, address);
    expect(others).toEqual([]);
    expect(mail?.subject.startsWith(`${code} `)).toBe(true);
    for (const text of [mail?.text, mail?.html]) {
      expect(text).toContain(code);
      expect(text).toContain('15 minutes');
      expect(text).toContain('Ignore this email');
    }
  });

  test('has no link and none of the words of a client, which anyone could be (L18)', async () => {
    const metadata = {
      client_name: 'Your account is locked, go to evil.example',
      client_uri: 'https://evil.example/home',
      logo_uri: 'https://evil.example/logo',
      redirect_uris: ['https://client.example/your-account-is-locked?call=555'],
    };
    const [redirect_uri = ''] = metadata.redirect_uris;
    const request = { redirect_uri, state: 'state-of-evil', scope: 'words-of-evil' };
    const { browser, fields } = await beginSignIn(issuer, { metadata, request });
    const address = newAddress();
    await postAddress({ browser, fields }, address);
    const [mail] = await mailsTo(issuer, address);
    const all = `${mail?.subject}\n${mail?.text}\n${mail?.html}`;
    expect(all).not.toMatch(/https?:|www\.|<a\b|href|src=|evil|locked|555/i);
    for (const body of [mail?.text, mail?.html]) expect(body).not.toMatch(/client\.example|@example/);
    expect(all).not.toContain(fields.transaction);
  });

  test('tells by its host who will get the answer, and of a program that it is on the device (L18)', async () => {
    const redirect_uri = 'https://client.example/cb';
    const web = await beginSignIn(issuer, { metadata: { redirect_uris: [redirect_uri] }, request: { redirect_uri } });
    const [one, other] = [newAddress(), newAddress()];
    await postAddress(web, one);
    expect((await mailsTo(issuer, one))[0]?.text.replaceAll('\u2060', '')).toContain('connecting client.example to');
    await postAddress(await beginSignIn(issuer), other);
    const [mail] = await mailsTo(issuer, other);
    expect(mail?.text).toContain('a program on their device');
    expect(mail?.text).not.toContain('localhost');
  });
});

describe.concurrent('the address', () => {
  const same: [string, (id: string) => [string, string]][] = [
    ['capital letters', (id) => [`ADA-${id.toUpperCase()}@EXAMPLE.com`, `ada-${id}@example.com`]],
    ['an international domain', (id) => [`ada-${id}@bücher.example`, `ada-${id}@xn--bcher-kva.example`]],
    ['a domain in fullwidth letters', (id) => [`ada-${id}@ｅxample.com`, `ada-${id}@example.com`]],
    ['spaces around it', (id) => [`  ada-${id}@example.com `, `ada-${id}@example.com`]],
    ['a full stop after it', (id) => [`ada-${id}@example.com.`, `ada-${id}@example.com`]],
    ['a name before it', (id) => [`Ada <ada-${id}@example.com>`, `ada-${id}@example.com`]],
    ['a scheme before it', (id) => [`mailto:ada-${id}@example.com`, `ada-${id}@example.com`]],
    ['a wide sign and dot', (id) => [`ada-${id}＠example．com`, `ada-${id}@example.com`]],
  ];
  test.for(same)('is one and the same with %s, and the page shows it in its one form (L03)', async ([, pair]) => {
    const [typed, canonical] = pair(randomUUID());
    const { browser, clientId, verifier, fields } = await beginSignIn(issuer);
    const asked = await postAddress({ browser, fields }, typed);
    expect(asked.html).toContain(`<strong><bdi>${canonical}</bdi></strong>`);
    const page = await postCode({ browser, fields }, await mailedCode(issuer, canonical));
    expect(page.html).toContain(canonical);
    const redirect = await approve(browser, { page, fields });
    const { access_token } = await redeemed(issuer, redemptionOf({ clientId, verifier }, redirect));
    expect(await subjectOf(canonical)).toBe(decodeJwt(access_token).sub);
  });

  const others: [string, (id: string) => [string, string]][] = [
    ['a tag', (id) => [`ada-${id}@example.com`, `ada-${id}+tag@example.com`]],
    ['dots', (id) => [`ada-${id}@example.com`, `a.da-${id}@example.com`]],
    ['another domain', (id) => [`ada-${id}@example.com`, `ada-${id}@example.org`]],
    ['a subdomain', (id) => [`ada-${id}@example.com`, `ada-${id}@mail.example.com`]],
    ['a domain in look-alike letters', (id) => [`ada-${id}@example.com`, `ada-${id}@xn--xample-2of.com`]],
  ];
  test.for(others)('is another person with %s (L03)', async ([, pair]) => {
    const [one, other] = pair(randomUUID());
    expect(await subjectOf(one)).not.toBe(await subjectOf(other));
  });

  const none: [string, string][] = [
    ['nothing', ''],
    ['no @', 'nonsense'],
    ['two of them', 'a@b@example.com'],
    ['fullwidth letters', 'ａdmin@example.com'],
    ['a dotted capital I', 'İ@example.com'],
    ['a Cyrillic letter', 'аdmin@example.com'],
    ['a letter with a mark of its own', 'e\u0301@example.com'],
    ['a quoted local part', '"ada lovelace"@example.com'],
    ['a quoted @', '"ada@evil.example"@example.com'],
    ['a comment', 'ada(comment)@example.com'],
    ['an address before it', 'bob@example.com <ada@example.com>'],
    ['two addresses', 'ada@example.com,bob@example.com'],
    ['two addresses with a semicolon', 'ada@example.com; bob@example.com'],
    ['a dot at the end of the local part', 'ada.@example.com'],
    ['two dots in a row', 'a..b@example.com'],
    ['no domain that mail goes to', 'ada@localhost'],
    ['a number for a host', 'ada@127.0.0.1'],
    ['a host in brackets', 'ada@[127.0.0.1]'],
    ['a domain with an underscore', 'ada@exa_mple.com'],
    ['a path after the domain', 'ada@example.com/evil.example'],
    ['a query after the domain', 'ada@example.com?x=evil.example'],
    ['a fragment after the domain', 'ada@example.com#evil.example'],
    ['an escaped letter in the domain', 'ada@ex%61mple.com'],
    ['a tab within the domain', 'ada@exam\tple.com'],
    ['a line break and a header', 'ada@example.com\r\nBcc: bob@example.com'],
    ['a zero byte', 'ada\u0000@example.com'],
    ['a local part that is too long', `${'a'.repeat(65)}@example.com`],
    [
      'more than 254 characters',
      `ada@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(20)}.com`,
    ],
    ['markup', '<script>alert(1)</script>@example.com'],
  ];
  test.for(none)('is none with %s, and the page says so (L03)', async ([, typed]) => {
    const { browser, fields } = await beginSignIn(issuer);
    const page = await postAddress({ browser, fields }, typed.replace('ada@', `ada-${randomUUID().slice(0, 8)}@`));
    expectRefused(page);
    expect(page.html).toContain('role="alert"');
    expect(page.html).toContain('name="email"');
    expect(withoutOwnScript(page)).not.toContain('<script>');
    expect((await postAddress({ browser, fields }, newAddress())).status).toBe(200);
  });

  test.for(['=?utf-8?q?a?=', 'a%other.example', 'other.example!a'])(
    'that leads on to another is refused, and the page says so: %s@…',
    async (local) => {
      const { browser, fields } = await beginSignIn(issuer);
      const page = await postAddress({ browser, fields }, `${local}@example.com`);
      expectRefused(page);
      expect(page.html).toContain('before the @ can lead to someone else');
    },
  );

  test.for(["o'hara", 'a&b', 'x=y', '{a}', 'a/b', '#1', 'a$c*e?f^g`h|i~j'])(
    'may hold what looks like code: %s@…',
    async (local) => {
      const address = `${local}-${randomUUID().slice(0, 8)}@example.com`;
      const { browser, fields } = await beginSignIn(issuer);
      const page = await postAddress({ browser, fields }, address);
      expect(page.status).toBe(200);
      expect(page.html).not.toContain(`>${local}&b`);
      expect(isConsent(await postCode({ browser, fields }, await mailedCode(issuer, address)))).toBe(true);
    },
  );

  test('gets the same answer whether anyone has signed in with it or not (L01)', async () => {
    const known = newAddress();
    await connect(issuer, { address: known });
    const unknown = newAddress();
    const seen = async (address: string) => {
      const { browser, fields } = await beginSignIn(issuer);
      const { status, headers, html } = await postAddress({ browser, fields }, address);
      const neutral = [...Object.values(fields), address].reduce((text, value) => text.replaceAll(value, '…'), html);
      const names = [...headers].filter(([name]) => name !== 'date');
      return { status, headers: names, html: neutral };
    };
    expect(await seen(known)).toEqual(await seen(unknown));
  });
});

describe.concurrent('how often mail goes out', () => {
  const mailsAt = async (address: string, seconds: number, ip = newSourceIp()) => {
    const { browser, fields } = await beginSignIn(issuer, {
      browser: new Browser(issuer, { ...ip, ...tomorrowAt(seconds) }),
    });
    return postAddress({ browser, fields }, address);
  };

  test('is limited by address for each network: beyond that comes a page that says when to come back (L09)', async () => {
    const [address, ip] = [newAddress(), newSourceIp()];
    const first = await Promise.all([1, 2, 3].map(() => mailsAt(address, 1, ip)));
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
    const page = await mailsAt(address, 5, ip);
    expectRefused(page, 429);
    expect(heading(page)).not.toBe('');
    const seconds = Number(page.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await mailsTo(issuer, address)).length).toBe(3);
  });

  test('counts nothing for what it refuses (L09)', async () => {
    const [address, ip] = [newAddress(), newSourceIp()];
    await Promise.all([1, 2, 3].map(() => mailsAt(address, 1, ip)));
    const refused = await Promise.all(Array.from({ length: 8 }, () => mailsAt(address, 10, ip)));
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 429));
    const later = await Promise.all([1, 2, 3].map(() => mailsAt(address, 61, ip)));
    expect(later.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await mailsAt(address, 121, ip)).status).toBe(429);
    expect((await mailsAt(address, 901, ip)).status).toBe(200);
  });

  test('says how long it takes where a longer window is full', async () => {
    const [address, ip] = [newAddress(), newSourceIp()];
    for (const seconds of [1, 61]) await Promise.all([1, 2, 3].map(() => mailsAt(address, seconds, ip)));
    const page = await mailsAt(address, 121, ip);
    expectRefused(page, 429);
    const seconds = Number(page.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(700);
    expect(seconds).toBeLessThanOrEqual(780);
  });

  test('is the same for an address in all its spellings', async () => {
    const [address, ip] = [newAddress(), newSourceIp()];
    await Promise.all([address, address.toUpperCase(), ` ${address} `].map((typed) => mailsAt(typed, 1, ip)));
    expect((await mailsAt(address, 2, ip)).status).toBe(429);
    expect((await mailsAt(address.replace('@', '+tag@'), 2, ip)).status).toBe(200);
  });

  test('leaves a person with a code able to finish when another has used up the mail to their address (L12)', async () => {
    const { browser, fields } = await beginSignIn(issuer, {
      browser: new Browser(issuer, { ...newSourceIp(), ...tomorrowAt(1) }),
    });
    const [address, ip] = [newAddress(), newSourceIp()];
    await postAddress({ browser, fields }, address);
    const code = await mailedCode(issuer, address);
    await Promise.all([1, 2, 3, 4].map(() => mailsAt(address, 1, ip)));
    expect((await mailsAt(address, 2, ip)).status).toBe(429);
    expect(isConsent(await postCode({ browser, fields }, code))).toBe(true);
  });

  test('is limited by network too, and then counts nothing for the address', async () => {
    const ip = newSourceIp();
    const { browser, fields } = await beginSignIn(issuer, {
      browser: new Browser(issuer, { ...ip, ...tomorrowAt(1) }),
    });
    for (let at = 0; at < 5; at += 1) {
      const pages = await Promise.all(Array.from({ length: 6 }, () => postAddress({ browser, fields }, newAddress())));
      expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200));
    }
    const address = newAddress();
    const refused = await Promise.all([1, 2, 3, 4].map(() => postAddress({ browser, fields }, address)));
    expect(refused.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    expect(await mailsTo(issuer, address)).toEqual([]);
    const elsewhere = await Promise.all([1, 2, 3].map(() => mailsAt(address, 2)));
    expect(elsewhere.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe.concurrent('how often wrong codes are looked at', () => {
  test('is limited by network: beyond that a wrong one is told to wait, and the right one passes', async () => {
    const ip = newSourceIp();
    const begin = () => awaitCode(newAddress(), new Browser(issuer, { ...ip, ...tomorrowAt(1) }));
    const guessed = await Promise.all([begin(), begin(), begin(), begin()]);
    for (const signIn of guessed)
      for (let tries = 1; tries <= 5; tries += 1) await postCode(signIn, notThis(signIn.code));
    const neighbour = await begin();
    for (let tries = 1; tries <= 4; tries += 1) {
      const page = await postCode(neighbour, notThis(neighbour.code).replace(/.$/, String(tries + 1)));
      expect([page.status, heading(page)]).toEqual([429, 'Check your email']);
      expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(isConsent(await postCode(neighbour, neighbour.code))).toBe(true);
  });

  test('counts no right code', async () => {
    const ip = newSourceIp();
    const browser = () => new Browser(issuer, { ...ip, ...tomorrowAt(1) });
    for (let at = 0; at < 4; at += 1) {
      const signIns = await Promise.all(Array.from({ length: 6 }, () => awaitCode(newAddress(), browser())));
      const pages = await Promise.all(signIns.map((signIn) => postCode(signIn, signIn.code)));
      expect(pages.map(isConsent)).toEqual(pages.map(() => true));
    }
  });
});

describe('input that nobody honest sends', () => {
  const steps = ['/authorize/email', '/authorize/code', '/authorize/consent'];
  const formType = { 'content-type': 'application/x-www-form-urlencoded' };
  const absurd: [string, Fields, string | Buffer, number][] = [
    ['JSON', { 'content-type': 'application/json' }, '{"email":"ada@example.com"}', 400],
    ['JSON that is called a form', formType, '{"email":"ada@example.com"}', 400],
    ['plain text', { 'content-type': 'text/plain' }, 'email=ada%40example.com', 400],
    ['parts', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--', 400],
    ['two types at once', { 'content-type': 'application/x-www-form-urlencoded, application/json' }, 'a=b', 400],
    ['no type', { 'content-type': '' }, 'a=b', 400],
    ['nothing', formType, '', 400],
    ['a megabyte', formType, `email=${'x'.repeat(1_000_000)}`, 413],
    ['ten thousand fields', formType, 'a=b&'.repeat(10_000), 400],
    ['ten thousand brackets', formType, `email${'['.repeat(10_000)}=x`, 400],
    ['members named __proto__', formType, '__proto__[transaction]=x&constructor=y', 400],
    ['broken UTF-8', formType, Buffer.from('transaction=\xff\xfe', 'latin1'), 400],
    ['broken UTF-8 in escapes', formType, 'transaction=%FF%FE&form_token=%FF', 400],
    ['broken escapes', formType, 'transaction=%&form_token=%G1', 400],
    ['a name twice', formType, 'transaction=a&transaction=b&form_token=c&form_token=d', 400],
  ];
  const everywhere = steps.flatMap((path) => absurd.map((one): [string, ...(typeof absurd)[number]] => [path, ...one]));
  test.for(everywhere)('gets a page from %s: %s (H03)', async ([path, , headers, body, status]) => {
    const sent = { origin: issuer, ...newSourceIp(), ...headers };
    expectRefused(await send(issuer, { method: 'POST', path, headers: sent, body }), status);
  });

  test.for([
    ['/authorize/email', 'email'],
    ['/authorize/code', 'code'],
  ] as [string, string][])('is refused by %s where %s is given twice', async ([path, name]) => {
    const signIn = await awaitCode();
    const form = new URLSearchParams([...Object.entries(signIn.fields), [name, signIn.code], [name, signIn.code]]);
    expectRefused(await signIn.browser.post(path, form));
  });

  test.for([
    ['/authorize/email', 'email'],
    ['/authorize/code', 'code'],
  ] as [string, string][])('is refused by %s where %s is no UTF-8', async ([path, name]) => {
    const signIn = await awaitCode();
    const cookie = [...signIn.browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const body = `${new URLSearchParams(signIn.fields)}&${name}=%FF%FE%40example.com`;
    expectRefused(await send(issuer, { method: 'POST', path, headers: { origin: issuer, cookie, ...formType }, body }));
  });
});

function fail(): never {
  throw new Error('The test lost a tab');
}

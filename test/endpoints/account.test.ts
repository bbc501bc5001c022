import { describe, expect, inject, test } from 'vitest';
import { connectedAccount, formsOf, openAccount, press, signInToAccount } from '../support/account-page.ts';
import { Browser, heading } from '../support/browser.ts';
import { connect, isAccepted, newAddress, newSourceIp, refresh } from '../support/flow.ts';
import { itemsUnder, tableOf } from '../support/items.ts';
import { principalIn } from '../support/people.ts';
import { addSessions, listManySessions } from '../support/sessions.ts';

const issuer = inject('issuer');

describe.concurrent('the account page', () => {
  test('leads somebody who is not signed in to a sign-in, and back', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const first = await browser.open('/account');
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/account/sign-in');
    const signedIn = await signInToAccount(issuer, { browser, address: newAddress() });
    expect(signedIn.status).toBe(303);
    expect(signedIn.headers.get('location')).toBe(`${issuer}/account`);
    const page = await browser.open('/account');
    expect(heading(page)).toBe('Your account');
    expect(page.html).toContain('No apps are connected.');
  });

  test('lists what is connected, and disconnects it: the very next call is refused', async () => {
    const account = await connectedAccount(issuer);
    expect(account.page.html).toContain('Unverified');
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
    const answer = await press(account, '/account/disconnect');
    expect(heading(answer)).toBe('App disconnected');
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(false);
    expect((await refresh(issuer, account.clientId, account.tokens.refresh_token)).status).toBe(400);
    const again = await press(account, '/account/disconnect');
    expect(again.html).toContain('It was already disconnected.');
    const after = await account.browser.open('/account');
    expect(after.html).toContain('No apps are connected.');
  });

  test('disconnects all at once', async () => {
    const address = newAddress();
    const others = [
      await connect(issuer, { address, isOwnClient: true }),
      await connect(issuer, { address, isOwnClient: true }),
    ];
    const account = await connectedAccount(issuer, { address });
    const answer = await press(account, '/account/disconnect-all');
    expect(heading(answer)).toBe('All apps disconnected');
    for (const { tokens } of [...others, account]) expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
  });

  test('disconnects nothing of somebody else', async () => {
    const victim = await connectedAccount(issuer);
    const account = await connectedAccount(issuer);
    const theirs = formsOf(victim.page).find(({ action }) => action === '/account/disconnect')?.fields.connection ?? '';
    const answer = await press(account, '/account/disconnect', { more: { connection: theirs } });
    expect(answer.status).toBe(404);
    expect(await isAccepted(issuer, victim.tokens.access_token)).toBe(true);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  });
});

describe.concurrent('the language of an account', () => {
  test('is the one that its person chooses, whatever their browser asks for', async () => {
    const account = await openAccount(issuer, { headers: { 'accept-language': 'fr' } });
    expect(heading(account.page)).toBe('Votre compte');
    const saved = await press(account, '/account/language', { more: { language: 'de' } });
    expect(saved.headers.get('location')).toBe('/account');
    const page = await account.browser.open('/account');
    expect(page.html).toContain('<html lang="de"');
    expect(heading(page)).toBe('Ihr Konto');
  });

  test.for(['xx', '', 'EN', '__proto__'])('is none that there is not: %s', async (language) => {
    const account = await openAccount(issuer);
    expect((await press(account, '/account/language', { more: { language } })).status).toBe(400);
    expect((await account.browser.open('/account')).html).toContain('<html lang="en"');
  });
});

describe.concurrent('everything of a person', () => {
  test('ends at once: every browser, and every connection', async () => {
    const here = await connectedAccount(issuer);
    const there = await openAccount(issuer, { address: here.address });
    const page = await there.browser.open('/account');
    const answer = await press({ browser: there.browser, page }, '/account/sign-out-everywhere');
    expect(heading(answer)).toBe('You’re signed out everywhere');
    for (const { browser } of [here, there]) expect((await browser.open('/account')).status).toBe(303);
    expect(await isAccepted(issuer, here.tokens.access_token)).toBe(false);
    const again = await openAccount(issuer, { address: here.address });
    expect(again.page.html).toContain('No apps are connected.');
  });
});

test('nobody is sent to another site after a sign-out or a sign-in, whatever a request says', async () => {
  const elsewhere = 'https://evil.example/';
  const names = ['post_logout_redirect_uri', 'redirect_uri', 'returnTo', 'to', 'next', 'state'];
  const more = Object.fromEntries(names.map((name) => [name, elsewhere]));
  for (const path of ['/account/sign-out', '/account/sign-out-everywhere']) {
    const answer = await press(await openAccount(issuer), path, { more });
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    expect(answer.html).not.toContain('evil.example');
  }
  for (const to of [elsewhere, '//evil.example', '/\\evil.example', '/account/data@evil.example']) {
    const browser = new Browser(issuer, newSourceIp());
    const answer = await signInToAccount(issuer, { browser, address: newAddress(), to: encodeURIComponent(to) });
    expect(answer.headers.get('location')).toBe(`${issuer}/account`);
  }
});

describe.concurrent('a form of the account page changes nothing', () => {
  test('when it comes from another site', async () => {
    const account = await connectedAccount(issuer);
    const [form] = formsOf(account.page);
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await account.browser.post(form?.action ?? '', form?.fields ?? {}, headers);
    expect(answer.status).toBe(403);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  });

  test('without the token of the page, or with that of another session', async () => {
    const account = await connectedAccount(issuer);
    const other = await openAccount(issuer);
    const foreign = formsOf(other.page)[0]?.fields.form_token ?? '';
    for (const form_token of ['', 'x', foreign]) {
      const answer = await press(account, '/account/disconnect', { more: { form_token } });
      expect(answer.status).toBe(400);
      expect(heading(answer)).toBe('This page is out of date');
    }
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  });

  test('after its person has signed out', async () => {
    const account = await connectedAccount(issuer);
    const { cookies } = account.browser;
    const before = new Map(cookies);
    expect(heading(await press(account, '/account/sign-out'))).toBe('You’re signed out');
    const late = new Browser(issuer, newSourceIp());
    for (const [name, value] of before) late.cookies.set(name, value);
    const answer = await press({ browser: late, page: account.page }, '/account/disconnect');
    expect(answer.status).toBe(400);
    expect(heading(answer)).toBe('Sign in again');
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  });

  test.for(['disconnect', 'disconnect-all', 'end-session', 'end-other-sessions', 'sign-out'])(
    'when it is opened like a page: %s',
    async (page) => {
      const account = await connectedAccount(issuer);
      const answer = await account.browser.open(`/account/${page}`);
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe('/account');
      expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
      expect((await account.browser.open('/account')).status).toBe(200);
    },
  );
});

describe.concurrent('the browsers in which a person is signed in', () => {
  const firefox = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' };

  test('are listed by name, and each can be signed out', async () => {
    const here = await openAccount(issuer, { headers: firefox });
    const there = await openAccount(issuer, { address: here.address });
    const page = await there.browser.open('/account');
    expect(page.html).toContain('Firefox on Linux');
    expect(page.html).toContain('This browser');
    const answer = await press({ browser: there.browser, page }, '/account/end-session', { words: 'Firefox on Linux' });
    expect(answer.html).toContain('That browser is signed out.');
    expect((await here.browser.open('/account')).status).toBe(303);
    const after = await there.browser.open('/account');
    expect(after.status).toBe(200);
    expect(after.html).not.toContain('Firefox');
  });

  test('can all be signed out but this one, and connections stay', async () => {
    const here = await connectedAccount(issuer);
    const others = [
      await openAccount(issuer, { address: here.address }),
      await openAccount(issuer, { address: here.address }),
    ];
    const page = await here.browser.open('/account');
    expect(heading(await press({ browser: here.browser, page }, '/account/end-other-sessions'))).toBe('Signed out');
    for (const { browser } of others) expect((await browser.open('/account')).status).toBe(303);
    expect((await here.browser.open('/account')).status).toBe(200);
    expect(await isAccepted(issuer, here.tokens.access_token)).toBe(true);
  });

  test('can all be signed out, however many there were', async () => {
    const here = await connectedAccount(issuer);
    const other = await openAccount(issuer, { address: here.address });
    await listManySessions(issuer, principalIn(here.tokens.access_token).subject);
    const page = await here.browser.open('/account');
    await press({ browser: here.browser, page }, '/account/end-other-sessions');
    expect((await other.browser.open('/account')).status).toBe(303);
  });

  test('are ended in batches, all of them, and the newest hundred are listed', async () => {
    const here = await connectedAccount(issuer);
    const { subject, tenant } = principalIn(here.tokens.access_token);
    await addSessions(issuer, { subject, tenant }, 120);
    const page = await here.browser.open('/account');
    expect(page.html.match(/name="session"/g)).toHaveLength(99);
    await press({ browser: here.browser, page }, '/account/end-other-sessions');
    const left = (await itemsUnder(tableOf(issuer), `USER#${subject}`)).filter(({ sk }) =>
      String(sk).startsWith('SESSION#'),
    );
    expect(left).toHaveLength(1);
    expect((await here.browser.open('/account')).status).toBe(200);
  });

  test('cannot keep a person from ending one by opening the page all the time', async () => {
    const { address, browser } = await openAccount(issuer);
    const opened = async () => (await browser.open('/account')).status;
    for (let pages = 0; pages < 100 && (await opened()) === 200; pages += 1);
    expect(await opened()).toBe(429);
    const there = await openAccount(issuer, { address });
    expect(heading(await press(there, '/account/sign-out-everywhere'))).toBe('You’re signed out everywhere');
    expect(await opened()).toBe(303);
  });
});

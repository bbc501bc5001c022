import { describe, expect, inject, test } from 'vitest';
import { Browser, heading, offeredScopes, type Page } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
} from '../support/flow.ts';
import { principalIn } from '../support/people.ts';
import { redeemed, redemptionOf } from '../support/redemption.ts';

const issuer = inject('issuer');

type Window = Awaited<ReturnType<typeof beginSignIn>>;
type Headers = Record<string, string>;

/** A person's two windows in one browser: they are about to sign in in one, and the other was opened before that. */
async function twoWindows(request: Record<string, string> = {}) {
  const browser = new Browser(issuer, newSourceIp());
  const first = await beginSignIn(issuer, { browser });
  const second = await beginSignIn(issuer, { browser, request });
  return { browser, first, second, address: newAddress() };
}

function signIn({ browser, page }: Window, address: string) {
  return reachConsent(issuer, browser, page, address);
}

function postAddress({ browser, fields }: Window, email: string, headers: Headers = {}): Promise<Page> {
  return browser.post('/authorize/email', { ...fields, email }, headers);
}

function postCode({ browser, fields }: Window, code: string, headers: Headers = {}): Promise<Page> {
  return browser.post('/authorize/code', { ...fields, code }, headers);
}

function expectConsent(page: Page, address: string): void {
  expect(page.status, heading(page)).toBe(200);
  expect(offeredScopes(page).length).toBeGreaterThan(0);
  expect(page.html).toContain(address);
}

async function subjectOf({ browser, clientId, verifier, fields }: Window, page: Page): Promise<string> {
  const redirect = await approve(browser, { page, fields });
  const { access_token } = await redeemed(issuer, redemptionOf({ clientId, verifier }, redirect));
  return principalIn(access_token).subject;
}

describe.concurrent('a second window of somebody who has just signed in', () => {
  test('that asks for the address goes on to consent, and mails nothing', async () => {
    const { first, second, address } = await twoWindows();
    const subject = await subjectOf(first, (await signIn(first, address)).page);
    const page = await postAddress(second, address.toUpperCase());
    expectConsent(page, address);
    expect(await subjectOf(second, page)).toBe(subject);
    const codes = (await mailsTo(issuer, address)).filter(({ subject }) => subject.includes('code'));
    expect(codes.length).toBe(1);
  });

  test('goes on to consent with nothing typed, for nobody else is meant', async () => {
    const { first, second, address } = await twoWindows();
    await signIn(first, address);
    expectConsent(await postAddress(second, ''), address);
  });

  test('that asks for the code goes on to consent, whatever is typed there', async () => {
    for (const typed of ['AAAA-AAAA', '', 'the code of the first window']) {
      const { first, second, address } = await twoWindows();
      await postAddress(second, address);
      const { page } = await signIn(first, address);
      expectConsent(page, address);
      const ofFirst = await mailedCode(issuer, address);
      expectConsent(await postCode(second, typed.startsWith('the') ? ofFirst : typed), address);
    }
  });

  test('that asks for the code goes on to consent when another is asked for, or the page is loaded again', async () => {
    const { first, second, address } = await twoWindows();
    await postAddress(second, address);
    await signIn(first, address);
    const page = await second.browser.post('/authorize/email', { ...second.fields, email: address, mails: '1' });
    expectConsent(page, address);
    expectConsent(await postAddress(second, address), address);
    expect((await mailsTo(issuer, address)).length).toBe(2);
  });

  test('goes on to consent when its request is opened again', async () => {
    const { browser, first, second, address } = await twoWindows();
    await signIn(first, address);
    expectConsent(await browser.open(authorizePath(second.clientId, newPkce().challenge)), address);
  });

  test('mails a code to another address, for another account is meant', async () => {
    const { first, second, address } = await twoWindows();
    await signIn(first, address);
    const other = newAddress();
    expect(heading(await postAddress(second, other))).toBe('Check your email');
    const page = await postCode(second, await mailedCode(issuer, other));
    expectConsent(page, other);
    expect(page.html).not.toContain(address);
  });

  test('that waits for the code of another address wants that code', async () => {
    const { first, second, address } = await twoWindows();
    const other = newAddress();
    await postAddress(second, other);
    await signIn(first, address);
    expect((await postCode(second, 'AAAA-AAAA')).status).toBe(400);
    expectConsent(await postCode(second, await mailedCode(issuer, other)), other);
  });

  test('asks each for its own client: neither answers for the other', async () => {
    const { first, second, address } = await twoWindows({ state: 'of the second' });
    const one = await signIn(first, address);
    const page = await postAddress(second, address);
    const redirect = await approve(second.browser, { page, fields: second.fields });
    expect(redirect.searchParams.get('state')).toBe('of the second');
    expect((await approve(first.browser, one)).searchParams.get('state')).toBe('the-state');
  });

  test('in another browser, or after signing out, types a code like everybody', async () => {
    const { browser, first, second, address } = await twoWindows();
    const consent = await signIn(first, address);
    const elsewhere = await beginSignIn(issuer);
    expect(heading(await postAddress(elsewhere, address))).toBe('Check your email');
    await browser.post('/authorize/sign-out', consent.fields);
    expect(heading(await postAddress(second, address))).toBe('Check your email');
    expect((await postCode(second, 'AAAA-AAAA')).status).toBe(400);
  });

  test('goes nowhere without its own cookie: the session alone moves no form', async () => {
    const { browser, first, address } = await twoWindows();
    await signIn(first, address);
    const stranger = await beginSignIn(issuer);
    for (const path of ['/authorize/email', '/authorize/code']) {
      const page = await browser.post(path, { ...stranger.fields, email: address, code: 'AAAA-AAAA' });
      expect(page.status).toBe(400);
      expect(offeredScopes(page)).toEqual([]);
    }
  });
});

describe.concurrent('a second window whose client wants a fresh sign-in, OpenID Connect Core 1.0 §3.1.2.1', () => {
  const forced: [string, Headers][] = [
    ['prompt=login', { prompt: 'login' }],
    ['prompt=select_account', { prompt: 'select_account' }],
    ['max_age=0', { max_age: '0' }],
  ];
  test.for(forced)('is not content with one from before it began: %s', async ([, request]) => {
    const { browser, first, address } = await twoWindows();
    await signIn(first, address);
    const second = await beginSignIn(issuer, { browser, request });
    expect(heading(await postAddress(second, address))).toBe('Check your email');
    expect((await postCode(second, 'AAAA-AAAA')).status).toBe(400);
    expectConsent(await postCode(second, await mailedCode(issuer, address)), address);
  });

  test.for(forced)('is content with one from after it began: %s', async ([, request]) => {
    const { browser, second, address } = await twoWindows(request);
    const later = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': '30' });
    for (const [name, value] of browser.cookies) later.cookies.set(name, value);
    const first = await beginSignIn(issuer, { browser: later });
    await signIn(first, address);
    expectConsent(await postAddress({ ...second, browser: later }, address), address);
  });

  test('counts max_age up to now', async () => {
    const { browser, first, address } = await twoWindows();
    await signIn(first, address);
    const second = await beginSignIn(issuer, { browser, request: { max_age: '300', prompt: 'login' } });
    const third = await beginSignIn(issuer, {
      browser: new Browser(issuer, newSourceIp()),
      request: { max_age: '300' },
    });
    for (const [name, value] of browser.cookies) third.browser.cookies.set(name, value);
    expect(heading(await postAddress(second, address))).toBe('Check your email');
    expect(heading(await postAddress(third, address, { 'x-local-clock-offset': '400' }))).toBe('Check your email');
    expectConsent(await postAddress(third, address, { 'x-local-clock-offset': '200' }), address);
  });
});

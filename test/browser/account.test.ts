import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { browserOfFile } from '../support/chromium.ts';
import { connect, isAccepted, mailedCode, newAddress, newSourceIp } from '../support/flow.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();

/** A tab in which a person has signed in to their account by a code. */
async function accountTab(
  address: string,
  options: { readonly javaScriptEnabled?: boolean; readonly userAgent?: string } = {},
) {
  const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp(), locale: 'en', ...options });
  const tab = await context.newPage();
  await tab.goto(`${issuer}/account`);
  await signIn(tab, address);
  await tab.waitForURL(`${issuer}/account`);
  return tab;
}

/** Signs somebody in whose browser asks for their address. */
async function signIn(tab: Page, address: string): Promise<void> {
  await tab.fill('input[name=email]', address);
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('input[name=code]');
  await tab.fill('input[name=code]', await mailedCode(issuer, address));
  await tab.keyboard.press('Enter');
}

/** Presses a button by keyboard, which no page lets wait, and gives the title of the page that follows. */
async function pressed(tab: Page, action: string, on = 0): Promise<string | null> {
  const button = tab.locator(`form[action="${action}"] button`).nth(on);
  await button.focus();
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')]);
  return tab.locator('h1').textContent();
}

/** What axe has against a page. */
async function violationsOf(tab: Page): Promise<readonly string[]> {
  await tab.evaluate(axe.source);
  const { violations } = (await tab.evaluate('axe.run()')) as axe.AxeResults;
  return violations.map(({ id }) => id);
}

/** So much later. */
const later = (seconds: number) => ({ ...newSourceIp(), 'x-local-clock-offset': String(seconds) });

describe('the account page in a browser', () => {
  test.for([true, false])('disconnects a client by keyboard, with JavaScript: %s', async (javaScriptEnabled) => {
    const address = newAddress();
    const { tokens } = await connect(issuer, { address, isOwnClient: true });
    const tab = await accountTab(address, { javaScriptEnabled });
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
    await tab.locator('form[action="/account/disconnect"] button').focus();
    await tab.keyboard.press('Enter');
    await tab.waitForURL(`${issuer}/account/disconnect`);
    expect(await tab.locator('h1').textContent()).toBe('App disconnected');
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
    await tab.context().close();
  });

  test.for([true, false])('signs the other browsers out, with JavaScript: %s', async (javaScriptEnabled) => {
    const address = newAddress();
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    const other = await accountTab(address, { userAgent });
    const tab = await accountTab(address, { javaScriptEnabled });
    expect(await tab.locator('h3').allTextContents()).toContain('Firefox on Linux');
    expect(await pressed(tab, '/account/end-other-sessions')).toBe('Signed out');
    await other.reload();
    expect(new URL(other.url()).pathname).toBe('/account/sign-in');
    await tab.goto(`${issuer}/account`);
    expect(await tab.locator('h3').allTextContents()).not.toContain('Firefox on Linux');
    for (const one of [tab, other]) await one.context().close();
  });

  test.for([true, false])('deletes the account after a new sign-in, with JavaScript: %s', async (javaScriptEnabled) => {
    const address = newAddress();
    const { tokens } = await connect(issuer, { address, isOwnClient: true });
    const tab = await accountTab(address, { javaScriptEnabled });
    await tab.context().setExtraHTTPHeaders(later(700));
    await tab.goto(`${issuer}/account/delete`);
    expect(await tab.locator('input[name=confirm]').count()).toBe(0);
    await Promise.all([
      tab.waitForNavigation(),
      tab
        .getByRole('link', { name: 'Sign in again' })
        .focus()
        .then(() => tab.keyboard.press('Enter')),
    ]);
    await signIn(tab, address);
    await tab.waitForURL(`${issuer}/account/delete`);
    expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
    await tab.locator('input[name=confirm]').focus();
    await tab.keyboard.press('Space');
    expect(await pressed(tab, '/account/delete')).toBe('Your account is closed');
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
    if (javaScriptEnabled) expect(await violationsOf(tab)).toEqual([]);
    await tab.goBack();
    await tab.goto(`${issuer}/account`);
    expect(new URL(tab.url()).pathname).toBe('/account/sign-in');
    await tab.context().close();
  });

  test('saves what is kept of its person as a file', async () => {
    const address = newAddress();
    const tab = await accountTab(address);
    await tab.goto(`${issuer}/account/data`);
    await tab.locator('form[action="/account/data"] button').focus();
    const [download] = await Promise.all([tab.waitForEvent('download'), tab.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('account-data.json');
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toMatchObject({ account: { address } });
    await tab.context().close();
  });

  test('speaks the language that was chosen there', async () => {
    const tab = await accountTab(newAddress());
    await tab.selectOption('select[name=language]', 'ja');
    await tab.locator('form[action="/account/language"] button').focus();
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('html[lang=ja]');
    expect(await tab.locator('h1').textContent()).toBe('アカウント');
    await tab.context().close();
  });
});

import { describe, expect, inject, test } from 'vitest';
import { browserOfFile } from '../support/chromium.ts';
import { connect, isAccepted, mailedCode, newAddress, newSourceIp } from '../support/flow.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();

/** A tab in which a person has signed in to their account by a code. */
async function accountTab(address: string, options: { readonly javaScriptEnabled?: boolean } = {}) {
  const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp(), locale: 'en', ...options });
  const tab = await context.newPage();
  await tab.goto(`${issuer}/account`);
  await tab.fill('input[name=email]', address);
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('input[name=code]');
  await tab.fill('input[name=code]', await mailedCode(issuer, address));
  await tab.keyboard.press('Enter');
  await tab.waitForURL(`${issuer}/account`);
  return tab;
}

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

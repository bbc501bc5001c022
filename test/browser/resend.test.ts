import { describe, expect, inject, test } from 'vitest';
import { browserOfFile } from '../support/chromium.ts';
import { newAddress, newSourceIp, tomorrowAt } from '../support/flow.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();

/** A tab in which so many codes were requested that another has to wait. */
async function waitingTab(options: { readonly javaScriptEnabled?: boolean; readonly locale?: string } = {}) {
  const address = newAddress();
  // A minute has just begun, so that the wait is most of one.
  const extraHTTPHeaders = { ...newSourceIp(), ...tomorrowAt(1) };
  const context = await (await chrome()).newContext({ extraHTTPHeaders, locale: 'en', ...options });
  const tab = await context.newPage();
  await tab.goto(`${issuer}/account`);
  await tab.fill('input[name=email]', address);
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('input[name=code]');
  if (options.javaScriptEnabled !== false) await tab.clock.install();
  const resend = tab.locator('form:has(input[name=mails]) button');
  for (let mails = 1; (await tab.locator('#problem').count()) === 0; mails += 1) {
    await tab.waitForSelector(`input[name=mails][value="${mails}"]`, { state: 'attached' });
    await Promise.all([tab.waitForNavigation(), resend.click()]);
  }
  return { tab, resend, said: tab.locator('#problem') };
}

describe('a code that has to wait', () => {
  test('is counted down to, in the language of the page, and cannot be requested before', async () => {
    const { tab, resend, said } = await waitingTab({ locale: 'de' });
    expect(await said.textContent()).toMatch(/^In \d+ Sekunden? können Sie/);
    const shown = await said.textContent();
    await tab.clock.runFor(2_000);
    expect(await said.textContent()).not.toBe(shown);
    expect(await resend.isDisabled()).toBe(true);
    await tab.clock.runFor(61_000);
    expect(await said.isHidden()).toBe(true);
    expect(await resend.isDisabled()).toBe(false);
    await tab.context().close();
  });

  test('is told of without JavaScript too, and the page can still take the newest code', async () => {
    const { tab, said } = await waitingTab({ javaScriptEnabled: false });
    expect(await said.textContent()).toBe('You can request another code in 1 minute.');
    expect(await tab.locator('input[name=code]').count()).toBe(1);
    await tab.context().close();
  });
});

import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { browserOfFile, complaintsOf } from '../support/chromium.ts';
import { authorizePath, mailedCode, newAddress, newPkce, newSourceIp, register } from '../support/flow.ts';
import { type Authenticator, newAuthenticator } from '../support/passkeys.ts';

const issuer = inject('issuer');
const chrome = browserOfFile();
const passkeys = `${issuer}/account/passkeys`;

async function newWindow(options: BrowserContextOptions = {}) {
  const context = await (await chrome()).newContext({ extraHTTPHeaders: newSourceIp(), ...options });
  context.setDefaultTimeout(15_000);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  return { context, page, complaints: complaintsOf(page) };
}

/** Where a new client's authorization request is. */
async function newRequest(): Promise<string> {
  const { client_id: clientId } = await register(issuer);
  return issuer + authorizePath(clientId, newPkce().challenge);
}

const consent = (page: Page) => page.locator('button[value=approve]');
const byPasskey = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' });
const adding = (page: Page) => page.getByRole('button', { name: 'Add a passkey' });

async function signInByCode(page: Page, address: string): Promise<void> {
  await page.goto(await newRequest());
  await page.locator('input[name=email]').fill(address);
  await page.keyboard.press('Enter');
  await page.locator('input[name=code]').waitFor();
  await page.locator('input[name=code]').fill(await mailedCode(issuer, address));
  await page.keyboard.press('Enter');
  await consent(page).waitFor();
}

/** Presses a button of a page on which nothing happens for a moment after it has come up. */
async function press(page: Page, name: string): Promise<void> {
  await page.locator('button:not([aria-disabled=true])', { hasText: name }).click();
}

async function addPasskey(page: Page, authenticator: Authenticator): Promise<void> {
  await page.goto(passkeys);
  await authenticator.setPresence(true);
  await press(page, 'Add a passkey');
  await page.getByText('Passkey added').waitFor();
  await authenticator.setPresence(false);
}

/** Somebody who has signed in by a code and added a passkey, in a browser that has forgotten them since. */
async function newHolder() {
  const window = await newWindow();
  const { page, context } = window;
  const authenticator = await newAuthenticator(page);
  const address = newAddress();
  await signInByCode(page, address);
  await addPasskey(page, authenticator);
  await context.clearCookies();
  return { ...window, authenticator, address };
}

/** Has a page offer no passkey in the field for the address, where the authenticator would use it at once. */
const offersNone = (page: Page) =>
  page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');

describe('a person with a passkey', () => {
  test('signs in to the next client with the button', async () => {
    const { page, authenticator, address, complaints } = await newHolder();
    await offersNone(page);
    await page.goto(await newRequest());
    await authenticator.setPresence(true);
    await byPasskey(page).click();
    await consent(page).waitFor();
    expect(await page.getByText(address).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('signs in to the next client from the field for the address', async () => {
    const { page, authenticator, complaints } = await newHolder();
    await authenticator.setPresence(true);
    await page.goto(await newRequest());
    await consent(page).waitFor();
    expect(complaints).toEqual([]);
  });

  test('signs in with the keyboard alone', async () => {
    const { page, authenticator } = await newHolder();
    await offersNone(page);
    await page.goto(await newRequest());
    await authenticator.setPresence(true);
    await byPasskey(page).focus();
    await page.keyboard.press('Enter');
    await consent(page).waitFor();
  });

  test('hears what to do when the device does not recognise them, and signs in by a code', async () => {
    const { page, authenticator, address } = await newHolder();
    await page.goto(await newRequest());
    await authenticator.setVerified(false);
    await authenticator.setPresence(true);
    await byPasskey(page).click();
    await page.getByText('No passkey was used').waitFor();
    await signInByCode(page, address);
  });

  test('who has removed it is told so when the device still offers it, and signs in by a code', async () => {
    const { page, authenticator, address, context } = await newHolder();
    await signInByCode(page, address);
    await page.goto(passkeys);
    await press(page, 'Remove');
    await page.getByText('Passkey removed').waitFor();
    await context.clearCookies();
    await offersNone(page);
    await page.goto(await newRequest());
    await authenticator.setPresence(true);
    await byPasskey(page).click();
    await page.getByText('We don’t know that passkey').waitFor();
    await authenticator.setPresence(false);
    await signInByCode(page, address);
  });

  test('has one for each device: where there is one already, none is added', async () => {
    const { page, authenticator, address } = await newHolder();
    await signInByCode(page, address);
    await page.goto(passkeys);
    await authenticator.setPresence(true);
    await press(page, 'Add a passkey');
    await page.getByText('This device already has a passkey').waitFor();
    expect((await authenticator.credentials()).length).toBe(1);
  });
});

describe('a person who has just typed a code', () => {
  test('adds a passkey from the page for consent, comes back there, and uses it in the next window', async () => {
    const { page, context, complaints } = await newWindow();
    const authenticator = await newAuthenticator(page);
    await signInByCode(page, newAddress());
    await press(page, 'Add a passkey');
    await authenticator.setPresence(true);
    await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
    await press(page, 'Add a passkey');
    await page.getByText('Passkey added').waitFor();
    await press(page, 'Continue');
    await consent(page).waitFor();
    expect(await adding(page).count()).toBe(0);
    await context.clearCookies();
    await page.goto(await newRequest());
    await consent(page).waitFor();
    expect(complaints).toEqual([]);
  });

  test('declines one, and goes on', async () => {
    const { page } = await newWindow();
    await signInByCode(page, newAddress());
    await press(page, 'Not now');
    await page.waitForURL('**/authorize/consent');
    await consent(page).waitFor();
    expect(await adding(page).count()).toBe(0);
  });

  test('is offered none without JavaScript', async () => {
    const { page } = await newWindow({ javaScriptEnabled: false });
    await signInByCode(page, newAddress());
    expect(await adding(page).count()).toBe(0);
  });
});

describe('a browser without passkeys', () => {
  test('shows the form for the mail alone without JavaScript, and says on the page of passkeys that none can be made', async () => {
    const { page } = await newWindow({ javaScriptEnabled: false });
    await signInByCode(page, newAddress());
    await page.goto(passkeys);
    await page.getByText('This browser can’t add a passkey').waitFor();
    expect(await adding(page).count()).toBe(0);
    const { page: first } = await newWindow({ javaScriptEnabled: false });
    await first.goto(await newRequest());
    expect(await first.getByRole('button').count()).toBe(1);
  });

  test('shows it alone at an address that no passkey can be bound to', async () => {
    const { page } = await newWindow();
    await page.goto((await newRequest()).replace('//localhost:', '//127.0.0.1:'));
    await page.locator('input[name=email]').waitFor();
    expect(await byPasskey(page).count()).toBe(0);
  });
});

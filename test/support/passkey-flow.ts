import { Browser, type Page } from './browser.ts';
import { beginSignIn, newAddress, newSourceIp, reachConsent } from './flow.ts';
import { type Lies, optionsIn, SoftwarePasskey } from './software-passkey.ts';

export const passkeysPath = '/account/passkeys';

/** A browser in which somebody has signed in by a code. */
export async function signedInByCode(issuer: string, address = newAddress()) {
  const browser = new Browser(issuer, newSourceIp());
  const { page } = await beginSignIn(issuer, { browser });
  await reachConsent(issuer, browser, page, address);
  return { browser, address };
}

/** What ties the page's forms to its session. */
export function sessionToken({ html }: Page): string {
  return /name="session_token" value="([^"]*)"/.exec(html)?.[1] ?? '';
}

/** The ids by which the page names its passkeys. */
export function listed({ html }: Page): string[] {
  return [...html.matchAll(/<h2 id="([^"]*)">/g)].map(([, id = '']) => id);
}

/** Adds a passkey by a page on which that can be done. */
export function add(browser: Browser, page: Page, passkey: SoftwarePasskey, lies: Lies = {}): Promise<Page> {
  const fields = { do: 'add', session_token: sessionToken(page), passkey: passkey.made(optionsIn(page), lies) };
  return browser.post(passkeysPath, fields);
}

/** Somebody with a passkey, and the browser in which they added it. */
export async function newHolder(issuer: string, of?: string) {
  const { browser, address } = await signedInByCode(issuer, of);
  const passkey = new SoftwarePasskey(issuer);
  const page = await add(browser, await browser.open(passkeysPath), passkey);
  if (listed(page).length !== 1) throw new Error(page.html);
  return { browser, address, passkey };
}

/** A window of a new browser, which a new client has opened. */
export async function newWindow(issuer: string) {
  const browser = new Browser(issuer, newSourceIp());
  const { page, fields } = await beginSignIn(issuer, { browser });
  return { browser, page, fields };
}

/** Posts a passkey's answer, and follows with the same form as a browser does. */
export async function postAnswer(browser: Browser, fields: Record<string, string>, answer: string): Promise<Page> {
  const form = { ...fields, passkey: answer };
  const { status, headers, html } = await browser.post('/authorize/passkey', form);
  if (status !== 307) return { status, headers, html };
  return browser.post(headers.get('location') ?? '', form);
}

/** Signs in by a passkey in a new browser. */
export async function signInWith(issuer: string, passkey: SoftwarePasskey, lies: Lies = {}): Promise<Page> {
  const { browser, page, fields } = await newWindow(issuer);
  return postAnswer(browser, fields, passkey.answer(optionsIn(page), lies));
}

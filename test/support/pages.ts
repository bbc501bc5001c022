import { press, signInToAccount } from './account-page.ts';
import { Browser, hiddenFields, type Page } from './browser.ts';
import {
  authorizePath,
  callback,
  connect,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from './flow.ts';
import { callTool } from './mcp.ts';
import { add, listed, passkeysPath, postAnswer, sessionToken } from './passkey-flow.ts';
import { optionsIn, SoftwarePasskey } from './software-passkey.ts';

/** A page or mail in one of its states. */
export type Shown = { readonly name: string; readonly html: string; readonly text?: string };

export const clientName = 'Clever Client';
const notTheCode = 'AAAA-AAAA';
const web = 'https://client.example/callback';
/** Nowhere in these may a line be broken by a space. */
const longAddress = `https://${'a-very-long-name.'.repeat(8)}client.example/${'callback'.repeat(12)}`;
const longName = 'Planungsunterstützungsassistenz'.repeat(5);

/** A person who goes on from page to page, in the language of a browser. */
class Visitor {
  readonly #issuer: string;
  readonly #language: string;
  readonly shown: Shown[] = [];

  constructor(issuer: string, language: string) {
    this.#issuer = issuer;
    this.#language = language;
  }

  browser(headers: Record<string, string> = {}): Browser {
    return new Browser(this.#issuer, { ...newSourceIp(), 'accept-language': this.#language, ...headers });
  }

  keep(name: string, { html }: Page): void {
    this.shown.push({ name, html });
  }

  /** All mails to an address, or so many of the newest. */
  async keepMails(address: string, most?: number): Promise<void> {
    for (const { subject, html, text } of (await mailsTo(this.#issuer, address)).slice(0, most)) {
      const name = /^\w{4}-\w{4} /.test(subject) ? 'mail-code' : `mail-notice-${this.shown.length}`;
      this.shown.push({ name, html, text: `${subject}\n${text}` });
    }
  }

  async path(
    redirectUri = callback,
    changes: Record<string, string | undefined> = {},
    client_name = clientName,
  ): Promise<string> {
    const { client_id: id } = await register(this.#issuer, { redirect_uris: [redirectUri], client_name });
    return authorizePath(id, newPkce().challenge, { redirect_uri: redirectUri, ...changes });
  }

  /** A window in which a code is awaited. */
  async awaiting(redirectUri = callback, browser = this.browser(), address = newAddress()) {
    const fields = hiddenFields(await browser.open(await this.path(redirectUri)));
    const page = await browser.post('/authorize/email', { ...fields, email: address });
    return { browser, fields, page, address };
  }
}

/** Every page and mail of the sign-in in every state, in the language that a browser asks for. */
export async function everyPage(issuer: string, language: string): Promise<readonly Shown[]> {
  const visitor = new Visitor(issuer, language);
  visitor.keep('home', await visitor.browser().open('/'));
  await signingIn(issuer, visitor);
  await consenting(issuer, visitor);
  await comingLate(issuer, visitor);
  await refused(visitor);
  await keepingPasskeys(issuer, visitor);
  await visitingAccount(issuer, visitor);
  return visitor.shown;
}

async function signingIn(issuer: string, visitor: Visitor): Promise<void> {
  const browser = visitor.browser();
  const first = await browser.open(await visitor.path());
  visitor.keep('email', first);
  const fields = hiddenFields(first);
  const ask = (email: string, more = {}) => browser.post('/authorize/email', { ...fields, email, ...more });
  visitor.keep('email-invalid', await ask('not an address'));
  visitor.keep('email-forwarding', await ask('a%b@example.com'));
  visitor.keep('email-unreachable', await ask('a@nowhere.invalid'));
  const address = newAddress();
  const page = await ask(address);
  visitor.keep('code', page);
  const earlier = await mailedCode(issuer, address);
  visitor.keep('code-again', await ask(address, { mails: '1' }));
  const type = (code: string, tries: string) => browser.post('/authorize/code', { ...fields, code, tries });
  visitor.keep('code-unreadable', await type('what?', '5'));
  visitor.keep('code-earlier', await type(earlier, '5'));
  visitor.keep('code-wrong', await type(notTheCode, '5'));
  for (const tries of ['4', '3']) await type('BBBB-BBBB', tries);
  visitor.keep('code-last-try', await type('CCCC-CCCC', '2'));
  visitor.keep('code-tries-used-up', await type('DDDD-DDDD', '1'));
  await visitor.keepMails(address);
  const other = await visitor.awaiting();
  const others = (await other.browser.post('/authorize/email', { ...other.fields, other: '1' })) as Page;
  visitor.keep('email-other', others);
}

async function consenting(issuer: string, visitor: Visitor): Promise<void> {
  const { browser, fields, address } = await visitor.awaiting();
  const typed = { ...fields, code: await mailedCode(issuer, address) };
  visitor.keep('consent-device', await browser.post('/authorize/code', typed));
  visitor.keep('consent-none', await browser.post('/authorize/consent', { ...fields, decision: 'approve' }));
  const later = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': '60', 'accept-language': 'x' });
  for (const [name, value] of browser.cookies) later.cookies.set(name, value);
  visitor.keep('code-used', await later.post('/authorize/code', typed));
  await browser.post('/authorize/consent', { ...fields, decision: 'approve', scope: 'todos:read' });
  visitor.keep('answered', await later.post('/authorize/code', typed));
  const site = await browser.open(await visitor.path(web));
  visitor.keep('consent-site', site);
  const again = hiddenFields(site);
  await browser.post('/authorize/consent', { ...again, decision: 'deny' });
  for (const [name, value] of browser.cookies) later.cookies.set(name, value);
  visitor.keep('cancelled', await later.post('/authorize/code', { ...again, code: notTheCode }));
  const elsewhere = visitor.browser();
  await reachConsent(issuer, elsewhere, await elsewhere.open(await visitor.path()), address);
  visitor.keep('consent-long', await elsewhere.open(await visitor.path(longAddress, {}, longName)));
  await visitor.keepMails(address);
}

/** As it looks where the browser knows passkeys. */
function withPasskeys({ html, ...page }: Page): Page {
  return {
    ...page,
    html: html.replaceAll(' hidden data-', ' data-').replace('<p class="soft" data-unsupported', '<p hidden'),
  };
}

async function keepingPasskeys(issuer: string, visitor: Visitor): Promise<void> {
  const { browser, fields, address } = await visitor.awaiting();
  const consent = await browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
  visitor.keep('consent-offer', withPasskeys(consent));
  const open = () => browser.open(passkeysPath);
  visitor.keep('passkeys-none', withPasskeys(await open()));
  visitor.keep('passkeys-unsupported', await browser.post(passkeysPath, fields));
  const passkey = new SoftwarePasskey(issuer);
  visitor.keep('passkeys-added', withPasskeys(await add(browser, await open(), passkey)));
  const page = await open();
  const change = { which: listed(page)[0] ?? '', session_token: sessionToken(page) };
  visitor.keep('passkeys-bad-name', await browser.post(passkeysPath, { ...change, do: 'rename' }));
  visitor.keep('passkeys-renamed', await browser.post(passkeysPath, { ...change, do: 'rename', name: 'x'.repeat(60) }));
  const late = { 'x-local-clock-offset': '700' };
  visitor.keep('passkeys-too-old', await browser.post(passkeysPath, { ...change, do: 'add' }, late));
  const window = visitor.browser();
  const first = await window.open(await visitor.path());
  visitor.keep('email-passkey', withPasskeys(first));
  await browser.post(passkeysPath, { ...change, do: 'remove' });
  const gone = passkey.answer(optionsIn(first));
  visitor.keep('email-passkey-removed', withPasskeys(await postAnswer(window, hiddenFields(first), gone)));
  visitor.keep('passkeys-signed-out', await visitor.browser().post(passkeysPath, {}));
  await visitor.keepMails(address);
}

async function visitingAccount(issuer: string, visitor: Visitor): Promise<void> {
  const browser = visitor.browser();
  const address = newAddress();
  const first = await browser.open('/account/sign-in');
  visitor.keep('account-sign-in', first);
  await signInToAccount(issuer, { browser, address });
  const open = () => browser.open('/account');
  visitor.keep('account-empty', await open());
  visitor.keep('account-activity-none', await browser.open('/account/activity'));
  for (const clientName of ['Clever Client', 'Weekly Planner']) {
    const { tokens } = await connect(issuer, { address, isOwnClient: true, clientName });
    await callTool(issuer, tokens.access_token, 'echo', { message: 'x' });
    await callTool(issuer, tokens.access_token, 'get_todo', { id: 'none' });
  }
  visitor.keep('account-data', await browser.open('/account/data'));
  visitor.keep('account-data-next', await browser.open('/account/data?part=activity'));
  const page = await open();
  visitor.keep('account-activity', await browser.open('/account/activity'));
  visitor.keep('account', page);
  const pressing = (path: string, more: Record<string, string> = {}) => press({ browser, page }, path, { more });
  visitor.keep('account-disconnected', await pressing('/account/disconnect'));
  visitor.keep('account-disconnected-before', await pressing('/account/disconnect'));
  visitor.keep('account-unknown', await pressing('/account/disconnect', { connection: 'none' }));
  visitor.keep('account-all-disconnected', await pressing('/account/disconnect-all'));
  visitor.keep('account-out-of-date', await pressing('/account/disconnect', { form_token: '' }));
  visitor.keep('account-no-page', await browser.open('/account/none'));
  visitor.keep('account-delete', await browser.open('/account/delete'));
  const late = visitor.browser({ 'x-local-clock-offset': '700' });
  for (const [name, value] of browser.cookies) late.cookies.set(name, value);
  visitor.keep('account-delete-sign-in-first', await late.open('/account/delete'));
  visitor.keep('account-signed-out', await pressing('/account/sign-out'));
  visitor.keep('account-expired', await pressing('/account/disconnect'));
  await signInToAccount(issuer, { browser, address });
  const again = await open();
  const everywhere = await press({ browser, page: again }, '/account/sign-out-everywhere');
  visitor.keep('account-signed-out-everywhere', everywhere);
  await signInToAccount(issuer, { browser, address });
  const deletion = { browser, page: await browser.open('/account/delete') };
  visitor.keep('account-delete-unconfirmed', await press(deletion, '/account/delete'));
  visitor.keep('account-deleted', await press(deletion, '/account/delete', { more: { confirm: 'yes' } }));
  await visitor.keepMails(address, 1);
}

async function comingLate(issuer: string, visitor: Visitor): Promise<void> {
  const { browser, fields } = await visitor.awaiting();
  const typed = { ...fields, code: notTheCode };
  const late = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': '1000' });
  for (const [name, value] of browser.cookies) late.cookies.set(name, value);
  visitor.keep('expired', await late.post('/authorize/code', typed));
  visitor.keep('elsewhere', await visitor.browser().post('/authorize/code', typed));
  visitor.keep('unknown', await visitor.browser().post('/authorize/code', { transaction: 'none', code: notTheCode }));
  for (let newer = 1; newer <= 5; newer += 1) await browser.open(await visitor.path());
  visitor.keep('pushed-out', await browser.post('/authorize/code', typed));
}

async function refused(visitor: Visitor): Promise<void> {
  const browser = visitor.browser();
  visitor.keep('leaving-device', await browser.open(await visitor.path(callback, { response_type: 'token' })));
  visitor.keep('leaving-site', await browser.open(await visitor.path(web, { response_type: 'token' })));
  visitor.keep('problem-request', await browser.open('/authorize'));
  visitor.keep('problem-unknown', await browser.open('/authorize?client_id=00000000-0000-4000-8000-000000000000'));
  visitor.keep(
    'problem-unreadable',
    await browser.open(`/authorize?client_id=${encodeURIComponent('https://nowhere.invalid/client.json')}`),
  );
  const foreign = { origin: 'https://evil.example' };
  visitor.keep('problem-foreign', await browser.post('/authorize/code', {}, foreign));
  const { browser: busy, fields } = await visitor.awaiting();
  const asks = Array.from({ length: 12 }, () => newAddress());
  let answer: Page | undefined;
  for (const email of asks) {
    answer = await busy.post('/authorize/email', { ...fields, email });
    if (answer.status === 429) break;
  }
  if (answer) visitor.keep('code-too-many', answer);
}

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedAccount, openAccount, press, signInToAccount } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { Browser, heading, hiddenFields } from '../support/browser.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
import {
  beginSignIn,
  connect,
  isAccepted,
  mailedCode,
  mailsTo,
  newAddress,
  newSourceIp,
  refresh,
  requestTokens,
} from '../support/flow.ts';
import type { Item } from '../support/items.ts';
import { callTool, newTodo, titles } from '../support/mcp.ts';
import { addressKey, Operator } from '../support/operator.ts';
import { startOutsideStack } from '../support/outside-stack.ts';
import { add as addPasskey, passkeysPath } from '../support/passkey-flow.ts';
import { basic } from '../support/redemption.ts';
import { SoftwarePasskey } from '../support/software-passkey.ts';
import { kindsInStorage, kindsOf } from '../support/storage-document.ts';
import { idJagClaims, newIssuer, signIdJag, trust } from '../support/trusted-issuer.ts';

let aws: Aws;
let outside: Awaited<ReturnType<typeof startOutsideStack>>;
let site: ClientSite;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  aws = await startAws();
  site = await startClientSite();
  const more = { corp: { domains: ['corp.example'] } };
  outside = await startOutsideStack({ env: aws.env, more, hosts: [site.host] });
  issuer = outside.stack.issuer;
  operator = new Operator(aws.table);
});
afterAll(async () => {
  await outside?.stop();
  await site?.stop();
  await aws?.stop();
});

type Account = Awaited<ReturnType<typeof connectedAccount>>;

const path = '/account/delete';
const confirmed = { confirm: 'yes' };
const CLOSED = 'Your Vestibule account is closed';
/** Long after all that was under way when an account was closed. */
const later = 1_300;

/** Presses the button of the page that deletes an account. */
async function askToDelete(browser: Browser, more: Readonly<Record<string, string>> = confirmed) {
  return press({ browser, page: await browser.open(path) }, path, { more });
}

/** The same browser, so many seconds later. */
function laterIn({ cookies }: Browser, seconds: number): Browser {
  const browser = new Browser(issuer, { ...newSourceIp(), 'x-local-clock-offset': String(seconds) });
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  return browser;
}

async function subjectOf(address: string): Promise<string> {
  return String((await operator.itemAt(addressKey(address)))?.subject);
}

/** Every item that knows a person by their subject or address, or is kept under their address. */
async function itemsThatKnow({ subject, address }: Known): Promise<readonly Item[]> {
  const hash = createHash('sha256').update(address).digest('base64url');
  return (await operator.itemsUnder('')).filter((item) => {
    const text = JSON.stringify(item);
    return text.includes(subject) || text.includes(hash) || text.includes(address);
  });
}

type Known = { readonly subject: string; readonly address: string };

const kinds = kindsInStorage();

/** What is left of a person that should have been deleted: neither the audit, nor what expires within a day. */
async function leftOf(known: Known): Promise<readonly Item[]> {
  const stays = (item: Item) => kindsOf(item, kinds).every(({ fate }) => fate === 'stays' || fate === 'expires');
  return (await itemsThatKnow(known)).filter((item) => !stays(item));
}

/** The file that somebody downloads. */
async function fileOf({ browser }: Pick<Account, 'browser'>): Promise<Readonly<Record<string, object>>> {
  const page = await browser.open('/account/data');
  return JSON.parse((await press({ browser, page }, '/account/data')).html);
}

/** What a file says of itself. */
const ofFile = ['server', 'made_at', 'next'];

const deleteClosed = (seconds = 0) => operate(issuer, 'people delete-closed', {}, seconds);

/** Has an issuer that a tenant trusts vouch for somebody, under whom a client then acts. */
async function vouchFor(email: string, id: string): Promise<Response> {
  const from = await newIssuer(site);
  await trust(issuer, id, { issuer: from.url });
  const { client_id, client_secret } = (await operate(issuer, 'clients add', {
    client_name: 'Assistant',
    redirect_uris: ['https://assistant.example/callback'],
    token_endpoint_auth_method: 'client_secret_basic',
  })) as { readonly client_id: string; readonly client_secret: string };
  const assertion = await signIdJag(from, { ...idJagClaims(from, issuer, client_id), email });
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  return requestTokens(issuer, { grant_type, assertion }, { ...newSourceIp(), ...basic(client_id, client_secret) });
}

/** A person who has a bit of everything. */
async function busyAccount(address = outside.newPerson()): Promise<Account & Known> {
  const account = await connectedAccount(issuer, { address });
  for (let count = 0; count < 12; count += 1) await newTodo(issuer, account.tokens.access_token);
  await callTool(issuer, account.tokens.access_token, 'save_document', { title: 'Mine', text: 'x' });
  await openAccount(issuer, { address });
  await addPasskey(account.browser, await account.browser.open(passkeysPath), new SoftwarePasskey(issuer));
  await outside.consentVia(await outside.newWindow(), { person: address });
  return { ...account, subject: await subjectOf(address) };
}

describe('an account that its person deletes', () => {
  test('is closed at once, everywhere, and its mailbox is told', async () => {
    const account = await busyAccount();
    const elsewhere = await openAccount(issuer, { address: account.address });
    const answer = await askToDelete(account.browser);
    expect([answer.status, heading(answer)]).toEqual([200, 'Your account is closed']);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(false);
    expect((await refresh(issuer, account.clientId, account.tokens.refresh_token)).status).toBe(400);
    for (const { browser } of [account, elsewhere]) expect((await browser.open('/account')).status).toBe(303);
    // An answer does not wait long for its notice to be sent.
    const told = async () => (await mailsTo(issuer, account.address)).find(({ subject }) => subject === CLOSED);
    await expect.poll(told).toBeDefined();
    const mail = await told();
    expect(mail?.text).toContain('can’t be undone');
    expect(mail?.html).not.toContain('href');
  });

  test('is closed once, however often the form comes', async () => {
    const { browser } = await connectedAccount(issuer);
    const page = await browser.open(path);
    const twin = laterIn(browser, 1);
    const again = laterIn(browser, 2);
    const answers = await Promise.all(
      [browser, twin].map((one) => press({ browser: one, page }, path, { more: confirmed })),
    );
    answers.push(await press({ browser: again, page }, path, { more: confirmed }));
    expect(answers.map(heading)).toEqual(answers.map(() => 'Your account is closed'));
  });

  test('asks for a new sign-in first where the last one is ten minutes old, and leads back', async () => {
    const account = await connectedAccount(issuer);
    const browser = laterIn(account.browser, 700);
    const page = await browser.open(path);
    expect(page.html).toContain('/account/sign-in?to=/account/delete');
    expect(page.html).not.toContain('name="confirm"');
    const fresh = await account.browser.open(path);
    const refused = await press({ browser, page: fresh }, path, { more: confirmed });
    expect([refused.status, heading(refused)]).toEqual([400, 'Delete your account']);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
    const signedIn = await signInToAccount(issuer, { browser, address: account.address, to: path });
    expect(signedIn.headers.get('location')).toBe(`${issuer}${path}`);
    expect(heading(await askToDelete(browser))).toBe('Your account is closed');
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(false);
  });

  test.for<[string, Readonly<Record<string, string>>]>([
    ['not confirmed', {}],
    ['confirmed with something else', { confirm: 'on' }],
    ['from another page', { ...confirmed, form_token: 'x' }],
  ])('stays as it is when the form is %s', async ([, more]) => {
    const account = await connectedAccount(issuer);
    expect((await askToDelete(account.browser, more)).status).toBe(400);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  });

  test('stays as it is when the form comes from another site, or is opened like a page', async () => {
    const account = await connectedAccount(issuer);
    const fields = hiddenFields(await account.browser.open(path));
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await account.browser.post(path, { ...fields, ...confirmed }, foreign)).status).toBe(403);
    expect((await account.browser.open(`${path}?confirm=yes`)).status).toBe(200);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
  });

  test('is not closed when that can’t be recorded or fails half way', async () => {
    const account = await connectedAccount(issuer);
    const page = await account.browser.open(path);
    aws.spoil('TransactWriteItems', 'broken');
    expect((await press({ browser: account.browser, page }, path, { more: confirmed })).status).toBe(503);
    aws.heal();
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(true);
    expect(heading(await askToDelete(account.browser))).toBe('Your account is closed');
  });
});

describe('what is kept of a person whose account is closed', () => {
  test('is deleted, and after a while nothing is left but the audit and what expires', async () => {
    const account = await busyAccount();
    await askToDelete(account.browser);
    await deleteClosed();
    expect(await titlesUnder(account.subject)).toEqual([]);
    await deleteClosed(later);
    expect(await leftOf(account)).toEqual([]);
    const trail = await operator.trail(`personal-${account.subject}`);
    expect(trail.slice(-2)).toEqual(['account_closed', 'account_deleted']);
  });

  test('is deleted too where calls that were under way wrote it after the first time', async () => {
    const account = await busyAccount();
    await askToDelete(account.browser);
    await deleteClosed();
    const late = { pk: `TODO#personal-${account.subject}#${account.subject}`, sk: 'TODO#late', todo: {}, version: 1 };
    await operator.put(late);
    await deleteClosed(later);
    expect(await operator.itemAt(late)).toBeUndefined();
    await deleteClosed(later);
    expect(await leftOf(account)).toEqual([]);
  });

  test('is deleted however often that fails in between', async () => {
    const account = await busyAccount();
    await askToDelete(account.browser);
    for (const operation of ['DeleteItem', 'Query', 'TransactWriteItems']) {
      for (const passing of [0, 1, 2, 4, 7, 11]) {
        aws.spoil(operation, passing % 2 === 0 ? 'broken' : 'answer lost', Number.POSITIVE_INFINITY, passing);
        await deleteClosed(passing < 4 ? 0 : later).catch(() => undefined);
        aws.heal();
      }
    }
    await deleteClosed(later);
    await deleteClosed(later);
    expect(await leftOf(account)).toEqual([]);
    const trail = await operator.trail(`personal-${account.subject}`);
    expect(trail.filter((event) => event === 'account_deleted')).toHaveLength(1);
  });

  test('keeps nobody else waiting when it can’t be deleted', async () => {
    for (let times = 1; times <= 2; times += 1) await deleteClosed(2 * later);
    const accounts = [await connectedAccount(issuer), await connectedAccount(issuer)];
    const subjects = await Promise.all(accounts.map(({ address }) => subjectOf(address)));
    for (const { browser } of accounts) await askToDelete(browser);
    const [first = '', second = ''] = [...subjects].sort();
    aws.before('DeleteItem', first, async () => aws.spoil('DeleteItem', 'broken'));
    aws.before('Query', second, async () => aws.heal());
    expect(await deleteClosed()).toMatchObject({ failed: 1, left: 1 });
    expect(await operator.itemsAt(`USER#${first}`)).not.toEqual([]);
    expect(await operator.itemsAt(`USER#${second}`)).toEqual([]);
    await deleteClosed();
    expect(await operator.itemsAt(`USER#${first}`)).toEqual([]);
  });

  test('stays where an organization shares it, and its list has them no longer', async () => {
    const tenant = await operator.newTenant();
    const address = newAddress();
    await operator.enterAddress(address, tenant);
    const account = await connectedAccount(issuer, { address });
    await callTool(issuer, account.tokens.access_token, 'save_document', { title: 'Ours', text: 'x' });
    await newTodo(issuer, account.tokens.access_token);
    const page = await account.browser.open(path);
    expect(page.html).toContain('What you share in an organization stays there.');
    const subject = await subjectOf(address);
    await askToDelete(account.browser);
    await deleteClosed();
    expect(await operator.itemsAt(`DOCUMENT#${tenant}`)).toHaveLength(1);
    expect(await operator.itemsAt(`TODO#${tenant}#${subject}`)).toEqual([]);
    expect((await operator.itemsAt(`TENANT#${tenant}`)).map(({ sk }) => sk)).toEqual(['POLICY']);
  });
});

describe('every kind of item that is of a person', () => {
  test('stands in docs/storage.md, is in the file that they download, and is deleted with their account', async () => {
    const tenant = await operator.newTenant();
    const invited = outside.newPerson();
    await operator.enterAddress(invited, tenant);
    const accounts = [await busyAccount(), await busyAccount(invited)];
    expect((await vouchFor(invited, tenant)).status).toBe(200);
    const files = await Promise.all(accounts.map(fileOf));
    const all = await operator.itemsUnder('');
    expect(all.filter((item) => kindsOf(item, kinds).length !== 1)).toEqual([]);
    const known = (await Promise.all(accounts.map(itemsThatKnow))).flat();
    const found = new Set(known.flatMap((item) => kindsOf(item, kinds)));
    expect([...found].filter(({ fate }) => fate === undefined)).toEqual([]);
    const deleted = kinds.filter(({ fate, name }) => fate === 'deleted' && name !== 'account that is closed');
    expect(deleted.filter((kind) => !found.has(kind)).map(({ name }) => name)).toEqual([]);
    const lists = [...new Set(kinds.flatMap(({ list }) => list ?? []))].sort();
    const filled = files.flatMap((file) =>
      Object.keys(file).filter((name) => Object.keys(file[name] ?? {}).length > 0),
    );
    expect([...new Set(filled)].filter((name) => !ofFile.includes(name)).sort()).toEqual(lists);
    for (const { browser } of accounts) await askToDelete(browser);
    await deleteClosed();
    await deleteClosed(later);
    const left = (await Promise.all(accounts.map(leftOf))).flat().map(({ pk }) => pk);
    const shared = [`DOCUMENT#${tenant}`, `QUOTA#documentsPerPerson#${tenant}#${accounts[1]?.subject}`];
    expect(left.sort()).toEqual(shared);
  });
});

describe('somebody who signed in through a provider', () => {
  test('comes back as somebody new, at once, and loses nothing by the deletion', async () => {
    const account = await busyAccount();
    const { address } = account;
    await askToDelete(account.browser);
    const window = await outside.newWindow();
    const page = await outside.consentVia(window, { person: address });
    expect(page.html).toContain(address);
    const subject = await subjectOf(address);
    expect(subject).not.toBe(account.subject);
    await deleteClosed();
    await deleteClosed(later);
    expect((await operator.itemsUnder('LINK#')).filter((item) => item.subject === subject)).toHaveLength(1);
    const left = await leftOf(account);
    expect(left.filter((item) => JSON.stringify(item).includes(account.subject))).toEqual([]);
  });
});

describe('an address whose account was closed', () => {
  test('signs up anew as somebody else, who sees nothing of before and loses nothing by the deletion', async () => {
    const account = await busyAccount();
    await askToDelete(account.browser);
    const { tokens } = await connect(issuer, { address: account.address, isOwnClient: true });
    await newTodo(issuer, tokens.access_token, { title: 'A new beginning' });
    expect(await subjectOf(account.address)).not.toBe(account.subject);
    expect(await titles(issuer, tokens.access_token)).toEqual(['A new beginning']);
    await deleteClosed();
    await deleteClosed(later);
    expect(await titles(issuer, tokens.access_token)).toEqual(['A new beginning']);
    const again = await openAccount(issuer, { address: account.address });
    expect(again.page.html.match(/action="\/account\/disconnect"/g)).toHaveLength(1);
    expect(await isAccepted(issuer, account.tokens.access_token)).toBe(false);
  });

  test('is not taken for the old one by a code that was mailed before', async () => {
    const account = await connectedAccount(issuer);
    const { browser, fields } = await beginSignIn(issuer);
    await browser.post('/authorize/email', { ...fields, email: account.address });
    const code = await mailedCode(issuer, account.address);
    await askToDelete(account.browser);
    const answer = await browser.post('/authorize/code', { ...fields, code });
    expect(heading(answer)).toBe('This sign-in has ended');
    expect(await operator.itemAt(addressKey(account.address))).not.toHaveProperty('subject');
  });

  test('is told that an app was never allowed, and of its connection by mail', async () => {
    const address = newAddress();
    await connect(issuer, { address });
    await askToDelete((await openAccount(issuer, { address })).browser);
    const told = async () => (await mailsTo(issuer, address)).filter(({ subject }) => /^New connection/.test(subject));
    const before = (await told()).length;
    await connect(issuer, { address });
    await expect.poll(told).toHaveLength(before + 1);
  });
});

/** What a person keeps under their subject, whatever their tenant is. */
async function titlesUnder(subject: string): Promise<readonly string[]> {
  return (await operator.itemsUnder('TODO#'))
    .filter(({ pk }) => String(pk).endsWith(`#${subject}`))
    .map(({ sk }) => String(sk));
}

import { describe, expect, inject, test } from 'vitest';
import { connectedAccount, formsOf, openAccount, press } from '../support/account-page.ts';
import { Browser, heading, type Page } from '../support/browser.ts';
import { newSourceIp, tomorrowAt } from '../support/flow.ts';
import { callTool, newTodo } from '../support/mcp.ts';

const issuer = inject('issuer');

type Account = Awaited<ReturnType<typeof openAccount>>;
type File = {
  readonly account: { readonly address: string; readonly subject: string };
  readonly next?: string;
  readonly [list: string]: unknown;
};

const dataPage = '/account/data';

/** The file that a page of data gives. */
async function fileOf({ browser }: Pick<Account, 'browser'>, path = dataPage): Promise<File> {
  const page = await browser.open(path);
  const answer = await press({ browser, page }, dataPage);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="account-data.json"');
  return JSON.parse(answer.html);
}

/** All files of somebody, each from where the one before says that it goes on. */
async function allFiles(account: Pick<Account, 'browser'>): Promise<readonly File[]> {
  const files = [await fileOf(account)];
  for (let next = files[0]?.next; next !== undefined; next = files.at(-1)?.next) {
    expect(next.startsWith(`${issuer}${dataPage}?part=`)).toBe(true);
    files.push(await fileOf(account, next.slice(issuer.length)));
  }
  return files;
}

const listIn = (files: readonly File[], name: string) =>
  files.flatMap((file) => (file[name] ?? []) as readonly Readonly<Record<string, unknown>>[]);

describe.concurrent('what is kept of a person', () => {
  test('is a file with their account, apps, browsers, what tools keep and what is on record', async () => {
    const account = await connectedAccount(issuer);
    const { access_token: token, refresh_token: refreshToken } = account.tokens;
    await newTodo(issuer, token, { title: 'Write to Zoë', notes: 'in “quotes”' });
    await callTool(issuer, token, 'save_document', { title: 'Mine', text: 'a text of my own' });
    const [file, ...others] = await allFiles(account);
    expect(others).toEqual([]);
    expect(file).toMatchObject({
      server: issuer,
      account: { address: account.address, role: 'member' },
      apps: [{ client_id: account.clientId, scopes: expect.arrayContaining(['todos:read']) }],
      approvals: [{ scopes: expect.arrayContaining(['todos:read']) }],
      browsers: [{ signed_in_at: expect.any(String) }, { signed_in_at: expect.any(String) }],
      passkeys: [],
      kept: expect.arrayContaining([
        expect.objectContaining({ kind: 'todo', todo: expect.objectContaining({ title: 'Write to Zoë' }) }),
        expect.objectContaining({ kind: 'document', document: expect.objectContaining({ text: 'a text of my own' }) }),
      ]),
      activity: expect.arrayContaining([
        expect.objectContaining({ event: 'tool_call', tool: 'save_document', outcome: 'allowed' }),
        expect.objectContaining({ event: 'sign_in' }),
      ]),
    });
    const text = JSON.stringify(file);
    for (const secret of [token, refreshToken, ...account.browser.cookies.values()]) expect(text).not.toContain(secret);
    for (const member of ['ratchet', 'tagKey', 'salt', 'publicKey', 'passkeyHandle'])
      expect(text).not.toContain(`"${member}`);
  });

  test('has nothing of anybody else', async () => {
    const [account, other] = [await connectedAccount(issuer), await connectedAccount(issuer)];
    await newTodo(issuer, other.tokens.access_token, { title: 'Nobody else reads this' });
    await newTodo(issuer, account.tokens.access_token);
    const files = await allFiles(account);
    expect(listIn(files, 'kept')).toHaveLength(1);
    expect(JSON.stringify(files)).not.toContain('Nobody else reads this');
    const subject = files[0]?.account.subject;
    expect(listIn(files, 'activity').map((item) => item.subject)).toEqual(listIn(files, 'activity').map(() => subject));
  });

  test('comes in several files where it is much, each with what follows the one before', async () => {
    const account = await connectedAccount(issuer);
    const text = 'x'.repeat(49_000);
    for (let count = 0; count < 45; count += 1)
      await callTool(issuer, account.tokens.access_token, 'save_document', { title: `Number ${count}`, text });
    const files = await allFiles(account);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(JSON.stringify(file).length).toBeLessThan(4_500_000);
    const titles = listIn(files, 'kept').map(({ document }) => (document as { title: string }).title);
    expect([...titles].sort()).toEqual(Array.from({ length: 45 }, (_, count) => `Number ${count}`).sort());
    expect(listIn(files, 'apps')).toHaveLength(1);
  });

  test('is recorded as downloaded', async () => {
    const account = await openAccount(issuer);
    await fileOf(account);
    expect(listIn([await fileOf(account)], 'activity')[0]).toMatchObject({ event: 'data_download', part: 'apps' });
  });

  test.for([
    '__proto__',
    'none',
    'apps',
    'apps.',
    'apps.R1JBTlQj',
    'kept0',
    'kept99',
    'activity.eA',
    'passkeys.eA',
    '../x',
    'kept0.%00',
  ])('is never an error or another’s, wherever it is to go on: %s', async (part) => {
    const account = await openAccount(issuer);
    const page = await account.browser.open(`${dataPage}?part=${encodeURIComponent(part)}`);
    expect(page.status).toBe(200);
    const answer = await press({ browser: account.browser, page }, dataPage, { more: { part } });
    expect([200, 400]).toContain(answer.status);
    if (answer.status === 400) expect(heading(answer)).toBe('This page is out of date');
    else expect(JSON.parse(answer.html).account.address).toBe(account.address);
  });

  test('goes on after no item whose key is longer than any', async () => {
    const account = await openAccount(issuer);
    const part = `kept0.${Buffer.from('é'.repeat(520)).toString('base64url')}`;
    const page = await account.browser.open(dataPage);
    expect((await press({ browser: account.browser, page }, dataPage, { more: { part } })).status).toBe(400);
  });

  test('is given to no form of another site, of another session, or of nobody', async () => {
    const account = await openAccount(issuer);
    const page = await account.browser.open(dataPage);
    const [form] = formsOf(page);
    const refused: Page[] = [
      await account.browser.post(dataPage, form?.fields ?? {}, {
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      }),
      await account.browser.post(dataPage, { form_token: 'x' }),
      await new Browser(issuer, newSourceIp()).post(dataPage, form?.fields ?? {}),
    ];
    for (const answer of refused) expect(answer.html).not.toContain(account.address);
    expect(refused.map(({ status }) => status)).toEqual([403, 400, 400]);
  });

  test('is not given again and again', async () => {
    const account = await openAccount(issuer, { headers: tomorrowAt(1) });
    const page = await account.browser.open(dataPage);
    const download = () => press({ browser: account.browser, page }, dataPage);
    for (const expected of [200, 200]) expect((await download()).status).toBe(expected);
    const answer = await download();
    expect([answer.status, heading(answer)]).toEqual([429, 'Too many attempts']);
  });
});

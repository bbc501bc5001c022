import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { admin } from '../../cli/admin/admin.ts';
import { examine } from '../cli/doctor-process.ts';
import { runHere } from '../cli/program.ts';
import { openAccount, signInToAccount } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { Browser, heading, type Page } from '../support/browser.ts';
import { approve, isAccepted, mailsTo, newAddress, newSourceIp } from '../support/flow.ts';
import { newTenant } from '../support/machines.ts';
import { passkeysPath, sessionToken } from '../support/passkey-flow.ts';
import { principalIn } from '../support/people.ts';
import { redeemed, redemptionOf } from '../support/redemption.ts';
import { awaiting, newReviewer, type Reviewer, type } from '../support/reviewers.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

const issuer = inject('issuer');
const DAY = 86_400;
/** Long as a password, and nobody's. */
const another = 'ABCD-EFGH-JKMN-PQRS-TVWX-YZ23';

const isConsent = ({ html }: Page) => html.includes('value="approve"');

/** The tokens of a client that a reviewer connects. */
async function connected({ address, password }: Reviewer) {
  const window = await awaiting(issuer, address);
  const page = await type(window, password);
  const redirect = await approve(window.browser, { page, fields: window.fields });
  return { window, token: (await redeemed(issuer, redemptionOf(window, redirect))).access_token };
}

/** A page without what differs from window to window. */
function alike({ status, html, headers }: Page, address: string) {
  const text = html.replaceAll(address, 'ADDRESS').replace(/value="[\w-]{20,}"/g, 'value');
  const names = [...headers.keys()].filter((name) => name !== 'date').sort();
  return { status, text, names };
}

/** The refusal of a command. */
async function refusal(command: string, input: object): Promise<string> {
  return operate(issuer, command, input).then(
    () => 'not refused',
    (error: Error) => error.message,
  );
}

describe('a reviewer', () => {
  test('signs in with the password where the code is asked for, to the tenant that it is for', async () => {
    const reviewer = await newReviewer(issuer);
    expect(reviewer.password).toMatch(/^([A-HJKMNP-Z2-9]{4}-){5}[A-HJKMNP-Z2-9]{4}$/);
    const { token } = await connected(reviewer);
    expect(principalIn(token).tenant).toBe(reviewer.tenant);
    expect(await isAccepted(issuer, token)).toBe(true);
    const again = await connected(reviewer);
    expect(principalIn(again.token).subject).toBe(principalIn(token).subject);
    expect(await mailsTo(issuer, reviewer.address)).toEqual([]);
  });

  test.for<[what: string, changed: (password: string) => string]>([
    ['in small letters', (password) => password.toLowerCase()],
    ['without hyphens', (password) => password.replaceAll('-', '')],
    ['with spaces, and space around it', (password) => ` ${password.replaceAll('-', ' ')}\n`],
    ['with long hyphens', (password) => password.replaceAll('-', '–')],
  ])('may type it %s', async ([, changed]) => {
    const { address, password } = await newReviewer(issuer);
    expect(isConsent(await type(await awaiting(issuer, address), changed(password)))).toBe(true);
  });

  test('gets the same page for a form that is sent twice', async () => {
    const { address, password } = await newReviewer(issuer);
    const window = await awaiting(issuer, address);
    const pages = [await type(window, password), await type(window, password)];
    expect(pages.map(isConsent)).toEqual([true, true]);
  });

  test.for<[what: string, typed: (reviewer: Reviewer) => Promise<Page>]>([
    ['another password', async ({ address }) => type(await awaiting(issuer, address), another)],
    [
      'the password of another reviewer',
      async ({ address }) => type(await awaiting(issuer, address), (await newReviewer(issuer)).password),
    ],
    [
      'the password at an address that is not theirs',
      async ({ password }) => type(await awaiting(issuer, newAddress()), password),
    ],
    [
      'the password before the last one',
      async ({ address, tenant, password }) => {
        await newReviewer(issuer, { address, tenant });
        return type(await awaiting(issuer, address), password);
      },
    ],
    [
      'a password that has expired',
      async ({ address, password }) =>
        type(await awaiting(issuer, address, { 'x-local-clock-offset': String(30 * DAY + 5) }), password),
    ],
  ])('does not sign in with %s', async ([, typed]) => {
    const page = await typed(await newReviewer(issuer));
    expect([page.status, page.html]).toEqual([400, expect.stringContaining('4 attempts left')]);
  });

  test('has the password until its last second', async () => {
    const { address, password } = await newReviewer(issuer, { days: 1 });
    const late = { 'x-local-clock-offset': String(DAY - 60) };
    expect(isConsent(await type(await awaiting(issuer, address, late), password))).toBe(true);
  });

  test('has five tries, as anybody has, also for what is as long as a password', async () => {
    const { address, password } = await newReviewer(issuer);
    for (const who of [address, newAddress()]) {
      const window = await awaiting(issuer, who);
      for (const [at, letter] of ['A', 'B', 'C', 'D'].entries())
        expect((await type(window, letter.repeat(24), 5 - at)).status).toBe(400);
      expect(heading(await type(window, 'E'.repeat(24), 1))).toBe('Too many wrong codes');
      expect(isConsent(await type(window, password, 0))).toBe(false);
    }
  });

  test('does not have more tries by typing many passwords at a time', async () => {
    const { address, password } = await newReviewer(issuer);
    const window = await awaiting(issuer, address);
    const guesses = Array.from('ABCDEFGHJK', (letter) => type(window, letter.repeat(24)));
    await Promise.all(guesses);
    expect(isConsent(await type(window, password))).toBe(false);
  });

  test('is not told from anybody else, before the password is right', async () => {
    const [{ address }, other] = [await newReviewer(issuer), newAddress()];
    const [theirs, others] = [await awaiting(issuer, address), await awaiting(issuer, other)];
    expect(alike(theirs.page, address)).toEqual(alike(others.page, other));
    for (const [at, text] of [another, 'AAAA-AAAA', 'what?'].entries()) {
      const pages = [await type(theirs, text, 5 - at), await type(others, text, 5 - at)] as const;
      expect(alike(pages[0], address)).toEqual(alike(pages[1], other));
    }
  });

  test('neither has a passkey nor deletes the account', async () => {
    const { address, password } = await newReviewer(issuer);
    const { window } = await connected({ address, password, tenant: '', expires_at: '' });
    const { browser } = window;
    const page = await browser.open(passkeysPath);
    expect(page.html).toContain('It can’t have passkeys.');
    expect(page.html).not.toContain('hidden data-passkey');
    const added = await browser.post(passkeysPath, { do: 'add', session_token: sessionToken(page), passkey: '{}' });
    expect([added.status, added.html]).toEqual([400, expect.stringContaining('It can’t have passkeys.')]);
    const account = { browser, page: await browser.open('/account') };
    expect((await browser.open('/account/delete')).html).toContain('Only the operator of this server can delete it.');
    const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(account.page.html) ?? [];
    const deletion = await browser.post('/account/delete', { form_token: token, confirm: 'yes' });
    expect(deletion.status).toBe(403);
    expect((await browser.open('/account')).status).toBe(200);
  });

  test('stays in the tenant, without mail, until removed', async () => {
    const { address, tenant } = await newReviewer(issuer);
    const other = await newTenant(issuer);
    for (const [command, input] of [
      ['people lift', { address }],
      ['tenants remove-member', { id: tenant, address }],
    ] as const)
      expect(await refusal(command, input)).toContain("is a reviewer's");
    await connected(await newReviewer(issuer, { address, tenant }));
    expect(await refusal('people move', { address, tenant: other })).toContain("is a reviewer's");
    expect(await refusal('reviewers add', { address, tenant: other })).toContain('in another tenant');
  });

  test('is on record as one', async () => {
    const reviewer = await newReviewer(issuer);
    await connected(reviewer);
    const after = new Date(Date.now() - 60_000).toISOString();
    const { items } = (await operate(issuer, 'audit', { tenant: reviewer.tenant, after })) as { items: object[] };
    expect(items).toContainEqual(expect.objectContaining({ event: 'sign_in', by: 'password' }));
  });
});

describe('what ends', () => {
  test('a removed reviewer: the password, the grants, the sessions and the account', async () => {
    const reviewer = await newReviewer(issuer);
    const { address, password, tenant } = reviewer;
    const { window, token } = await connected(reviewer);
    await operate(issuer, 'reviewers remove', { address });
    expect(await isAccepted(issuer, token)).toBe(false);
    expect((await window.browser.open('/account')).status).not.toBe(200);
    expect(isConsent(await type(await awaiting(issuer, address), password))).toBe(false);
    expect(await mailsTo(issuer, address)).toHaveLength(1);
    const { page } = await openAccount(issuer, { address });
    expect(page.html).not.toContain(tenant);
    expect(await refusal('reviewers remove', { address })).toContain("is no reviewer's");
  });

  test('one who has never signed in', async () => {
    const { address, tenant } = await newReviewer(issuer);
    await operate(issuer, 'reviewers remove', { address });
    expect(await operate(issuer, 'tenants show', { id: tenant })).toMatchObject({ members: [] });
    await operate(issuer, 'tenants remove', { id: tenant });
    await signInToAccount(issuer, { browser: new Browser(issuer, newSourceIp()), address });
  });

  test('an expired password: what was begun with it, when the clock comes by', async () => {
    const [due, longer] = [await newReviewer(issuer, { days: 1 }), await newReviewer(issuer, { days: 3 })];
    const [first, second] = [await connected(due), await connected(longer)];
    await operate(issuer, 'reviewers end-expired', {}, DAY - 60);
    expect(await isAccepted(issuer, first.token)).toBe(true);
    await operate(issuer, 'reviewers end-expired', {}, DAY + 60);
    expect(await isAccepted(issuer, first.token)).toBe(false);
    expect((await first.window.browser.open('/account')).status).not.toBe(200);
    expect(await isAccepted(issuer, second.token)).toBe(true);
    expect(await operate(issuer, 'reviewers end-expired', {}, DAY + 60)).toEqual({ ended: 0, left: 0 });
    const { token } = await connected(await newReviewer(issuer, due));
    expect(await isAccepted(issuer, token)).toBe(true);
  });
});

describe('the commands', () => {
  const run = (...args: string[]) => runHere(admin, [...args, '--local', issuer]);

  test('add, list and remove one', async () => {
    const [address, tenant] = [newAddress(), await newTenant(issuer)];
    const added = await run('reviewers', 'add', address, '--tenant', tenant, '--days', '60');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/^ +password +([A-HJKMNP-Z2-9]{4}-?){6}$/m);
    expect(added.stdout).toContain('Keep the password now');
    const { reviewers } = JSON.parse((await run('reviewers', 'list', '--json')).stdout);
    const until = new Date(Date.now() + 60 * DAY * 1_000).toISOString().slice(0, 10);
    expect(reviewers).toContainEqual({
      address,
      tenant,
      added_at: expect.any(String),
      expires_at: expect.stringContaining(until),
      is_expired: false,
    });
    expect((await run('people', 'show', address)).stdout).toContain('reviewer_until');
    expect(await run('reviewers', 'remove', address)).toMatchObject({ code: 2 });
    expect(await run('reviewers', 'remove', address, '--yes')).toMatchObject({
      code: 0,
      stdout: `${address} is no reviewer's any more.\n`,
    });
  });

  test.for<[what: string, args: string[], sentence: string | RegExp]>([
    ['without a tenant', ['a@example.com'], 'needs --tenant'],
    ['with a tenant that is not there', ['a@example.com', '--tenant', 'nowhere'], 'There is no tenant nowhere'],
    ['with no number of days', ['a@example.com', '--tenant', 'x', '--days', 'many'], 'must be a whole number'],
    ['with no day', ['a@example.com', '--tenant', 'x', '--days', '0'], 'At least one day'],
    ['with too many days', ['a@example.com', '--tenant', 'x', '--days', '366'], 'At most 365 days'],
  ])('refuse one %s', async ([, args, sentence]) => {
    const { code, stderr } = await run('reviewers', 'add', ...args);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(sentence);
  });

  test('refuse an address that is somebody’s, or that the sign-in page refuses', async () => {
    const tenant = await newTenant(issuer);
    const { address } = await openAccount(issuer);
    expect(await refusal('reviewers add', { address, tenant })).toContain('belongs to somebody');
    const member = newAddress();
    await operate(issuer, 'tenants add-member', { id: tenant, address: member });
    expect(await refusal('reviewers add', { address: member, tenant })).toContain('belongs to somebody');
    expect(await refusal('reviewers add', { address: 'a@nowhere.invalid', tenant })).toContain('takes no mail');
  });
});

test('doctor names those whose password expires soon, and no others', async () => {
  const [soon, later] = [await newReviewer(issuer, { days: 5 }), await newReviewer(issuer, { days: 30 })];
  const { checks } = await examine(['--local', issuer]);
  const found = checks.find(({ name }) => name === 'reviewers');
  expect(found).toMatchObject({
    outcome: 'failed',
    says: expect.stringContaining(`${soon.address} in ${soon.tenant}`),
  });
  expect(found?.says).not.toContain(later.address);
});

describe('a password, which takes long to check', () => {
  const allowed = newAddress();
  let aws: Aws;
  let stack: RunningStack;
  beforeAll(async () => {
    aws = await startAws();
    const limits = { wrongCodesPerIp: { minute: 3, quarterHour: 3, hour: 3, day: 3 } };
    stack = await startStackWith({ signIn: { allowedAddresses: [allowed] }, limits }, { env: aws.env });
  });
  afterAll(async () => {
    await stack?.stop();
    await aws?.stop();
  });

  /** What is asked of the table when a text is typed, in order. */
  async function askedFor(window: Awaited<ReturnType<typeof awaiting>>, text: string, triesLeft?: number) {
    const calls = await aws.callsDuring(() => type(window, text, triesLeft));
    return calls.map(({ operation, body }) => `${operation} of ${/[A-Z]+#/.exec(body)?.[0]}`);
  }
  const looksAtAddress = 'BatchGetItem of EMAIL#';

  test('is checked for an address that may not sign in as for one that may', async () => {
    const asked = await askedFor(await awaiting(stack.issuer, allowed), another);
    expect(asked).toContain(looksAtAddress);
    expect(await askedFor(await awaiting(stack.issuer, newAddress()), another)).toEqual(asked);
  });

  test('is not checked once the tries are used up', async () => {
    const window = await awaiting(stack.issuer, allowed);
    for (let triesLeft = 5; triesLeft > 0; triesLeft -= 1)
      await type(window, another.replace(/.$/, String(triesLeft + 2)), triesLeft);
    expect(await askedFor(window, another.replace(/.$/, '9'), 0)).not.toContain(looksAtAddress);
  });

  test('is checked again for a form that is sent again, until the network has sent too many', async () => {
    const window = await awaiting(stack.issuer, allowed);
    await type(window, another);
    expect(await askedFor(window, another)).toContain(looksAtAddress);
    for (let sent = 0; sent < 3; sent += 1) await type(window, another);
    expect(await askedFor(window, another)).not.toContain(looksAtAddress);
  });
});

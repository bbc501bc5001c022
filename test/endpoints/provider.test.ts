import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examine } from '../cli/doctor-process.ts';
import { openAccount, press } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { Browser, heading, hiddenFields, location, type Page } from '../support/browser.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
import {
  approve,
  authorizePath,
  callback,
  isAccepted,
  mailedCode,
  newPkce,
  newSourceIp,
  requestTokens,
  tomorrowAt,
} from '../support/flow.ts';
import { tableOf } from '../support/items.ts';
import { newTenant, trailOf } from '../support/machines.ts';
import { ask } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import type { LogoutOrder, Orders } from '../support/outside.ts';
import { startOutsideStack, type Window } from '../support/outside-stack.ts';
import { newHolder } from '../support/passkey-flow.ts';
import { principalIn } from '../support/people.ts';
import { basic, redeemed, redemptionOf } from '../support/redemption.ts';
import { newReviewer } from '../support/reviewers.ts';
import { listManySessions } from '../support/sessions.ts';
import { optionsIn } from '../support/software-passkey.ts';
import { idJagClaims, newIssuer, signIdJag, trust } from '../support/trusted-issuer.ts';

/** What a logout token may name. */
type Named = { readonly sub: string; readonly sid: string };

/** Domains of tenants whose people must sign in through a provider. */
const ruled = ['ruled.example', 'alias.example', 'later.example', 'held.example'];

/** What groups make of people. Those without one sign in as ever. */
const groups = {
  rules: [
    { value: 'bosses', tenant: 'grouped', role: 'admin' },
    { value: 'staff', tenant: 'grouped' },
    { value: 'nowhere', tenant: 'nowhere' },
  ],
  others: 'allow',
};

let operator: Operator;
let outside: Awaited<ReturnType<typeof startOutsideStack>>;
let site: ClientSite;
let issuer: string;

beforeAll(async () => {
  const more = {
    corp: { domains: ['corp.example', 'team.example', 'grouped.example', ...ruled], groups },
    apple: { clientSecret: '/test/missing' },
    other: { domains: ['settled.example', 'Bücher.example'], isRequired: true, logoutEndsGrants: true },
  };
  const down = { id: 'down', name: 'Down', issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: '/test/down' };
  site = await startClientSite();
  outside = await startOutsideStack({ more, others: [down], hosts: ['127.0.0.1:9', site.host] });
  issuer = outside.stack.issuer;
  operator = new Operator(tableOf(issuer));
});

afterAll(async () => {
  await outside?.stop();
  await site?.stop();
});

const newPerson = (domain?: string) => outside.newPerson(domain);
const newWindow = () => outside.newWindow();
const anotherWindow = ({ browser }: Window) => outside.newWindow(browser);
const sent = (window: Window, orders: Orders, provider?: string) => outside.sent(window, orders, provider);
const answered = (window: Window, orders: Orders, provider?: string) => outside.answered(window, orders, provider);
const consentVia = (window: Window, orders: Orders, provider?: string) => outside.consentVia(window, orders, provider);
const proved = (window: Window, address: string) => outside.proved(window, address);

const isConsent = (page: Page) => page.html.includes('value="approve"');
const confirm = 'Confirm your email address';
const failedTitle = 'Your organization’s sign-in didn’t work';

/** Somebody who has signed in by a mailed code before. */
async function newMember(domain = 'corp.example'): Promise<string> {
  const person = newPerson(domain);
  await proved(await newWindow(), person);
  return person;
}

/** The access token that the client of a window gets. */
async function tokenOf({ browser, fields, clientId, verifier }: Window, page: Page): Promise<string> {
  const redirect = await approve(browser, { page, fields });
  return (await redeemed(issuer, redemptionOf({ clientId, verifier }, redirect))).access_token;
}

/** The person of a window, as that token names them. */
async function principalOf(window: Window, page: Page): Promise<ReturnType<typeof principalIn>> {
  return principalIn(await tokenOf(window, page));
}

const subjectOf = async (window: Window, page: Page) => (await principalOf(window, page)).subject;

const reference = ({ html }: Page) => /<code>([^<]+)<\/code>/.exec(html)?.[1] ?? 'none';

/** Expects the page that says that it did not work, with a reference that the log has beside what was wrong. */
function expectFailure(page: Page, why: string): void {
  expect(heading(page)).toBe(failedTitle);
  expect(page.headers.get('set-cookie')).toBeNull();
  const isOfPage = (one: string) => one.includes(`"${reference(page)}"`) && one.includes('sign-in through');
  expect(outside.stack.logs().split('\n').find(isOfPage)).toContain(why);
}

describe('the first sign-in through a provider', () => {
  test('leads to consent, to a code and to the account', async () => {
    const person = newPerson();
    const window = await newWindow();
    expect(window.page.html).toContain('Continue with <bdi>Corp</bdi>');
    expect(window.page.html).toContain('Other &lt;&amp;&gt;');
    const page = await consentVia(window, { person });
    expect(page.html).toContain(person);
    const redirect = await approve(window.browser, { page, fields: window.fields });
    expect(redirect.searchParams.get('code')).toBeTruthy();
    expect((await window.browser.open('/account')).status).toBe(200);
  });

  test('serves a second client at once, and the person is the same whatever the provider calls them later', async () => {
    const person = newPerson();
    const window = await newWindow();
    const subject = await subjectOf(window, await consentVia(window, { person }));
    expect(isConsent((await anotherWindow(window)).page)).toBe(true);
    const elsewhere = await newWindow();
    const account = { email: newPerson(), email_verified: false };
    const page = await consentVia(elsewhere, { person, account });
    expect(page.html).toContain(person);
    expect(await subjectOf(elsewhere, page)).toBe(subject);
  });

  test('leads to the tenant of their domain, on whose terms they come back', async () => {
    const tenant = await operator.newTenant({ tools: ['whoami'] });
    await operator.enterDomain('team.example', tenant);
    const person = newPerson('team.example');
    for (const window of [await newWindow(), await newWindow()])
      expect(await principalOf(window, await consentVia(window, { person }))).toMatchObject({ tenant });
  });

  test('ends the session of who signed in to the same browser in the meantime', async () => {
    const window = await newWindow();
    const second = await anotherWindow(window);
    await consentVia(window, { person: newPerson() });
    const kept = new Browser(issuer, newSourceIp());
    for (const [name, value] of window.browser.cookies) kept.cookies.set(name, value);
    expect((await kept.open('/account')).status).toBe(200);
    await consentVia(second, { person: newPerson() });
    expect((await kept.open('/account')).status).toBe(303);
  });

  test('leads to the account where that is what was asked for', async () => {
    const browser = new Browser(issuer, newSourceIp());
    const page = await browser.open('/account/sign-in');
    const window = { browser, fields: hiddenFields(page), clientId: '', verifier: '', page };
    const answer = await answered(window, { person: newPerson() });
    expect(answer.headers.get('location')).toBe(`${issuer}/account`);
    expect((await browser.open('/account')).status).toBe(200);
  });
});

test('the address of a reviewer takes no provider’s word, and their password links nobody to it', async () => {
  const { address, password } = await newReviewer(issuer, { address: newPerson() });
  const window = await newWindow();
  const { browser, fields } = window;
  expect(heading(await answered(window, { person: address }))).toBe(confirm);
  await browser.post('/authorize/email', { ...fields, email: address });
  expect(isConsent(await browser.post('/authorize/code', { ...fields, code: password }))).toBe(true);
  expect(heading(await answered(await newWindow(), { person: address }))).toBe(confirm);
});

describe('people who must sign in through a provider', () => {
  const sso = (id: string, provider: string | null) => operate(issuer, 'tenants sso', { id, provider });
  const addDomain = (id: string, domain: string) => operate(issuer, 'tenants add-domain', { id, domain });

  async function newRuled(...domains: readonly string[]): Promise<string> {
    const id = await newTenant(issuer);
    for (const domain of domains) await addDomain(id, domain);
    await sso(id, 'corp');
    return id;
  }

  /** Follows a form that is sent on with all that it has. Gives where the browser ends up. */
  async function sentOn({ browser }: Window, path: string, form: Record<string, string>): Promise<URL> {
    const page = await browser.post(path, form);
    expect(page.status).toBe(307);
    const next = await browser.post(page.headers.get('location') ?? '', form);
    expect(next.status).toBe(303);
    return new URL(next.headers.get('location') ?? '');
  }

  const typed = async (email: string) => {
    const window = await newWindow();
    return { window, page: await window.browser.post('/authorize/email', { ...window.fields, email }) };
  };

  describe('where the address is typed', () => {
    beforeAll(async () => {
      const id = await newRuled('ruled.example', 'alias.example');
      await addDomain(id, 'later.example');
    });

    test.for([
      ['of a domain of the tenant', 'stranger@ruled.example', 'corp'],
      ['of its other domain', 'stranger@alias.example', 'corp'],
      ['of a domain that it got later', 'stranger@later.example', 'corp'],
      ['in capitals', 'Stranger@RULED.Example', 'corp'],
      ['with a tag and dots', 'some.stranger+tag@ruled.example', 'corp'],
      ['of a domain of the settings', 'stranger@settled.example', 'other'],
      ['of a domain in its own script', 'stranger@bücher.example', 'other'],
      ['of the same domain as the DNS writes it', 'stranger@xn--bcher-kva.example', 'other'],
    ] as const)('an address %s goes to the provider, with the address', async ([, email, provider]) => {
      const window = await newWindow();
      const to = await sentOn(window, '/authorize/email', { ...window.fields, email });
      expect(to.origin).toBe(outside.providers.issuerOf(provider));
      expect(to.searchParams.get('login_hint')).toBe(email.toLowerCase().replace('bücher', 'xn--bcher-kva'));
    });

    test.for([
      'stranger@sub.ruled.example',
      'stranger@notruled.example',
      'stranger@ruled.example.elsewhere.example',
      // With a Cyrillic е.
      'stranger@rul\u0435d.example',
    ])('%s gets a code: it is no address of the domain', async (email) => {
      expect((await typed(email)).page.status).toBe(200);
    });

    test('tells of somebody who belongs there no more than of a stranger', async () => {
      const person = newPerson('ruled.example');
      await consentVia(await newWindow(), { person });
      const [known, stranger] = [(await typed(person)).page, (await typed(newPerson('ruled.example'))).page];
      expect([known.status, known.headers.get('location')]).toEqual([
        stranger.status,
        stranger.headers.get('location'),
      ]);
    });

    test('lets a mailed code prove an address, once, that the provider says is theirs', async () => {
      const person = newPerson('ruled.example');
      const window = await newWindow();
      const account = { email_verified: false };
      expect(heading(await answered(window, { person, account }))).toBe(confirm);
      expect(isConsent(await proved(window, person))).toBe(true);
      expect(isConsent((await anotherWindow(window)).page)).toBe(true);
    });

    test('lets no code prove it that another provider asks for', async () => {
      const person = newPerson('settled.example');
      const window = await newWindow();
      expect(heading(await answered(window, { person }))).toBe(confirm);
      expect((await proved(window, person)).headers.get('location')).toBe('/authorize/provider?provider=other');
    });
  });

  test('by another provider they are refused, and nothing is changed', async () => {
    const tenant = await newRuled();
    const person = newPerson();
    await operate(issuer, 'tenants add-member', { id: tenant, address: person });
    const window = await newWindow();
    await answered(window, { person, account: { email: person } }, 'other');
    const form = { ...window.fields, email: person };
    await window.browser.post('/authorize/email', form);
    const code = await mailedCode(issuer, person);
    const to = await sentOn(window, '/authorize/code', { ...window.fields, code });
    expect(to.origin).toBe(outside.providers.issuerOf('corp'));
    expect(await principalOf(window, await consentVia(window, { person }))).toMatchObject({ tenant });
  });

  test('somebody of the tenant with an address from elsewhere: where it is typed nothing tells, the code leads on', async () => {
    const tenant = await newRuled();
    const address = newPerson('elsewhere.example');
    await operate(issuer, 'tenants add-member', { id: tenant, address });
    const { window, page } = await typed(address);
    const stranger = await typed(newPerson('elsewhere.example'));
    expect([page.status, heading(page)]).toEqual([stranger.page.status, heading(stranger.page)]);
    const to = await sentOn(window, '/authorize/code', { ...window.fields, code: await mailedCode(issuer, address) });
    expect(to.origin).toBe(outside.providers.issuerOf('corp'));
    expect((await window.browser.open('/account')).status).toBe(303);
  });

  test('somebody of another tenant with an address of the domain: its owner says how they sign in', async () => {
    const tenant = await newTenant(issuer);
    const person = newPerson('ruled.example');
    await operate(issuer, 'tenants add-member', { id: tenant, address: person });
    const { window, page } = await typed(person);
    expect(page.headers.get('location')).toBe('/authorize/provider?provider=corp');
    expect(await principalOf(window, await consentVia(window, { person }))).toMatchObject({ tenant });
  });

  test('somebody whose tenant and whose address’s domain name two providers signs in through the tenant’s', async () => {
    const tenant = await newRuled();
    const person = newPerson('settled.example');
    await operate(issuer, 'tenants add-member', { id: tenant, address: person });
    const window = await newWindow();
    expect(heading(await answered(window, { person }))).toBe(confirm);
    const page = await proved(window, person);
    expect(isConsent(page)).toBe(true);
    expect(await principalOf(window, page)).toMatchObject({ tenant });
  });

  describe('what was begun before', () => {
    let person: string;
    let tenant: string;
    let signedIn: Window;
    let consent: Page;
    let mailed: Window;
    let code: string;
    let holder: Awaited<ReturnType<typeof newHolder>>;

    beforeAll(async () => {
      tenant = await newTenant(issuer);
      await addDomain(tenant, 'held.example');
      person = newPerson('held.example');
      holder = await newHolder(issuer, newPerson('held.example'));
      signedIn = await newWindow();
      consent = await proved(signedIn, person);
      mailed = await newWindow();
      await mailed.browser.post('/authorize/email', { ...mailed.fields, email: person });
      code = await mailedCode(issuer, person);
      await sso(tenant, 'corp');
    });

    test('a code that was mailed leads to the provider', async () => {
      const to = await sentOn(mailed, '/authorize/code', { ...mailed.fields, code });
      expect(to.searchParams.get('login_hint')).toBe(person);
    });

    test('a consent page comes to nothing', async () => {
      expect(isConsent(consent)).toBe(true);
      const decision = { ...signedIn.fields, decision: 'approve', scope: 'profile:read' };
      const page = await signedIn.browser.post('/authorize/consent', decision);
      expect(page.status).toBe(400);
      expect(page.headers.get('location')).toBeNull();
    });

    test('a session opens no page, and counts for no client', async () => {
      expect((await signedIn.browser.open('/account')).status).toBe(303);
      expect((await signedIn.browser.open('/account/passkeys')).status).toBe(303);
      expect(isConsent((await anotherWindow(signedIn)).page)).toBe(false);
    });

    test('a passkey leads to the provider', async () => {
      const window = await newWindow();
      const passkey = holder.passkey.answer(optionsIn(window.page));
      const to = await sentOn(window, '/authorize/passkey', { ...window.fields, passkey });
      expect(to.origin).toBe(outside.providers.issuerOf('corp'));
      expect((await holder.browser.open('/account')).status).toBe(303);
    });

    test('what comes by the provider serves as ever, until any way does again', async () => {
      const window = await newWindow();
      expect(isConsent(await consentVia(window, { person }))).toBe(true);
      expect((await window.browser.open('/account')).status).toBe(200);
      expect(isConsent((await anotherWindow(window)).page)).toBe(true);
      await sso(tenant, null);
      expect((await signedIn.browser.open('/account')).status).toBe(200);
      expect(isConsent(await proved(await newWindow(), person))).toBe(true);
    });
  });

  test('somebody who is moved there signs in by the provider from then on', async () => {
    const tenant = await newRuled();
    const person = newPerson('elsewhere.example');
    await proved(await newWindow(), person);
    for (const seconds of [0, 46]) await operate(issuer, 'people move', { address: person, tenant }, seconds);
    const { window } = await typed(person);
    const code = await mailedCode(issuer, person);
    const to = await sentOn(window, '/authorize/code', { ...window.fields, code });
    expect(to.origin).toBe(outside.providers.issuerOf('corp'));
  });

  test('a policy stays what it is beside the rule, and the rule beside the policy', async () => {
    const id = await newRuled();
    await operate(issuer, 'tenants policy', { id, tools: ['whoami'] });
    await sso(id, 'other');
    const shown = { sign_in_through: 'other', tools: ['whoami'] };
    expect(await operate(issuer, 'tenants show', { id })).toMatchObject(shown);
  });

  test('only through a provider of the settings', async () => {
    const id = await newTenant(issuer);
    await expect(sso(id, 'corpo')).rejects.toThrow('they name corp, other, apple, down');
    await expect(sso('none', 'corp')).rejects.toThrow('There is no tenant none');
  });
});

describe('people whose groups say what they are', () => {
  beforeAll(() => operate(issuer, 'tenants add', { id: 'grouped' }));
  const shown = (address: string) => operate(issuer, 'people show', { address });
  const by = async (person: string, token: object, account: object = {}) =>
    consentVia(await newWindow(), { person, token: { ...token }, account: { ...account } });

  test('belong to the tenant, and are what each sign-in says', async () => {
    const person = newPerson('grouped.example');
    for (const [token, role] of [
      [{ groups: ['other', 'staff'] }, 'member'],
      [{ groups: 'bosses' }, 'admin'],
      [{ groups: ['staff'] }, 'member'],
      [{ groups: ['bosses', 'staff'] }, 'admin'],
      [{ groups: [] }, 'member'],
    ] as const) {
      expect(isConsent(await by(person, token))).toBe(true);
      expect(await shown(person)).toMatchObject({ tenant: 'grouped', role });
    }
    const { members } = (await operate(issuer, 'tenants show', { id: 'grouped' })) as { members: unknown };
    expect(members).toEqual([expect.objectContaining({ address: person, role: 'member', signed_in: true })]);
  });

  test('are in the audit of the tenant with each change, and with nothing else', async () => {
    const person = newPerson('grouped.example');
    const changes = async () => (await trailOf(issuer, 'grouped')).filter(({ event }) => event === 'membership').length;
    const before = await changes();
    const counts: number[] = [];
    for (const groups of [['staff'], ['staff'], ['bosses'], ['bosses', 'staff'], []]) {
      await by(person, { groups });
      counts.push((await changes()) - before);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
    const [last] = (await trailOf(issuer, 'grouped')).filter(({ event }) => event === 'membership');
    expect(last).toMatchObject({ provider: 'corp', role: 'member' });
  });

  test('are not those that another provider names', async () => {
    const person = newPerson('grouped.example');
    const window = await newWindow();
    expect(heading(await answered(window, { person, token: { groups: ['bosses'] } }, 'other'))).toBe(confirm);
    await proved(window, person);
    expect(await shown(person)).toMatchObject({ tenant: expect.not.stringMatching('grouped'), role: 'member' });
  });

  test('are not those that are told beside the ID token', async () => {
    const person = newPerson('grouped.example');
    const page = await by(person, { email: null, groups: null }, { groups: ['bosses'] });
    expect(isConsent(page)).toBe(true);
    expect(await shown(person)).toMatchObject({ tenant: expect.not.stringMatching('grouped'), role: 'member' });
  });

  test('leave alone who is an admin elsewhere', async () => {
    const person = newPerson('grouped.example');
    const id = await newTenant(issuer);
    await operate(issuer, 'tenants add-member', { id, address: person, role: 'admin' });
    await by(person, { groups: [] });
    expect(await shown(person)).toMatchObject({ tenant: id, role: 'admin' });
  });

  test('take nothing from an admin until they have shown that the address is theirs', async () => {
    const person = newPerson('elsewhere.example');
    await operate(issuer, 'tenants add-member', { id: 'grouped', address: person, role: 'admin' });
    const window = await newWindow();
    expect(heading(await answered(window, { person, token: { groups: [] } }))).toBe(confirm);
    expect(await shown(person)).toMatchObject({ role: 'admin' });
    await proved(window, person);
    await by(person, { groups: [] });
    expect(await shown(person)).toMatchObject({ role: 'member' });
  });

  test('lose with a group what an app of theirs could do by it, from its next call on', async () => {
    const person = newPerson('grouped.example');
    const window = await newWindow();
    const token = await tokenOf(window, await consentVia(window, { person, token: { groups: ['bosses'] } }));
    const listed = async () =>
      ((await ask(issuer, token, 'tools/list')).message.result as { tools: unknown[] }).tools.length;
    const before = await listed();
    await by(person, { groups: ['staff'] });
    expect(await listed()).toBeLessThan(before);
  });

  test('two windows at the same time make one member', async () => {
    const person = newPerson('grouped.example');
    const [one, two] = [await newWindow(), await newWindow()];
    const orders = { person, token: { groups: ['bosses'] } };
    const [first, second] = [await sent(one, orders), await sent(two, orders)];
    const pages = await Promise.all([one.browser.open(first), two.browser.open(second)]);
    expect(pages.map(({ status }) => status)).toEqual([303, 303]);
    expect(await shown(person)).toMatchObject({ tenant: 'grouped', role: 'admin' });
  });

  test.for<[string, object, string]>([
    ['too many for the token', { _claim_names: { groups: 'src1' } }, 'too many groups'],
    ['too many for the address', { hasgroups: true }, 'use app roles'],
    ['no list', { groups: { staff: true } }, 'neither a text nor a list'],
    ['of a tenant that there is not', { groups: ['nowhere'] }, 'which is no tenant'],
  ])('that are %s are refused by name', async ([, token, why]) => {
    const person = newPerson('grouped.example');
    expectFailure(await answered(await newWindow(), { person, token: { ...token } }), why);
    await expect(shown(person)).rejects.toThrow('Nothing is known');
  });

  test('of another tenant than theirs are refused until they are moved', async () => {
    const person = newPerson('grouped.example');
    const window = await newWindow();
    await proved(window, person);
    const page = await answered(await newWindow(), { person, token: { groups: ['bosses'] } });
    expectFailure(page, 'people move moves them');
    expect(await shown(person)).toMatchObject({ role: 'member' });
  });

  test('count for no address that the provider’s word is not enough for', async () => {
    const person = newPerson('elsewhere.example');
    expectFailure(await answered(await newWindow(), { person, token: { groups: ['bosses'] } }), 'set domains');
  });
});

describe('doctor', () => {
  const outsideOf = async () =>
    (await examine(['--url', issuer])).checks.find(({ name }) => name === 'outside providers');

  test('names providers that cannot be reached or have no secret, with the reason', async () => {
    await outside.providers.order({});
    const check = await outsideOf();
    expect(check?.says).toMatch(
      /^apple: there is no secret for it in SSM, or it is empty: reference \S+; down: the server cannot reach it/,
    );
    expect(check?.says).not.toMatch(/corp|other/);
    expect(check?.remedy).toContain('aws ssm put-parameter --type SecureString');
    expect(check?.remedy).toContain('audit --tenant public --event provider_refused');
    const [, shownReference = ''] = /reference ([^;]+);/.exec(check?.says ?? '') ?? [];
    const line = outside.stack
      .logs()
      .split('\n')
      .find((one) => one.includes(`"${shownReference}"`) && one.includes('sign-in through'));
    expect(line).toContain('there is no parameter /test/missing in SSM');
  });

  test('names a provider that does not take the request, as with another redirect URI', async () => {
    await outside.providers.order({ fault: { path: '/auth', status: 400 } });
    const check = await outsideOf();
    expect(check?.says).toContain(`corp: ${outside.providers.issuerOf('corp')} refuses the request (status 400)`);
    expect(check?.remedy).toContain(`register the redirect URI ${issuer}/authorize/provider/corp, exactly so`);
    await outside.providers.order({});
  });
});

describe('an operator who takes back a link', () => {
  const unlink = (address: string, provider?: string) => operate(issuer, 'people unlink', { address, provider });

  test('has who comes by it met anew, and signs out the browsers that it was used in', async () => {
    const person = newPerson();
    const byCode = await newWindow();
    await proved(byCode, person);
    const window = await newWindow();
    await answered(window, { person }, 'other');
    await proved(window, person);
    expect(await unlink(person)).toEqual({ address: person, unlinked: ['other'], sessions_ended: 1 });
    expect((await window.browser.open('/account')).status).toBe(303);
    expect((await byCode.browser.open('/account')).status).toBe(200);
    expect(heading(await answered(await newWindow(), { person }, 'other'))).toBe(confirm);
  });

  test('signs them out however many sessions there were', async () => {
    const person = newPerson();
    const window = await newWindow();
    await listManySessions(issuer, await subjectOf(window, await consentVia(window, { person })));
    expect(await unlink(person)).toMatchObject({ sessions_ended: 1 });
    expect((await window.browser.open('/account')).status).toBe(303);
  });

  test('lets another identity of the provider be linked, where the address was given away', async () => {
    const address = newPerson();
    await consentVia(await newWindow(), { person: address });
    const orders = { person: `second-${address}`, account: { email: address } };
    expectFailure(await answered(await newWindow(), orders), 'recycled');
    await unlink(address);
    expect(isConsent(await consentVia(await newWindow(), orders))).toBe(true);
  });

  test('of one provider leaves the others as they are', async () => {
    const person = newPerson();
    await consentVia(await newWindow(), { person });
    const window = await newWindow();
    await answered(window, { person }, 'other');
    await proved(window, person);
    await unlink(person, 'corp');
    expect(isConsent(await consentVia(await newWindow(), { person }, 'other'))).toBe(true);
    await expect(unlink(person, 'corp')).rejects.toThrow('is linked with other, and not with corp');
    await unlink(person, 'other');
    await expect(unlink(person)).rejects.toThrow('is linked with no provider');
    await expect(unlink('nobody@corp.example')).rejects.toThrow('Nothing is known');
  });
});

describe('somebody whose organization vouches for them too, without a page', () => {
  const domain = 'vouched.example';
  let show: (person: string, more?: object) => Promise<Response>;
  beforeAll(async () => {
    const id = await newTenant(issuer);
    await operate(issuer, 'tenants add-domain', { id, domain });
    const from = { ...(await newIssuer(site)), url: outside.providers.issuerOf('other') };
    await trust(issuer, id, { issuer: from.url, jwks_uri: from.keysUrl });
    const { client_id, client_secret } = (await operate(issuer, 'clients add', {
      client_name: 'Assistant',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_basic',
    })) as { readonly client_id: string; readonly client_secret: string };
    show = async (person, more = {}) => {
      const claims = { ...idJagClaims(from, issuer, client_id), sub: person, ...more };
      const parameters = {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await signIdJag(from, claims),
      };
      return requestTokens(issuer, parameters, { ...newSourceIp(), ...basic(client_id, client_secret) });
    };
  });

  const vouchedSubject = async (response: Response) =>
    principalIn(((await response.json()) as { readonly access_token: string }).access_token).subject;

  test('is the same person, whichever of the two they came by first', async () => {
    const [one, two] = [newPerson(domain), newPerson(domain)];
    const window = await newWindow();
    await answered(window, { person: one }, 'other');
    const subject = await subjectOf(window, await proved(window, one));
    expect(await vouchedSubject(await show(one))).toBe(subject);
    const first = await vouchedSubject(await show(two, { email: two }));
    const later = await newWindow();
    expect(await subjectOf(later, await consentVia(later, { person: two }, 'other'))).toBe(first);
  });

  test('is nobody any more once everything was ended that a mailed code had proven', async () => {
    const person = newPerson(domain);
    const window = await newWindow();
    await answered(window, { person }, 'other');
    await proved(window, person);
    expect((await show(person)).status).toBe(200);
    await operate(issuer, 'people end-everything', { address: person });
    expect((await show(person, { email: person })).status).toBe(400);
  });
});

describe('a logout that a provider tells of, OpenID Connect Back-Channel Logout 1.0', () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const seconds = () => Math.floor(Date.now() / 1_000);

  function claimsAt(provider: string, more: object): Record<string, unknown> {
    const iat = seconds();
    const from = { iss: outside.providers.issuerOf(provider), aud: `vestibule-at-${provider}` };
    return { ...from, iat, exp: iat + 120, jti: randomUUID(), events, ...more };
  }

  function tell(logout_token: string, provider = 'corp', headers = newSourceIp()): Promise<Response> {
    const body = new URLSearchParams({ logout_token });
    return fetch(`${issuer}/authorize/provider/${provider}/logout`, { method: 'POST', headers, body });
  }

  async function told(more: object, order: Partial<LogoutOrder> = {}, provider = 'corp'): Promise<Response> {
    const claims = claimsAt(provider, more);
    return tell(await outside.providers.logoutToken({ typ: 'logout+jwt', ...order, claims }), provider);
  }

  async function signedInBy(person: string, sid?: string, provider = 'corp'): Promise<Window & { consent: Page }> {
    const window = await newWindow();
    const answer = await answered(window, { person, token: sid === undefined ? {} : { sid } }, provider);
    if (answer.status === 200) return { ...window, consent: await proved(window, person) };
    return { ...window, consent: await window.browser.open(answer.headers.get('location') ?? '') };
  }

  const isSignedIn = async ({ browser }: Pick<Window, 'browser'>) => (await browser.open('/account')).status === 200;

  test('ends what they began by it, in every browser, and nothing else', async () => {
    const [person, another] = [newPerson(), newPerson()];
    const byCode = await newWindow();
    await proved(byCode, person);
    const [one, two, other] = [await signedInBy(person), await signedInBy(person), await signedInBy(another)];
    const answer = await told({ sub: person });
    expect([answer.status, answer.headers.get('cache-control'), await answer.text()]).toEqual([200, 'no-store', '']);
    expect(await Promise.all([one, two, other, byCode].map(isSignedIn))).toEqual([false, false, true, true]);
    const decision = { ...one.fields, decision: 'approve', scope: 'profile:read' };
    expect((await one.browser.post('/authorize/consent', decision)).headers.get('location')).toBeNull();
    expect(isConsent(await consentVia(await newWindow(), { person }))).toBe(true);
  });

  test('ends what they began by it, however many sessions they had', async () => {
    const person = newPerson();
    const window = await signedInBy(person);
    await listManySessions(issuer, await subjectOf(window, window.consent));
    expect((await told({ sub: person })).status).toBe(200);
    expect(await isSignedIn(window)).toBe(false);
  });

  test.for([
    ['and the person', (sub: string, sid: string) => ({ sub, sid })],
    ['alone', (_sub: string, sid: string) => ({ sid })],
  ] as const)('that names a session %s ends what was begun in it', async ([, named]) => {
    const [person, sid] = [newPerson(), randomUUID()];
    const [meant, other] = [await signedInBy(person, sid), await signedInBy(person, randomUUID())];
    const unnamed = await signedInBy(person);
    expect((await told(named(person, sid))).status).toBe(200);
    expect(await Promise.all([meant, other, unnamed].map(isSignedIn))).toEqual([false, true, false]);
  });

  test('is acted on once, so that nobody is kept signed out by what was caught', async () => {
    const person = newPerson();
    const first = await signedInBy(person);
    const token = await outside.providers.logoutToken({ claims: claimsAt('corp', { sub: person }) });
    expect((await tell(token)).status).toBe(200);
    const second = await signedInBy(person);
    expect((await tell(token)).status).toBe(200);
    expect(await Promise.all([first, second].map(isSignedIn))).toEqual([false, true]);
  });

  test('is not taken for one of another provider that has the same id', async () => {
    const [one, two] = [newPerson(), newPerson()];
    const windows = [await signedInBy(one), await signedInBy(two, undefined, 'other')];
    const jti = randomUUID();
    expect((await told({ sub: one, jti })).status).toBe(200);
    expect((await told({ sub: two, jti }, {}, 'other')).status).toBe(200);
    expect(await Promise.all(windows.map(isSignedIn))).toEqual([false, false]);
  });

  test('of nobody who is known here is all right', async () => {
    expect((await told({ sub: newPerson() })).status).toBe(200);
    expect((await told({ sid: randomUUID() })).status).toBe(200);
  });

  describe('and a sign-in that waits for the code that proves its address', () => {
    /** Comes back from the provider, which does not vouch for the address, and has the code mailed. */
    async function waiting(person: string, sid?: string): Promise<Window> {
      const window = await newWindow();
      const token = sid === undefined ? {} : { sid };
      expect(heading(await answered(window, { person, token }, 'other'))).toBe(confirm);
      await mailed(window, person);
      return window;
    }

    const mailed = ({ browser, fields }: Window, email: string, more = {}) =>
      browser.post('/authorize/email', { ...fields, email, ...more });
    const typed = async ({ browser, fields }: Window, address: string) =>
      browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });

    async function expectEnded(window: Window, person: string): Promise<void> {
      expect(heading(await typed(window, person))).toBe('This sign-in has ended');
      expect(await isSignedIn(window)).toBe(false);
      expect(heading(await answered(await newWindow(), { person }, 'other'))).toBe(confirm);
    }

    test.for([
      ['the person', 'a session', ({ sub }: Named) => ({ sub })],
      ['their session', 'a session', ({ sid }: Named) => ({ sid })],
      ['both', 'a session', ({ sub, sid }: Named) => ({ sub, sid })],
      ['the person', 'no session', ({ sub }: Named) => ({ sub })],
      ['the person and a session', 'no session', ({ sub, sid }: Named) => ({ sub, sid })],
    ] as const)('ends when the provider names %s, and the answer named %s', async ([, kept, named]) => {
      const [person, sid] = [newPerson(), randomUUID()];
      const window = await waiting(person, kept === 'a session' ? sid : undefined);
      expect((await told(named({ sub: person, sid }), {}, 'other')).status).toBe(200);
      await expectEnded(window, person);
    });

    test('goes on when somebody else logs out, or they do in another session', async () => {
      const [person, sid] = [newPerson(), randomUUID()];
      const window = await waiting(person, sid);
      for (const more of [{ sub: newPerson() }, { sid: randomUUID() }, { sub: person, sid: randomUUID() }])
        expect((await told(more, {}, 'other')).status).toBe(200);
      expect(isConsent(await typed(window, person))).toBe(true);
    });

    test('that begins after the logout counts, though the same is told again', async () => {
      const person = newPerson();
      const token = await outside.providers.logoutToken({ claims: claimsAt('other', { sub: person }) });
      expect((await tell(token, 'other')).status).toBe(200);
      const window = await waiting(person);
      expect((await tell(token, 'other')).status).toBe(200);
      expect(isConsent(await typed(window, person))).toBe(true);
    });

    test.for<[string, (address: string) => Promise<unknown>]>([
      ['an operator ends everything', (address) => operate(issuer, 'people end-everything', { address })],
      [
        'an operator disables them for a while',
        async (address) => {
          await operate(issuer, 'people disable', { address });
          await operate(issuer, 'people enable', { address });
        },
      ],
      [
        'they sign out everywhere',
        async (address) => press(await openAccount(issuer, { address }), '/account/sign-out-everywhere'),
      ],
    ])('ends when %s, also with a code that is mailed later', async ([, end]) => {
      const person = await newMember();
      const window = await waiting(person);
      const late = await waiting(person);
      const code = await mailedCode(issuer, person);
      await end(person);
      expect(heading(await late.browser.post('/authorize/code', { ...late.fields, code }))).toBe(
        'This sign-in has ended',
      );
      await mailed(window, person, { mails: '1' });
      await expectEnded(window, person);
    });

    test('ends when their account is closed, even if the address is somebody else’s then', async () => {
      const person = await newMember();
      const window = await waiting(person);
      await operate(issuer, 'people delete', { address: person });
      await mailed(window, person, { mails: '1' });
      await expectEnded(window, person);
    });
  });

  test.for([undefined, 'JWT', 'LOGOUT+JWT', 'application/logout+jwt'])('is taken with typ %s', async (typ) => {
    const person = newPerson();
    const window = await signedInBy(person);
    expect((await told({ sub: person, aud: ['another', 'vestibule-at-corp'], exp: undefined }, { typ })).status).toBe(
      200,
    );
    expect(await isSignedIn(window)).toBe(false);
  });

  test('is taken with a key that is new', async () => {
    const person = newPerson();
    const window = await signedInBy(person);
    await outside.providers.order({ isRotated: true });
    expect((await told({ sub: person }, { signedWith: 'second' })).status).toBe(200);
    expect(await isSignedIn(window)).toBe(false);
    await outside.providers.order({});
  });

  describe('is refused, and ends nothing', () => {
    let person: string;
    let window: Window;
    beforeAll(async () => {
      person = newPerson();
      window = await signedInBy(person);
    });

    test.for<[string, object, Partial<LogoutOrder>?]>([
      ['of another type', {}, { typ: 'at+jwt' }],
      ['for another client', { aud: 'another' }],
      ['of another issuer', { iss: 'https://evil.example' }],
      ['without events', { events: undefined }],
      ['of another event', { events: { 'https://evil.example': {} } }],
      ['whose event is a text', { events: { 'http://schemas.openid.net/event/backchannel-logout': 'x' } }],
      ['with a nonce, as ID tokens have it', { nonce: 'x' }],
      ['of nobody', { sub: undefined }],
      ['of somebody without a name', { sub: '' }],
      ['without an id', { jti: undefined }],
      ['without a time', { iat: undefined }],
      ['from long ago', { iat: seconds() - 3_600, exp: undefined }],
      ['from the future', { iat: seconds() + 300 }],
      ['that has expired', { exp: seconds() - 300 }],
      ['signed by another', {}, { signedWith: 'foreign' }],
    ])('%s', async ([, more, order]) => {
      const answer = await told({ sub: person, ...more }, order);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([400, 'no-store']);
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
      expect(await isSignedIn(window)).toBe(true);
    });

    test('that is no signed token, none, or two', async () => {
      const unsigned = [{ alg: 'none' }, claimsAt('corp', { sub: person })].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      expect((await tell(`${unsigned.join('.')}.`)).status).toBe(400);
      expect((await tell('hello')).status).toBe(400);
      const url = `${issuer}/authorize/provider/corp/logout`;
      const token = await outside.providers.logoutToken({ claims: claimsAt('corp', { sub: person }) });
      for (const body of ['x=y', `logout_token=${token}&logout_token=${token}`]) {
        const form = { ...newSourceIp(), 'content-type': 'application/x-www-form-urlencoded' };
        expect((await fetch(url, { method: 'POST', headers: form, body })).status).toBe(400);
      }
      expect(await isSignedIn(window)).toBe(true);
    });

    test('at the path of another provider, of one that is down, or of none', async () => {
      const of = async (provider: string, at = provider) =>
        tell(await outside.providers.logoutToken({ claims: claimsAt(provider, { sub: person }) }), at);
      expect((await of('corp', 'other')).status).toBe(400);
      expect((await of('none')).status).toBe(404);
      const claims = claimsAt('down', { sub: person, aud: 'x' });
      expect((await tell(await outside.providers.logoutToken({ claims }), 'down')).status).toBe(503);
      expect(await isSignedIn(window)).toBe(true);
    });

    test('from a network that showed too many', async () => {
      const from = { ...newSourceIp(), ...tomorrowAt(5) };
      const statuses: number[] = [];
      for (let count = 0; count < 22; count += 1) statuses.push((await tell('x', 'corp', from)).status);
      expect(statuses.slice(0, 20)).toEqual(Array(20).fill(400));
      expect(statuses.at(-1)).toBe(429);
    });

    test('from a network that showed too many, where keys would have to be fetched for it', async () => {
      const later = { 'x-local-clock-offset': tomorrowAt(70)['x-local-clock-offset'] ?? '' };
      const iat = seconds() + Number(later['x-local-clock-offset']);
      const from = { ...newSourceIp(), ...later };
      const token = () =>
        outside.providers.logoutToken({ claims: claimsAt('corp', { sub: newPerson(), iat, exp: iat + 120 }) });
      expect((await tell(await token(), 'corp', { ...newSourceIp(), ...later })).status).toBe(200);
      for (let count = 0; count < 20; count += 1) await tell('x', 'corp', from);
      expect((await tell(await token(), 'corp', from)).status).toBe(200);
      await outside.providers.order({ signingKey: { kid: randomUUID() } });
      expect((await tell(await token(), 'corp', from)).status).toBe(429);
      expect((await tell(await token(), 'corp', { ...newSourceIp(), ...later })).status).toBe(200);
      await outside.providers.order({});
    });
  });

  test.for([
    ['corp', { sessions: 2, grants: 0 }],
    ['other', { sessions: 2, grants: 2 }],
  ] as const)('is in the audit of the tenant, with all that it ended: by %s', async ([provider, counts]) => {
    const person = newPerson();
    const windows = [await signedInBy(person, undefined, provider), await signedInBy(person, undefined, provider)];
    const [first, second] = windows as [(typeof windows)[0], (typeof windows)[0]];
    const tokens = [await tokenOf(first, first.consent), await tokenOf(second, second.consent)];
    expect((await told({ sub: person }, {}, provider)).status).toBe(200);
    const accepted = await Promise.all(tokens.map((token) => isAccepted(issuer, token)));
    expect(accepted.filter((isTaken) => !isTaken)).toHaveLength(counts.grants);
    const { tenant } = principalIn(tokens[0] ?? '');
    const trail = await trailOf(issuer, tenant);
    expect(trail.filter(({ event }) => event === 'provider_logout')).toEqual([
      expect.objectContaining({ provider, ...counts }),
    ]);
    const revoked = trail.filter(({ event }) => event === 'revocation');
    expect(revoked).toEqual(Array(counts.grants).fill(expect.objectContaining({ by: 'provider' })));
  });

  test('ends what they allowed to clients, too, where the settings say so', async () => {
    const [kept, ended] = [newPerson(), newPerson()];
    for (const [person, provider, isEnded] of [
      [kept, 'corp', false],
      [ended, 'other', true],
    ] as const) {
      const window = await signedInBy(person, undefined, provider);
      const token = await tokenOf(window, window.consent);
      expect((await told({ sub: person }, {}, provider)).status).toBe(200);
      expect(await isAccepted(issuer, token)).toBe(!isEnded);
      expect(await isSignedIn(window)).toBe(false);
    }
  });
});

describe('an address meets an account', () => {
  test('of a person who was here before, whose provider’s word is enough: they are the same', async () => {
    const person = await newMember();
    const before = await newWindow();
    const subject = await subjectOf(before, await proved(before, person));
    const window = await newWindow();
    expect(await subjectOf(window, await consentVia(window, { person }))).toBe(subject);
  });

  test.for([
    ['the provider’s word is not enough for it', 'other', {}],
    ['the provider says that it is not verified', 'corp', { email_verified: false }],
    ['the provider does not say that it is verified', 'corp', { email_verified: null }],
  ] as const)('%s: a mailed code proves it once', async ([, provider, account]) => {
    const person = await newMember();
    const window = await newWindow();
    const page = await answered(window, { person, account }, provider);
    expect(heading(page)).toBe(confirm);
    expect(page.headers.get('set-cookie')).toBeNull();
    expect((await window.browser.open('/account')).status).toBe(303);
    expect(isConsent(await proved(window, person))).toBe(true);
    const again = await newWindow();
    expect(isConsent(await consentVia(again, { person, account }, provider))).toBe(true);
  });

  test('nobody is made before the address is proven', async () => {
    const person = newPerson();
    await answered(await newWindow(), { person }, 'other');
    const owner = await newWindow();
    const subject = await subjectOf(owner, await proved(owner, person));
    const window = await newWindow();
    expect(heading(await answered(window, { person }, 'other'))).toBe(confirm);
    expect(await subjectOf(window, await proved(window, person))).toBe(subject);
  });

  test('a code to another address than the provider named links nothing', async () => {
    const [person, other] = [newPerson(), newPerson()];
    const window = await newWindow();
    await answered(window, { person }, 'other');
    expect(isConsent(await proved(window, other))).toBe(true);
    expect(heading(await answered(await newWindow(), { person }, 'other'))).toBe(confirm);
  });

  test('that somebody else at the provider has now, who is not the person it was before', async () => {
    const address = newPerson();
    await consentVia(await newWindow(), { person: address });
    const page = await answered(await newWindow(), { person: `new-${address}`, account: { email: address } });
    expect(page.html).toContain('Someone else at');
    expectFailure(page, 'recycled');
  });

  test('that mail cannot go to, or none', async () => {
    const account = { email: null };
    expectFailure(await answered(await newWindow(), { person: newPerson(), account }), 'noAddress');
  });
});

describe('an address as a provider writes it', () => {
  const named = (email: unknown) => ({ account: { email }, token: { email } });

  test('in capitals, in full width, with spaces around it or with a name is the same', async () => {
    const person = await newMember();
    const window = await newWindow();
    const subject = await subjectOf(window, await proved(window, person));
    const fullWidth = person.replace(/[a-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
    const written = [person.toUpperCase(), fullWidth, ` ${person} `, `Ada <${person}>`];
    for (const email of written) {
      const orders = { person: `known-${person}`, ...named(email) };
      const again = await newWindow();
      expect(await subjectOf(again, await consentVia(again, orders))).toBe(subject);
    }
  });

  test('with a tag, or with other dots, is another', async () => {
    const person = await newMember();
    const window = await newWindow();
    const subject = await subjectOf(window, await proved(window, person));
    for (const email of [person.replace('@', '+tag@'), person.replace('person', 'per.son')]) {
      const other = await newWindow();
      const page = await consentVia(other, { person: `other-${email}`, ...named(email) });
      expect(await subjectOf(other, page)).not.toBe(subject);
    }
  });

  test.for([
    ['with a look-alike letter', 'c\u043erp.example'],
    ['below it', 'sub.corp.example'],
    ['above it', 'corp.example.elsewhere.example'],
    ['that ends as it does', 'notcorp.example'],
  ])('of a domain %s of ours takes no word of the provider’s', async ([, domain = '']) => {
    const person = newPerson(domain);
    const page = await answered(await newWindow(), { person: `at-${domain}`, ...named(person) });
    expect(heading(page)).toBe(confirm);
  });

  test.for<[string, (person: string) => unknown]>([
    ['with another address in front', (person) => `"${person}"@evil.example`],
    ['with another domain behind', (person) => `${person}@evil.example`],
    ['of two people', (person) => `${person}, other@corp.example`],
    ['in a list', (person) => [person]],
    ['with a line break', (person) => person.replace('@', '\r\nBcc: evil@evil.example\r\n@')],
  ])('%s is none', async ([, written]) => {
    const person = await newMember();
    expectFailure(await answered(await newWindow(), { person: `x-${person}`, ...named(written(person)) }), 'noAddress');
  });
});

describe('an address that the ID token leaves out', () => {
  const token = { email: null, email_verified: null };

  test('is asked for', async () => {
    const person = newPerson();
    expect((await consentVia(await newWindow(), { person, token })).html).toContain(person);
  });

  test('counts as much as the answer says, whatever the token says of another', async () => {
    const person = newPerson();
    const fault = { path: '/me', status: 200, body: { sub: person, email: person, email_verified: false } };
    const page = await answered(await newWindow(), { person, token: { email: null }, fault });
    expect(heading(page)).toBe(confirm);
  });

  test('is not taken from what is about somebody else', async () => {
    const person = newPerson();
    const fault = { path: '/me', status: 200, body: { sub: 'another', email: newPerson(), email_verified: true } };
    expectFailure(await answered(await newWindow(), { person, token, fault }), 'userinfo is about somebody else');
  });
});

describe('what a client asks of the sign-in at a provider, OpenID Connect Core 1.0 §3.1.2.1', () => {
  const asking = (request: Record<string, string>, browser?: Browser) => outside.newWindow(browser, request);
  /** A time some seconds ago, when it is told. */
  const ago = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

  test.for<[string, Record<string, string>, Record<string, string | null>]>([
    ['how it is made', { acr_values: 'phr  phrh' }, { acr_values: 'phr phrh', max_age: null, prompt: null }],
    ['how old it may be', { max_age: '300' }, { max_age: '300', prompt: null }],
    ['that it is made anew', { prompt: 'login', max_age: '0' }, { prompt: 'login', max_age: '0' }],
    ['nothing, where there is no value', { acr_values: ' ', max_age: '' }, { acr_values: null, max_age: null }],
    [
      'nothing of what is not the provider’s business',
      { claims: '{"id_token":{"acr":{"essential":true}}}' },
      { claims: null, resource: null },
    ],
  ])('is passed on: %s', async ([, request, sentOn]) => {
    const { browser, fields } = await asking(request);
    const page = await browser.post('/authorize/provider', { ...fields, provider: 'corp' });
    const { searchParams } = new URL(page.headers.get('location') ?? '');
    expect(Object.fromEntries(Object.keys(sentOn).map((name) => [name, searchParams.get(name)]))).toEqual(sentOn);
  });

  test.for<[string, Record<string, string>, () => object]>([
    ['one of the values', { acr_values: 'phr phrh' }, () => ({ acr: 'phrh' })],
    ['recent enough', { max_age: '300' }, () => ({ auth_time: ago(200) })],
    ['with clocks that are a little apart', { max_age: '0' }, () => ({ auth_time: ago(20) })],
  ])('is met: %s', async ([, request, token]) => {
    const window = await asking(request);
    expect(isConsent(await consentVia(window, { person: newPerson(), token: { ...token() } }))).toBe(true);
  });

  test.for<[string, Record<string, string>, object, string]>([
    ['another value', { acr_values: 'phr phrh' }, { acr: 'pwd' }, 'acr is none of those'],
    ['a part of a value', { acr_values: 'phrh' }, { acr: 'phr' }, 'acr is none of those'],
    ['no value', { acr_values: 'phr' }, { acr: null }, 'acr is none of those'],
    ['a list', { acr_values: 'phr' }, { acr: ['phr'] }, 'acr is none of those'],
    ['too long ago', { max_age: '300' }, { auth_time: ago(3_600) }, 'auth_time is longer ago than max_age'],
    ['no time', { max_age: '300' }, { auth_time: null }, 'auth_time is missing'],
    ['a time that is a text', { max_age: '300' }, { auth_time: `${ago(0)}` }, 'auth_time is missing'],
  ])('is not met, by %s: the client is told so, by the person’s hand', async ([, request, token, why]) => {
    const window = await asking({ ...request, state: 'the state' });
    const page = await answered(window, { person: newPerson(), token: { ...token } });
    expect([page.status, page.headers.get('location'), page.headers.get('set-cookie')]).toEqual([400, null, null]);
    const { searchParams: told } = location(page);
    expect(Object.fromEntries(told)).toMatchObject({ state: 'the state', iss: issuer });
    expect(told.get('error')).toBe('unmet_authentication_requirements');
    expect(told.get('error_description')).toContain(why);
    expect((await window.browser.open('/account')).status).toBe(303);
    expect(outside.stack.logs()).toContain(`sign-in through corp: ${why}`);
  });

  test('is not met: a client of the operator is told at once', async () => {
    const { client_id } = (await operate(issuer, 'clients add', {
      client_name: 'Ours',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
    })) as { readonly client_id: string };
    const browser = new Browser(issuer, newSourceIp());
    const { challenge } = newPkce();
    const page = await browser.open(authorizePath(client_id, challenge, { acr_values: 'phr', state: 'x' }));
    const window = { browser, page, clientId: client_id, verifier: '', fields: hiddenFields(page) };
    const answer = await answered(window, { person: newPerson(), token: { acr: 'pwd' } });
    expect(answer.status).toBe(303);
    const to = new URL(answer.headers.get('location') ?? '');
    expect(`${to.origin}${to.pathname}`).toBe(callback);
    expect(to.searchParams.get('error')).toBe('unmet_authentication_requirements');
    expect(to.searchParams.has('code')).toBe(false);
  });

  test('is asked anew of a browser that is known: how its sign-in was made is not', async () => {
    const window = await newWindow();
    await consentVia(window, { person: newPerson() });
    expect(isConsent((await asking({}, window.browser)).page)).toBe(true);
    expect(isConsent((await asking({ acr_values: 'phr' }, window.browser)).page)).toBe(false);
  });
});

describe('what is refused, and changes nothing', () => {
  const later = () => Math.floor(Date.now() / 1_000);

  test.for<[string, Orders, string]>([
    ['a wrong nonce', { token: { nonce: 'another' } }, 'nonce is of another sign-in'],
    ['no nonce', { token: { nonce: null } }, 'nonce is missing'],
    ['a wrong issuer', { token: { iss: 'https://evil.example' } }, 'iss is https://evil.example'],
    ['an issuer that is no text', { token: { iss: 7 } }, 'iss is no text'],
    ['another audience', { token: { aud: 'another' } }, 'aud'],
    ['several audiences and no azp', { token: { aud: ['vestibule-at-corp', 'another'], azp: undefined } }, 'azp'],
    ['a token for another party', { token: { azp: 'another' } }, 'azp is another client'],
    ['a token that has expired', { token: { exp: later() - 300 } }, 'exp'],
    ['a token from the future', { token: { iat: later() + 300 } }, 'iat is in the future'],
    ['a token from long ago', { token: { iat: later() - 3_600 } }, 'iat is too long ago'],
    ['a token of another key', { signedWith: 'foreign' }, 'signature'],
    ['the hash of another access token', { token: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }, 'at_hash'],
    ['a token without a person', { token: { sub: null } }, 'sub'],
  ])('%s', async ([, orders, why]) => {
    const person = newPerson();
    const window = await newWindow();
    expectFailure(await answered(window, { person, ...orders }), why);
    expect((await window.browser.open('/account')).status).toBe(303);
    expect(isConsent(await consentVia(window, { person }))).toBe(true);
  });

  test('a person who says no there, and may then go another way', async () => {
    const window = await newWindow();
    const page = await answered(window, { person: 'nobody' });
    expectFailure(page, 'access_denied');
    expect(page.html).toContain('didn’t sign you in');
    expect(isConsent(await proved(window, newPerson()))).toBe(true);
  });

  test('an answer that was used before, in the same browser: the window goes on as it stands', async () => {
    const window = await newWindow();
    const answer = await sent(window, { person: newPerson() });
    expect((await window.browser.open(answer)).status).toBe(303);
    const again = await window.browser.open(answer);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(isConsent(await window.browser.open(again.headers.get('location') ?? ''))).toBe(true);
  });

  test('an answer that was used before and refused', async () => {
    const window = await newWindow();
    const answer = await sent(window, { person: newPerson(), token: { nonce: 'x' } });
    await window.browser.open(answer);
    expectFailure(await window.browser.open(answer), 'used before');
  });

  test('an answer in another browser, which signs nobody in: login CSRF', async () => {
    const attacker = await newWindow();
    const answer = await sent(attacker, { person: newPerson() });
    const victim = await newWindow();
    expectFailure(await victim.browser.open(answer), 'no sign-in of this state');
    expect((await victim.browser.open('/account')).status).toBe(303);
  });

  test('an answer in the same browser, which has lost the cookie of the window: login CSRF', async () => {
    const window = await newWindow();
    const answer = await sent(window, { person: newPerson() });
    window.browser.cookies.delete(`signin-${window.fields.transaction}`);
    expectFailure(await window.browser.open(answer), 'no sign-in of this state');
    expect((await window.browser.open('/account')).status).toBe(303);
  });

  test('the answer of one window in another of the same browser', async () => {
    const window = await newWindow();
    const other = await anotherWindow(window);
    const answer = new URL(await sent(window, { person: newPerson() }));
    const state = `${other.fields.transaction}.${answer.searchParams.get('state')?.split('.')[1]}`;
    answer.searchParams.set('state', state);
    expectFailure(await window.browser.open(answer.href), 'not sent to this provider');
  });

  test('an answer to another provider’s path', async () => {
    const window = await newWindow();
    const answer = new URL(await sent(window, { person: newPerson() }));
    answer.pathname = '/authorize/provider/other';
    expectFailure(await window.browser.open(answer.href), 'not sent to this provider');
  });

  test.for([
    ['of another issuer', 'https://evil.example', 'the answer is of another issuer'],
    ['of one whose name is cut within a character', `https://${'x'.repeat(191)}😀`, 'the answer is of another issuer'],
    ['that names no issuer', null, 'names no issuer'],
  ] as const)('an answer %s', async ([, iss, why]) => {
    const window = await newWindow();
    const answer = new URL(await sent(window, { person: newPerson() }));
    if (iss === null) answer.searchParams.delete('iss');
    else answer.searchParams.set('iss', iss);
    expectFailure(await window.browser.open(answer.href), why);
  });

  test('a code of somebody else’s sign-in, for which the verifier is another', async () => {
    const other = new URL(await sent(await newWindow(), { person: newPerson() }));
    const window = await newWindow();
    const answer = new URL(await sent(window, { person: newPerson() }));
    answer.searchParams.set('code', other.searchParams.get('code') ?? '');
    expectFailure(await window.browser.open(answer.href), 'invalid_grant');
  });

  test('a provider that is down, for which there is no secret, or that the settings do not name', async () => {
    const { browser, fields } = await newWindow();
    const page = await browser.post('/authorize/provider', { ...fields, provider: 'down' });
    expect(heading(page)).toBe(failedTitle);
    const none = await browser.post('/authorize/provider', { ...fields, provider: 'none' });
    expect(none.status).toBe(404);
  });

  test.for<[string, NonNullable<Orders['fault']>, number, string?]>([
    ['out of order', { path: '/token', status: 503 }, 503],
    [
      'refusing us',
      { path: '/token', status: 401, body: { error: 'invalid_client' } },
      502,
      'refused the code: invalid_client',
    ],
    ['saying something else', { path: '/token', status: 200, body: 'hello' }, 502],
    [
      'saying too much',
      { path: '/token', status: 200, body: { id_token: 'x'.repeat(300_000) } },
      502,
      'is larger than',
    ],
    ['slower than anybody waits', { path: '/token', waitMilliseconds: 5_500, status: 503 }, 503],
  ])('a provider that is %s', async ([, fault, status, why = '/token']) => {
    const window = await newWindow();
    const answer = await sent(window, { person: newPerson() });
    await outside.providers.order({ fault });
    const page = await window.browser.open(answer);
    expect(page.status).toBe(status);
    expectFailure(page, why);
  });
});

test('a key that is changed in the middle is read again', async () => {
  await consentVia(await newWindow(), { person: newPerson() });
  expect(isConsent(await consentVia(await newWindow(), { person: newPerson(), isRotated: true }))).toBe(true);
  expect(isConsent(await consentVia(await newWindow(), { person: newPerson() }))).toBe(true);
});

test('clocks may be a little apart', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const token = { iat: now + 40, exp: now - 20 };
  expect(isConsent(await consentVia(await newWindow(), { person: newPerson(), token }))).toBe(true);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examine } from '../cli/doctor-process.ts';
import { operate } from '../support/admin-lambda.ts';
import { heading, location, type Page } from '../support/browser.ts';
import { approve } from '../support/flow.ts';
import type { Orders } from '../support/outside.ts';
import { startOutsideStack, type Window } from '../support/outside-stack.ts';
import { principalIn } from '../support/people.ts';
import { redeemed, redemptionOf } from '../support/redemption.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const CLOSED = '22222222-2222-3333-4444-555555555555';
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';
const ADMINS = '5f0e1c2a-0000-0000-0000-000000000000';

const allowed = ['corp', 'entra', 'many', 'closed', 'personal', 'elsewhere'].map((name) => `${name}.example`);

let outside: Awaited<ReturnType<typeof startOutsideStack>>;
let issuer: string;

beforeAll(async () => {
  const entra = { kind: 'entra', clientId: 'vestibule-at-entra' } as const;
  outside = await startOutsideStack({
    more: { corp: { domains: ['corp.example'] } },
    signIn: { allowedDomains: allowed },
    imitated: [
      { id: 'github', name: 'GitHub', kind: 'github', clientId: 'vestibule-at-github' },
      {
        ...entra,
        id: 'entra',
        name: 'Microsoft',
        path: `/${TENANT}/v2.0`,
        domains: ['entra.example'],
        groups: { rules: [{ value: ADMINS, tenant: 'directory', role: 'admin' }], others: 'allow' },
      },
      {
        ...entra,
        id: 'many',
        name: 'Many',
        path: '/organizations/v2.0',
        organizations: [TENANT],
        domains: ['many.example'],
      },
      { ...entra, id: 'misspelt', name: 'Misspelt', kind: 'oidc', path: '/Organizations' },
      { ...entra, id: 'keyless', name: 'Keyless', kind: 'apple', path: '/apple/v2.0', teamId: 'TEAM', keyId: 'KEY' },
      {
        ...entra,
        id: 'closed',
        name: 'Closed',
        path: `/${CLOSED}/v2.0`,
        domains: ['closed.example'],
        groups: { rules: [{ value: ADMINS, tenant: 'closed', role: 'admin' }] },
      },
      { ...entra, id: 'personal', name: 'Personal', path: '/consumers/v2.0' },
    ],
  });
  issuer = outside.stack.issuer;
});

afterAll(() => outside?.stop());

const newPerson = (domain?: string) => outside.newPerson(domain);
const newWindow = () => outside.newWindow();
const answered = (window: Window, orders: Orders, provider: string) => outside.answered(window, orders, provider);
const isConsent = (page: Page) => page.html.includes('value="approve"');
const confirm = 'Confirm your email address';

/** Comes by a provider to the consent page, with a mailed code where that is asked for, and gives who the token names. */
async function subjectBy(provider: string, orders: Orders, address?: string): Promise<string> {
  const window = await newWindow();
  const answer = await answered(window, orders, provider);
  expect(answer.status, heading(answer)).toBe(address === undefined ? 303 : 200);
  const page =
    address === undefined
      ? await window.browser.open(answer.headers.get('location') ?? '')
      : await outside.proved(window, address);
  const redirect = await approve(window.browser, { page, fields: window.fields });
  return principalIn((await redeemed(issuer, redemptionOf(window, redirect))).access_token).subject;
}

/** Expects the page that says that it did not work, nobody signed in, and this in the log. */
async function expectRefused(provider: string, orders: Orders, why: string, status?: number): Promise<Page> {
  const window = await newWindow();
  const page = await answered(window, orders, provider);
  const [, reference = 'none'] = /<code>([^<]+)<\/code>/.exec(page.html) ?? [];
  const isOfPage = (one: string) => one.includes(`"${reference}"`) && one.includes('sign-in through');
  expect(outside.stack.logs().split('\n').find(isOfPage)).toContain(why);
  if (status !== undefined) expect(page.status).toBe(status);
  expect((await window.browser.open('/account')).status).toBe(303);
  return page;
}

describe('GitHub', () => {
  const emails = (...listed: readonly (readonly [email: string, primary: boolean, verified: boolean])[]) => ({
    emails: listed.map(([email, primary, verified]) => ({ email, primary, verified, visibility: null })),
  });

  test('is asked for the account, whose address a code proves once, though its profile shows none', async () => {
    const person = newPerson();
    const account = emails(['old@corp.example', false, true], [person, true, true], ['x@corp.example', false, false]);
    const subject = await subjectBy('github', { person, account }, person);
    expect(await subjectBy('github', { person, account })).toBe(subject);
  });

  test('knows an account by its number, whatever its address becomes, and another by none that it had', async () => {
    const person = newPerson();
    const subject = await subjectBy('github', { person }, person);
    for (const account of [emails([newPerson(), true, true]), emails(), emails([person, true, false])])
      expect(await subjectBy('github', { person, account })).toBe(subject);
    const other = { person: `other-${person}`, account: emails([person, true, true]) };
    expect((await expectRefused('github', other, 'recycled')).html).toContain('Someone else at');
  });

  test.for<[string, Orders, string, number?]>([
    ['has not verified its address', { account: emails(['a@corp.example', true, false]) }, 'noAddress', 403],
    [
      'has verified another than its primary address',
      { account: emails(['a@corp.example', false, true], ['b@corp.example', true, false]) },
      'noAddress',
    ],
    ['has no address', { account: emails() }, 'noAddress'],
    ['belongs to somebody who says no', { person: 'nobody' }, 'it answered access_denied', 403],
    ['has no number', { account: { id: 'octocat' } }, 'does not say who signed in', 502],
    ['is asked for in vain: 503', { fault: { path: '/user', status: 503 } }, 'it answered with status 503', 503],
    [
      'is asked for too often',
      { fault: { path: '/user', status: 403, body: { message: 'API rate limit exceeded' } } },
      'does not say who signed in',
      502,
    ],
    [
      'is asked for by a token that was taken back',
      { fault: { path: '/user', status: 401, body: { message: 'Bad credentials' } } },
      'does not say who',
      502,
    ],
    ['is not told of in JSON', { fault: { path: '/user/emails', status: 200, body: 'hello' } }, 'noAddress'],
    [
      'has addresses that cannot be had',
      { fault: { path: '/user/emails', status: 500 } },
      '/user/emails: it answered with status 500',
      503,
    ],
    ['is slower than anybody waits', { fault: { path: '/user', waitMilliseconds: 5_500 } }, '/user: ', 503],
  ])('signs nobody in whose account %s', async ([, orders, why, status]) => {
    await expectRefused('github', { person: newPerson(), ...orders }, why, status);
  });

  test.for(['bad_verification_code', 'incorrect_client_credentials', 'redirect_uri_mismatch'])(
    'says with status 200 that a code is none: %s',
    async (error) => {
      const fault = { path: '/access_token', status: 200, body: { error, error_description: 'No' } };
      await expectRefused('github', { person: newPerson(), fault }, `refused the code: ${error}`, 502);
    },
  );

  test('says nothing of how or when somebody signed in there, so that no client is told that it is as asked', async () => {
    for (const request of [{ max_age: '600' }, { acr_values: 'phr' }]) {
      const window = await outside.newWindow(undefined, request);
      const { searchParams } = location(await answered(window, { person: newPerson() }, 'github'));
      expect(searchParams.get('error')).toBe('unmet_authentication_requirements');
      expect((await window.browser.open('/account')).status).toBe(303);
    }
  });

  test('gives a code to the window alone that asked for it', async () => {
    const other = new URL(await outside.sent(await newWindow(), { person: newPerson() }, 'github'));
    const window = await newWindow();
    const answer = new URL(await outside.sent(window, { person: newPerson() }, 'github'));
    answer.searchParams.set('code', other.searchParams.get('code') ?? '');
    expect((await window.browser.open(answer.href)).status).toBe(502);
    expect((await window.browser.open('/account')).status).toBe(303);
  });
});

describe('Entra, for one tenant', () => {
  test('signs in who has an address of its domains, and knows them by oid whatever it calls them later', async () => {
    const person = newPerson('entra.example');
    const subject = await subjectBy('entra', { person });
    const token = { email: newPerson('entra.example'), sub: 'another', preferred_username: 'renamed' };
    expect(await subjectBy('entra', { person, token })).toBe(subject);
  });

  test('is asked for an address that the ID token leaves out', async () => {
    const person = newPerson('entra.example');
    await subjectBy('entra', { person, token: { email: null }, account: { email: person } });
  });

  test.for<[string, string, Readonly<Record<string, unknown>>]>([
    ['of a guest', 'entra.example', { acct: 1 }],
    ['of another domain', 'elsewhere.example', {}],
    ['that it says itself is not verified', 'entra.example', { email_verified: false }],
  ])('an address %s is proven by a code', async ([, domain, token]) => {
    const person = newPerson(domain);
    await outside.proved(await newWindow(), person);
    const window = await newWindow();
    expect(heading(await answered(window, { person, token: { ...token } }, 'entra'))).toBe(confirm);
    expect(isConsent(await outside.proved(window, person))).toBe(true);
  });

  test.for<[string, Orders, string]>([
    ['of another tenant', { token: { tid: '99999999-2222-3333-4444-555555555555' } }, 'iss is '],
    ['without oid', { token: { oid: null } }, 'oid is missing'],
    ['signed by another', { signedWith: 'foreign' }, 'signature'],
    ['of a person who says no', { person: 'nobody' }, 'it answered access_denied'],
    [
      'that it does not give',
      { fault: { path: '/token', status: 400, body: { error: 'invalid_grant', error_codes: [54005] } } },
      'refused the code: invalid_grant',
    ],
    [
      'whose secret has expired',
      { fault: { path: '/token', status: 401, body: { error: 'invalid_client' } } },
      'refused the code: invalid_client',
    ],
  ])('signs nobody in by a token %s', async ([, orders, why]) => {
    await expectRefused('entra', { person: newPerson('entra.example'), ...orders }, why);
  });

  test('takes groups by their ids, and does not take too many of them for none', async () => {
    await operate(issuer, 'tenants add', { id: 'directory' });
    const person = newPerson('entra.example');
    await subjectBy('entra', { person, token: { groups: ['another', ADMINS] } });
    const role = async () => ((await operate(issuer, 'people show', { address: person })) as { role: string }).role;
    expect(await role()).toBe('admin');
    const left = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } };
    await expectRefused('entra', { person, token: left }, 'too many groups');
    expect(await role()).toBe('admin');
  });
});

describe('a provider whose groups keep everybody else out', () => {
  const token = (...groups: readonly string[]) => ({ tid: CLOSED, groups });
  const shown = (address: string) => operate(issuer, 'people show', { address });
  beforeAll(() => operate(issuer, 'tenants add', { id: 'closed' }));

  test.for<[string, readonly string[]]>([
    ['no group', []],
    ['another group', ['another']],
    ['a group that begins as theirs', [`${ADMINS}0`]],
  ])('lets in nobody with %s, and makes nobody of them', async ([, groups]) => {
    const person = newPerson('closed.example');
    await expectRefused('closed', { person, token: token(...groups) }, 'names no group of the settings', 403);
    await expect(shown(person)).rejects.toThrow('Nothing is known');
  });

  test('keeps out who has lost the group, as a member', async () => {
    const person = newPerson('closed.example');
    await subjectBy('closed', { person, token: token('another', ADMINS) });
    expect(await shown(person)).toMatchObject({ tenant: 'closed', role: 'admin' });
    await expectRefused('closed', { person, token: token() }, 'names no group of the settings', 403);
    expect(await shown(person)).toMatchObject({ tenant: 'closed', role: 'member' });
  });
});

test.for(['github', 'entra', 'many', 'corp'])('%s signs in nobody whom the settings keep out', async (provider) => {
  const person = newPerson('barred.example');
  await expectRefused(provider, { person, token: { xms_edov: true, groups: [ADMINS] } }, 'do not let the address', 403);
  await expect(operate(issuer, 'people show', { address: person })).rejects.toThrow('Nothing is known');
});

describe('Entra, for many tenants', () => {
  test.for<[string, Readonly<Record<string, unknown>>]>([
    ['xms_edov', { xms_edov: true }],
    ['xms_edov as a text', { xms_edov: '1' }],
    ['verified_primary_email', {}],
  ])('signs in who has a proven address: %s', async ([name, token]) => {
    const person = newPerson('many.example');
    const proof = name === 'verified_primary_email' ? { verified_primary_email: [person.toUpperCase()] } : token;
    const subject = await subjectBy('many', { person, token: { ...proof } });
    expect(await subjectBy('many', { person })).toBe(subject);
  });

  test.for<[string, Readonly<Record<string, unknown>>]>([
    ['that nothing proves: nOAuth', {}],
    ['whose domain is not the tenant’s', { xms_edov: false }],
    ['beside another that is proven', { verified_primary_email: ['another@many.example'] }],
    ['of a guest', { xms_edov: true, acct: 1 }],
    ['that only email_verified speaks for', { email_verified: true }],
  ])('an address %s meets no account: a code proves it', async ([, token]) => {
    const person = newPerson('many.example');
    await outside.proved(await newWindow(), person);
    expect(heading(await answered(await newWindow(), { person, token: { ...token } }, 'many'))).toBe(confirm);
  });

  test.for<[string, Orders, string]>([
    [
      'of a tenant that the settings do not name',
      { token: { tid: '99999999-2222-3333-4444-555555555555' } },
      'not named in the settings',
    ],
    ['of personal accounts', { token: { tid: CONSUMERS } }, 'not named in the settings'],
    ['whose issuer and tid are two tenants', { token: { iss: '', tid: TENANT } }, 'its key signs for another issuer'],
    ['whose tid is no tenant', { token: { tid: '{tenantid}' } }, 'iss is'],
  ])('signs nobody in %s', async ([, orders, why]) => {
    await expectRefused('many', { person: newPerson('many.example'), ...orders }, why);
  });
});

describe('a key that names the issuer that it signs for', () => {
  const at = (tenant: string) => `{origin}/${tenant}/v2.0`;
  const OTHER = '99999999-2222-3333-4444-555555555555';
  /** A key that the provider has not shown before, so that its key set is read anew. */
  const by = (issuer?: string) => ({ kid: randomUUID(), ...(issuer !== undefined && { issuer }) });
  const proven = { xms_edov: true };

  test.for<[string, string, string | undefined]>([
    ['the tenant', 'many', at(TENANT)],
    ['any tenant', 'many', at('{tenantid}')],
    ['nothing', 'many', undefined],
    ['the tenant', 'entra', at(TENANT)],
    ['any tenant', 'entra', at('{tenantid}')],
    ['the issuer', 'corp', '{origin}'],
  ])('signs in who comes by it: it names %s, of %s', async ([, provider, issuer]) => {
    const person = newPerson(`${provider}.example`);
    const orders = { person, token: { ...proven }, signingKey: by(issuer) };
    expect((await answered(await newWindow(), orders, provider)).status).toBe(303);
  });

  test.for<[string, string, string, object?]>([
    ['another tenant', 'many', at(OTHER)],
    ['another tenant, with any tenant’s tid', 'many', at(OTHER), { tid: TENANT }],
    ['any tenant of another place', 'many', 'https://evil.example/{tenantid}/v2.0'],
    ['another tenant', 'entra', at(OTHER)],
    ['another issuer', 'corp', 'https://evil.example'],
    ['the same issuer with a slash', 'corp', '{origin}/'],
  ])('signs nobody in for another: it names %s, of %s', async ([, provider, issuer, token = {}]) => {
    const orders = { person: newPerson(`${provider}.example`), token: { ...proven, ...token }, signingKey: by(issuer) };
    await expectRefused(provider, orders, 'its key signs for another issuer', 502);
  });
});

test('Entra for personal accounts names the one tenant that they are, and their address is proven by a code', async () => {
  const person = newPerson('personal.example');
  const orders = { person, token: { tid: CONSUMERS } };
  const subject = await subjectBy('personal', orders, person);
  expect(await subjectBy('personal', orders)).toBe(subject);
});

test('doctor says of each provider that nobody can be sent to what is wrong, and what to do', async () => {
  await outside.providers.order({});
  const { checks } = await examine(['--url', issuer]);
  const check = checks.find(({ name }) => name === 'outside providers');
  expect(check?.says).toMatch(/misspelt: its issuer has no metadata that this server can use: reference \S+/);
  expect(check?.says).toMatch(/keyless: its secret in SSM is no private key as Apple’s .p8 files have it: reference/);
  expect(check?.says).not.toMatch(/github|entra:|many|personal|corp/);
  expect(check?.remedy).toContain('.well-known/openid-configuration below it');
  expect(check?.remedy).toContain('the whole text of the file');
});

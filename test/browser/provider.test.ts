import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { browserOfFile } from '../support/chromium.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
import { authorizePath, mailedCode, newPkce, newSourceIp, register } from '../support/flow.ts';
import { languages, look, looksAt, patience } from '../support/looks.ts';
import { startOutsideStack } from '../support/outside-stack.ts';
import { everyProviderPage } from '../support/provider-pages.ts';

let site: ClientSite;
let outside: Awaited<ReturnType<typeof startOutsideStack>>;
const chrome = browserOfFile();

const DIRECTORY = '11111111-2222-3333-4444-555555555555';
const LONG_NAME = 'Rechtsschutzversicherungsgesellschaften';

beforeAll(async () => {
  const more = { corp: { domains: ['corp.example'] }, apple: { kind: 'apple', teamId: 'TEAM', keyId: 'KEY' } };
  const allowedDomains = ['corp.example', 'elsewhere.example', 'example.com', 'privaterelay.appleid.com'];
  const imitated = [
    { id: 'github', name: 'GitHub', kind: 'github', clientId: 'vestibule-at-github' },
    { id: 'entra', name: 'Microsoft', kind: 'entra', clientId: 'vestibule-at-entra', path: `/${DIRECTORY}/v2.0` },
    { id: 'long', name: LONG_NAME, kind: 'oidc', clientId: 'vestibule-at-long', path: '/long' },
  ] as const;
  site = await startClientSite();
  outside = await startOutsideStack({ more, imitated, signIn: { allowedDomains }, hosts: [site.host] });
});

afterAll(async () => {
  await outside?.stop();
  await site?.stop();
});

/** A page of a new browser on which a new client has begun. Other servers than ours are sent no header of the test. */
async function newPage() {
  const context = await (await chrome()).newContext();
  onTestFinished(() => context.close());
  context.setDefaultTimeout(15_000);
  const { issuer } = outside.stack;
  const ip = newSourceIp();
  await context.route(`${issuer}/**`, (route) => route.continue({ headers: { ...route.request().headers(), ...ip } }));
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  const { client_id: clientId } = await register(issuer);
  await page.goto(issuer + authorizePath(clientId, newPkce().challenge));
  return { page, complaints };
}

/** Signs in on the provider's own pages, and lets it tell us. */
async function signInThere(page: Awaited<ReturnType<typeof newPage>>['page'], person: string): Promise<void> {
  await page.locator('input[name=login]').fill(person);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('a person signs in on the pages of a provider, and comes back to the consent page', async () => {
  await outside.providers.order({});
  const { page, complaints } = await newPage();
  const boxes = await Promise.all(
    (await page.locator('button[name=provider], button.main').all()).map((one) => one.boundingBox()),
  );
  expect(boxes.length).toBeGreaterThan(3);
  expect(new Set(boxes.map((box) => box?.width)).size).toBe(1);
  await page.getByRole('button', { name: 'Continue with Corp' }).click();
  expect(new URL(page.url()).origin).toBe(outside.providers.issuerOf('corp'));
  await signInThere(page, 'ada@corp.example');
  await page.locator('button[value=approve]').waitFor();
  expect(await page.getByText('ada@corp.example').count()).toBe(1);
  expect(complaints).toEqual([]);
});

test('an answer that a page of the provider posts, without our cookies, comes to the same window', async () => {
  await outside.providers.order({ account: { email: 'grace@privaterelay.appleid.com', email_verified: 'true' } });
  const { page } = await newPage();
  await page.getByRole('button', { name: 'Continue with Apple' }).click();
  await signInThere(page, 'grace');
  await page.locator('button[value=approve]').waitFor();
  expect(await page.getByText('grace@privaterelay.appleid.com').count()).toBe(1);
});

test('somebody whose address the provider cannot vouch for types a code once', async () => {
  await outside.providers.order({});
  const { page } = await newPage();
  await page.getByRole('button', { name: 'Continue with Other' }).click();
  await signInThere(page, 'joan@elsewhere.example');
  await page.getByRole('button', { name: 'Email me a code' }).click();
  await page.locator('input[name=code]').fill(await mailedCode(outside.stack.issuer, 'joan@elsewhere.example'));
  await page.keyboard.press('Enter');
  await page.locator('button[value=approve]').waitFor();
});

test('somebody who cancels at the provider reads so, in their language, and may go another way', async () => {
  await outside.providers.order({ person: 'nobody' });
  const { page } = await newPage();
  await page.getByRole('button', { name: 'Continue with Corp' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').getAttribute('class')).toBe('warn');
  expect(await page.title()).toContain('Your organization’s sign-in didn’t work');
  await page.getByRole('button', { name: 'Sign in another way' }).click();
  await page.locator('input[name=email]').waitFor();
});

test.for(languages)(
  'every page about a provider is in %s, passes axe and fits a phone',
  { timeout: patience },
  async (language) => {
    const shown = await everyProviderPage(outside, site, language);
    for (const { name, html } of shown)
      expect([name, /<html lang="([^"]*)"/.exec(html)?.[1]]).toEqual([name, language]);
    const check = language === 'en';
    const found = await Promise.all(looksAt(language).map((one) => look(shown, { chrome, language, one, check })));
    expect(found.flat().filter(([, violations, isCrooked]) => violations.length > 0 || isCrooked)).toEqual([]);
  },
);

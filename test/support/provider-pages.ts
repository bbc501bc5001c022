import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { formsOf, openAccount } from './account-page.ts';
import { Browser, type Page } from './browser.ts';
import type { ClientSite } from './client-site.ts';
import {
  authorizePath,
  callback,
  mailedCode,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
} from './flow.ts';
import type { Orders } from './outside.ts';
import type { startOutsideStack } from './outside-stack.ts';
import type { Shown } from './pages.ts';
import { newProofKey, proving } from './proofs.ts';
import { newRedemption, redeemed } from './redemption.ts';
import { newReviewer } from './reviewers.ts';

type Outside = Awaited<ReturnType<typeof startOutsideStack>>;
type Kept = { readonly shown: Shown[]; readonly newBrowser: () => Browser; readonly issuer: string };

const icon = readFileSync(new URL('icon.png', import.meta.url));

/**
 * Every page and mail about sign-in through a provider, in the language that a browser asks for, and those of a client
 * with a picture, of one with a key, and of a reviewer. One of the stack's providers is `other`, which vouches for no
 * address, and `foreign.example` may not sign in.
 */
export async function everyProviderPage(
  outside: Outside,
  site: ClientSite,
  language: string,
): Promise<readonly Shown[]> {
  const { issuer } = outside.stack;
  const newBrowser = () => new Browser(issuer, { ...newSourceIp(), 'accept-language': language });
  const kept = { shown: [], newBrowser, issuer };
  await throughProviders(outside, kept);
  await linking(outside, kept);
  await picturedClient(site, kept);
  await boundClient(kept);
  await reviewing(kept);
  return kept.shown;
}

function keep({ shown }: Kept, name: string, { html }: Page): void {
  shown.push({ name, html });
}

async function throughProviders(outside: Outside, kept: Kept): Promise<void> {
  const newWindow = () => outside.newWindow(kept.newBrowser());
  const answer = async (name: string, orders: Orders) =>
    keep(kept, name, await outside.answered(await newWindow(), orders));
  const person = outside.newPerson();
  keep(kept, 'provider-buttons', (await newWindow()).page);
  await answer('provider-failed', { person, token: { nonce: 'x' } });
  await answer('provider-stopped', { person: 'nobody' });
  await answer('provider-no-address', { person, account: { email: null } });
  await answer('provider-not-allowed', { person: 'ada@foreign.example' });
  await outside.consentVia(await newWindow(), { person });
  await answer('provider-recycled', { person: `new-${person}`, account: { email: person } });
  const window = await newWindow();
  const back = await outside.sent(window, { person });
  keep(kept, 'provider-other-window', await kept.newBrowser().open(back));
  await outside.providers.order({ fault: { path: '/token', status: 503 } });
  keep(kept, 'provider-unreachable', await window.browser.open(back));
}

/** Somebody who has an account comes through a provider that cannot vouch for their address. */
async function linking(outside: Outside, kept: Kept): Promise<void> {
  const person = outside.newPerson('elsewhere.example');
  await outside.proved(await outside.newWindow(kept.newBrowser()), person);
  const window = await outside.newWindow(kept.newBrowser());
  keep(kept, 'provider-prove', await outside.answered(window, { person }, 'other'));
  await window.browser.post('/authorize/email', { ...window.fields, email: person });
  await window.browser.post('/authorize/code', { ...window.fields, code: await mailedCode(kept.issuer, person) });
  const notices = async () =>
    (await mailsTo(kept.issuer, person)).filter(({ subject }) => !/^\w{4}-\w{4}/.test(subject));
  const { html, text } = await vi.waitUntil(async () => (await notices())[0], { timeout: 30_000 });
  kept.shown.push({ name: 'mail-notice-linked', html, text });
}

/** The picture is put into the page, which has nowhere to take it from later. */
async function picturedClient(site: ClientSite, kept: Kept): Promise<void> {
  const logo_uri = site.serve('/logo', (_, response) => void response.end(icon));
  const id = site.publish({ redirect_uris: [callback], client_name: 'Clever Client', logo_uri });
  const browser = kept.newBrowser();
  const first = await browser.open(authorizePath(id, newPkce().challenge));
  const { page } = await reachConsent(kept.issuer, browser, first);
  expect(page.html).toContain('src="/authorize/logo');
  const picture = `src="data:image/png;base64,${icon.toString('base64')}"`;
  keep(kept, 'consent-published', { ...page, html: page.html.replace(/src="\/authorize\/logo[^"]*"/, picture) });
}

async function boundClient(kept: Kept): Promise<void> {
  const address = newAddress();
  const redemption = await newRedemption(kept.issuer, { client_name: 'Clever Client' }, { address });
  await redeemed(kept.issuer, redemption, {}, await proving(await newProofKey(), { url: `${kept.issuer}/token` }));
  const { page } = await openAccount(kept.issuer, { address, browser: kept.newBrowser() });
  keep(kept, 'account-bound', page);
}

async function reviewing(kept: Kept): Promise<void> {
  const { address, password } = await newReviewer(kept.issuer);
  const browser = kept.newBrowser();
  const first = await browser.open('/account/sign-in');
  const [{ fields } = { fields: {} }] = formsOf(first);
  await browser.post('/authorize/email', { ...fields, email: address });
  await browser.post('/authorize/code', { ...fields, code: password });
  keep(kept, 'reviewer-account', await browser.open('/account'));
  keep(kept, 'reviewer-passkeys', await browser.open('/account/passkeys'));
  keep(kept, 'reviewer-delete', await browser.open('/account/delete'));
}

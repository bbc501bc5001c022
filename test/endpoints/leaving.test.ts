import { describe, expect, inject, test } from 'vitest';
import { Browser, heading, location, type Page } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';

const issuer = inject('issuer');

/** Requests of a client that fail before anybody did anything, with the error that its client is told. */
const failing: [string, Record<string, string | undefined>][] = [
  ['login_required', { prompt: 'none' }],
  ['invalid_request', { code_challenge: undefined }],
  ['invalid_request', { prompt: 'none login' }],
  ['invalid_request', { max_age: 'soon' }],
  ['invalid_target', { resource: 'https://other.example/mcp' }],
  ['invalid_scope', { scope: 'a'.repeat(1_001) }],
  ['unsupported_response_type', { response_type: 'token' }],
  ['request_not_supported', { request: 'e30.e30.' }],
];

function ask(
  clientId: string,
  changes: Record<string, string | undefined>,
  browser = new Browser(issuer, newSourceIp()),
) {
  return browser.open(authorizePath(clientId, newPkce().challenge, changes));
}

/** Nobody is sent anywhere: one button leads on, to where the answer would have gone. */
function expectLeaving(page: Page, error: string): void {
  expect(page.headers.has('location')).toBe(false);
  expect(page.headers.has('refresh')).toBe(false);
  expect(heading(page)).toBe('This request can’t be completed');
  expect(page.html.match(/<a |<button|<form/g)).toEqual(['<a ']);
  expectAnswer(location(page), error);
}

function expectAnswer(target: URL, error: string): void {
  expect(target.href.startsWith(`${callback}?`)).toBe(true);
  const answer = ['error', 'state', 'iss'].map((name) => target.searchParams.getAll(name));
  expect(answer).toEqual([[error], ['the-state'], [issuer]]);
}

describe('a request that fails before anybody did anything, RFC 9700 §4.11.2', () => {
  test.for(failing)('stays on a page, for a client that registered itself: %s for %j', async ([error, changes]) => {
    const { client_id } = await register(issuer);
    expectLeaving(await ask(client_id, changes), error);
  });

  test('stays on a page for somebody who is known here, and has approved another client alone', async () => {
    const address = newAddress();
    const begun = await beginSignIn(issuer);
    await approve(begun.browser, await reachConsent(issuer, begun.browser, begun.page, address));
    const { client_id } = await register(issuer);
    expectLeaving(await ask(client_id, { prompt: 'none' }, begun.browser), 'login_required');
  });

  test('goes to the client at once when this person has approved it before, in this browser alone', async () => {
    const { browser, page, clientId } = await beginSignIn(issuer);
    await approve(browser, await reachConsent(issuer, browser, page));
    const answered = await ask(clientId, { response_type: 'token' }, browser);
    expect(answered.status).toBe(302);
    expectAnswer(location(answered), 'unsupported_response_type');
    const silent = await ask(clientId, { prompt: 'none' }, browser);
    expectAnswer(new URL(silent.headers.get('location') ?? ''), 'consent_required');
    expectLeaving(await ask(clientId, { response_type: 'token' }), 'unsupported_response_type');
  });

  test('what follows a decision goes to the client at once', async () => {
    const { browser, page } = await beginSignIn(issuer);
    const { fields } = await reachConsent(issuer, browser, page);
    const denied = await browser.post('/authorize/consent', { ...fields, decision: 'deny' });
    expect(denied.status).toBe(303);
    expectAnswer(new URL(denied.headers.get('location') ?? ''), 'access_denied');
  });

  test('leads to a program by the button alone, with what was registered in its address', async () => {
    const redirect_uri = 'cursor://anysphere.cursor-mcp/oauth/callback?a=%22%3E&state=own';
    const { client_id } = await register(issuer, { redirect_uris: [redirect_uri] });
    const page = await ask(client_id, { redirect_uri, prompt: 'none' });
    expect(page.headers.has('location')).toBe(false);
    const target = location(page);
    expect(target.href.startsWith('cursor://anysphere.cursor-mcp/oauth/callback?a=%22%3E&error=')).toBe(true);
    expect(target.searchParams.getAll('state')).toEqual(['the-state']);
  });
});

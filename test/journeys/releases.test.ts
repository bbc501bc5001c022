import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formsOf } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { type Services, startServices } from '../support/aws.ts';
import { Browser, heading } from '../support/browser.ts';
import { beginSignIn, newAddress, newSourceIp, refresh, requestTokens, type Tokens } from '../support/flow.ts';
import { callTool, outputOf, titles } from '../support/mcp.ts';
import { postAnswer } from '../support/passkey-flow.ts';
import { basic, HOUR, later, refusal, tokensIn } from '../support/redemption.ts';
import { awaiting, type } from '../support/reviewers.ts';
import { optionsIn, SoftwarePasskey } from '../support/software-passkey.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { kindsInStorage, kindsOf } from '../support/storage-document.ts';
import { itemsIn, readRelease, restore } from './release.ts';

const folder = fileURLToPath(new URL('releases', import.meta.url));
const releases = globSync('*.jsonl', { cwd: folder }).sort();

/** What each release has made of what lives longer than a day. The rest is gone before a deploy is over. */
const lasting = [
  ...['client', 'grant', 'pointer to a grant', 'person', 'address', 'passkey', 'machine', 'machine of a tenant'],
  ...['which grant is used when somebody comes again', "list of the operator's clients", 'trust', 'trust of a tenant'],
  ...['whether a trust counts', 'tenant and its policy', 'copy of a policy', 'list of tenants', 'member of a tenant'],
  ...['domain', 'domain of a tenant', 'list of the reviewers', 'list of what is denied', 'client that was denied'],
  ...['client that was approved', 'use of a client', 'browser that was seen', 'session', 'pointer to a session'],
  ...['what somebody keeps', 'audit', 'key of the hashes in the audit, and of nonces', 'todo', 'document'],
];

test('there is a release to read', () => {
  expect(releases).toContain('1.0.0.jsonl');
});

describe.for(releases)('the table that %s left', (file) => {
  const release = readRelease(`${folder}/${file}`);
  const { member, confidential, machine, passkey, reviewer, tenant, trust, denied } = release.held;
  /** An hour after it was recorded: whatever lives for minutes has expired, and access tokens with it. */
  const seconds = () => release.recordedAt + HOUR - Math.floor(Date.now() / 1_000);
  const then = () => later(seconds());
  let services: Services;
  let stack: RunningStack;
  let issuer: string;

  beforeAll(async () => {
    services = await startServices();
    stack = await startStack({ env: services.env });
    issuer = stack.issuer;
    await restore(services, release, issuer);
  });
  afterAll(async () => {
    await stack?.stop();
    await services?.stop();
  });

  const browserOf = (cookies: readonly (readonly [string, string])[] = []) => {
    const browser = new Browser(issuer, { ...newSourceIp(), ...then() });
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    return browser;
  };
  const operated = <T>(command: string, input: object) => operate(issuer, command, input, seconds()) as Promise<T>;
  let tokens: Tokens;

  test('has every kind of item that lasts', () => {
    const kinds = kindsInStorage();
    const found = release.items.flatMap(({ pk, sk }) => kindsOf({ pk: pk?.S, sk: sk?.S }, kinds));
    expect([...new Set(found.map(({ name }) => name))]).toEqual(expect.arrayContaining(lasting));
  });

  test('lets a client go on with its refresh token, and its person find what they kept', async () => {
    tokens = await tokensIn(await refresh(issuer, member.client_id, member.refresh_token, {}, then()));
    const { todos } = outputOf(await callTool(issuer, tokens.access_token, 'list_todos', {}, then()));
    expect((todos as { title: string }[]).map(({ title }) => title).sort()).toEqual([...member.todos].sort());
    const { documents } = outputOf(await callTool(issuer, tokens.access_token, 'list_documents', {}, then()));
    expect(documents).toEqual([expect.objectContaining({ title: member.document })]);
  });

  test('lets a client with a secret go on, and not without it', async () => {
    const { client_id, client_secret, refresh_token } = confidential;
    const without = await refresh(issuer, client_id, refresh_token, {}, then());
    expect(await refusal(without)).toBe('401 invalid_client');
    const response = await refresh(issuer, client_id, refresh_token, { client_secret }, then());
    expect(await titles(issuer, (await tokensIn(response)).access_token, then())).toEqual([]);
  });

  test('lets a machine get tokens', async () => {
    const header = basic(machine.client_id, machine.client_secret);
    const response = await requestTokens(issuer, { grant_type: 'client_credentials' }, { ...header, ...then() });
    const { access_token } = await tokensIn(response);
    expect(outputOf(await callTool(issuer, access_token, 'whoami', {}, then()))).toMatchObject({ kind: 'machine' });
  });

  test('lets a client read its registration', async () => {
    const authorization = `Bearer ${member.registration_access_token}`;
    const response = await fetch(`${issuer}/register/${member.client_id}`, { headers: { authorization, ...then() } });
    expect(await response.json()).toMatchObject({ client_id: member.client_id, client_name: 'Desk' });
  });

  test('knows a browser, and shows its person what they connected', async () => {
    const browser = browserOf(member.cookies);
    const { page } = await beginSignIn(issuer, { browser });
    expect(page.html).toContain(member.address);
    expect(formsOf(page).map(({ action }) => action)).toContain('/authorize/consent');
    expect((await browser.open('/account')).html).toContain('Desk');
  });

  test('signs somebody in with their passkey', async () => {
    const browser = browserOf();
    const { page, fields } = await beginSignIn(issuer, { browser });
    const authenticator = new SoftwarePasskey(issuer, passkey.kept);
    const consent = await postAnswer(browser, fields, authenticator.answer(optionsIn(page)));
    expect(consent.html).toContain(passkey.address);
  });

  test('signs a reviewer in with their password', async () => {
    const window = await awaiting(issuer, reviewer.address, then());
    const consent = await type(window, reviewer.password);
    expect(heading(consent)).not.toBe(heading(window.page));
    expect(consent.html).toContain(reviewer.address);
  });

  test('keeps what the operator said', async () => {
    const address = newAddress();
    const shown = await operated<{ members: { address: string }[] }>('tenants show', { id: tenant });
    expect(shown).toMatchObject({ id: tenant, name: 'Acme', calls_per_minute: 500, domains: ['acme.example'] });
    expect(shown.members.map((one) => one.address)).toEqual(
      expect.arrayContaining([member.address, 'dana@acme.example', reviewer.address]),
    );
    expect(await operated('trusts list', { id: tenant })).toMatchObject({ trusts: [{ trust, state: 'disabled' }] });
    expect(await operated('clients denied', {})).toMatchObject({ denied: [{ client: denied }] });
    expect(await operated('reviewers list', {})).toMatchObject({ reviewers: [{ address: reviewer.address }] });
    expect(await operated('clients list', {})).toMatchObject({ clients: [{ client_id: machine.client_id }] });
    await expect(operated('people show', { address })).rejects.toThrow(`Nothing is known of ${address}`);
  });

  test('can be asked what happened', async () => {
    const after = new Date((release.recordedAt - HOUR) * 1_000).toISOString();
    const trail = await operated<{ items: { event: string }[] }>('audit', { person: member.address, after });
    const events = trail.items.map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['sign_in', 'tool_call']));
  });

  test('refuses a spent refresh token still, and ends what it gave', async () => {
    const spent = await refresh(issuer, member.client_id, member.refresh_token, {}, later(seconds() + HOUR));
    expect(await refusal(spent)).toBe('400 invalid_grant');
  });

  test('lets the operator end everything of a person', async () => {
    await operated('people end-everything', { address: confidential.address });
    const { grants } = await operated<{ grants: object[] }>('people grants', { address: confidential.address });
    expect(grants).toEqual([]);
  });

  test('is written on in the same forms', async () => {
    const kinds = kindsInStorage();
    const unknown = (await itemsIn(services)).filter(
      ({ pk, sk }) => kindsOf({ pk: pk?.S, sk: sk?.S }, kinds).length !== 1,
    );
    expect(unknown.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)).toEqual([]);
  });
});

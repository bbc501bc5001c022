import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routes } from '../../core/routes.ts';
import { described } from '../../core/store/audit-events.ts';
import { readAssembly } from '../../local/assembly.ts';
import { connectedAccount, openAccount, press } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { assemblyOf } from '../support/assembly.ts';
import { asParameters, honestClaims, newClientKey, signClaims } from '../support/assertion.ts';
import { type AuditItem, auditedDuring } from '../support/audit.ts';
import { Browser, hiddenFields } from '../support/browser.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  refresh,
  register,
  requestTokens,
} from '../support/flow.ts';
import { tableOf } from '../support/items.ts';
import { machineToken, newMachine, newTenant } from '../support/machines.ts';
import { askModern } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { startOutsideStack } from '../support/outside-stack.ts';
import {
  add as addPasskey,
  listed,
  newHolder,
  newWindow,
  passkeysPath,
  postAnswer,
  sessionToken,
  signedInByCode,
  signInWith,
} from '../support/passkey-flow.ts';
import { connected, type Member } from '../support/people.ts';
import { basic, later, newRedemption, redeem, redeemed } from '../support/redemption.ts';
import { awaiting, newReviewer, type } from '../support/reviewers.ts';
import { revoke } from '../support/revoke.ts';
import { complaint, sesEvent } from '../support/ses-events.ts';
import { type Lies, optionsIn, SoftwarePasskey } from '../support/software-passkey.ts';
import type { RunningStack } from '../support/stack.ts';
import { idJagClaims, newIssuer, signIdJag, trust } from '../support/trusted-issuer.ts';

let outside: Awaited<ReturnType<typeof startOutsideStack>>;
let site: ClientSite;
let stack: RunningStack;
let issuer: string;
let member: Member;
const seen: AuditItem[] = [];

beforeAll(async () => {
  site = await startClientSite();
  outside = await startOutsideStack({
    more: {
      corp: { domains: ['corp.example'] },
      other: {
        domains: ['grouped.example'],
        groups: { rules: [{ value: 'grouped', tenant: 'grouped' }], others: 'allow' },
      },
    },
    hosts: [site.host],
  });
  stack = outside.stack;
  issuer = stack.issuer;
  member = await connected(issuer);
});
afterAll(async () => {
  await outside?.stop();
  await site?.stop();
});
/** Whoever needs the key first makes it: each Lambda does so here. */
beforeEach(() => new Operator(tableOf(issuer)).remove({ pk: 'SECRET#audit', sk: 'SECRET' }));

/** Says, as the provider does, that somebody has logged out there. */
async function tellLogout(sub: string | undefined): Promise<Response> {
  const iat = Math.floor(Date.now() / 1_000);
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const from = { iss: outside.providers.issuerOf('corp'), aud: 'vestibule-at-corp', jti: `${sub} ${iat}` };
  const logout_token = await outside.providers.logoutToken({ claims: { ...from, iat, events, sub } });
  const body = new URLSearchParams({ logout_token });
  return fetch(`${issuer}/authorize/provider/corp/logout`, { method: 'POST', body });
}

/** Presses a button of the account page of a person who has connected a client. */
function onAccount(action: string, more: Record<string, string> = {}) {
  return async () => {
    const account = await connectedAccount(issuer);
    return () => press(account, action, { more });
  };
}

/** Somebody who comes back from a provider, which says something of them. */
function comingBack(orders: object, provider?: string) {
  return async () => {
    const window = await outside.newWindow();
    const answer = await outside.sent(window, { person: outside.newPerson(), ...orders }, provider);
    return () => window.browser.open(answer);
  };
}

/** The events that were recorded while something happened, and which of them made somebody. */
async function recorded(work: () => Promise<unknown>): Promise<string[]> {
  const added = await auditedDuring(tableOf(issuer), work);
  seen.push(...added);
  return added.map(({ event, isNew }) => (isNew === undefined ? event : `${event} (new)`));
}

/** Gets as far as typing the password of a reviewer. */
async function typingPassword(): Promise<() => Promise<unknown>> {
  const { address, password } = await newReviewer(issuer);
  const window = await awaiting(issuer, address);
  return () => type(window, password);
}

/** Invokes a Lambda that no route leads to. */
async function invoke(name: string, payload: object): Promise<unknown> {
  const { Resources } = readAssembly(await assemblyOf()).template;
  const [id] = Object.entries(Resources).find(([id, { Type }]) => Type === LAMBDA && id.startsWith(name)) ?? [];
  const url = `${issuer}/local/lambda/2015-03-31/functions/${id}/invocations`;
  return (await fetch(url, { method: 'POST', body: JSON.stringify(payload) })).json();
}

/** Has an issuer vouch for somebody whom the operator entered. */
async function vouchedFor(changes: object): Promise<() => Promise<unknown>> {
  const [id, from] = await Promise.all([newTenant(issuer), newIssuer(site)]);
  const email = newAddress();
  await operate(issuer, 'tenants add-member', { id, address: email });
  await trust(issuer, id, { issuer: from.url });
  const { client_id, client_secret } = (await operate(issuer, 'clients add', {
    client_name: 'Assistant',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'client_secret_basic',
  })) as { readonly client_id: string; readonly client_secret: string };
  const assertion = await signIdJag(from, { ...idJagClaims(from, issuer, client_id), email, ...changes });
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  return () =>
    requestTokens(issuer, { grant_type, assertion }, { ...newSourceIp(), ...basic(client_id, client_secret) });
}

/** A client that can manage its registration. */
async function manager() {
  const client = (await register(issuer)) as Awaited<ReturnType<typeof register>> & Record<string, string>;
  const manage = (method: string, change?: object) =>
    fetch(`${issuer}/register/${client.client_id}`, {
      method,
      headers: {
        authorization: `Bearer ${client.registration_access_token}`,
        ...(change && { 'content-type': 'application/json' }),
      },
      ...(change && { body: JSON.stringify(change) }),
    });
  return { clientId: client.client_id, manage };
}

/** A passkey, used twice by then, that is shown to a new client's window. */
function answering(lies: Lies = { counter: 3 }) {
  return async () => {
    const { passkey } = await newHolder(issuer);
    await signInWith(issuer, passkey, { counter: 2 });
    const { browser, page, fields } = await newWindow(issuer);
    return () => postAnswer(browser, fields, passkey.answer(optionsIn(page), lies));
  };
}

/** A change that somebody makes to their only passkey. */
function changing(fields: Readonly<Record<string, string>>) {
  return async () => {
    const { browser } = await newHolder(issuer);
    const page = await browser.open(passkeysPath);
    const [which = ''] = listed(page);
    return () => browser.post(passkeysPath, { ...fields, which, session_token: sessionToken(page) });
  };
}

/** Somebody in front of the page for the code. */
async function whoWasMailed(address = newAddress()) {
  const { browser, fields, clientId } = await beginSignIn(issuer);
  await browser.post('/authorize/email', { ...fields, email: address });
  return { address, browser, fields, clientId };
}

/** Somebody in front of the page for consent. */
async function whoSignedIn() {
  const { browser, fields, page } = await beginSignIn(issuer);
  const consent = await reachConsent(issuer, browser, page);
  return { browser, fields, consent };
}

async function spent() {
  const redemption = await newRedemption(issuer);
  const { refresh_token: first } = await redeemed(issuer, redemption);
  const { client_id: clientId } = redemption.client;
  const turn = async (token: string) =>
    ((await (await refresh(issuer, clientId, token)).json()) as { refresh_token: string }).refresh_token;
  return { clientId, first, turn };
}

async function replay(path: string) {
  const key = await newClientKey();
  const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } };
  const { client_id } = await register(issuer, metadata);
  const assertion = asParameters(await signClaims(key, honestClaims(client_id, issuer)));
  const post = () =>
    fetch(`${issuer}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', token: 'x', ...assertion }),
    });
  await post();
  return post;
}

const asMember =
  (method: string, params: object = {}) =>
  () =>
    askModern(issuer, member.token, method, params);

const LAMBDA = 'AWS::Lambda::Function';
const HOUR = 3_600;

/** What the clock asks for, so many seconds from now. */
const deleteClosed = (seconds: number) => operate(issuer, 'people delete-closed', {}, seconds);

/** What is done at a route, and what that leaves in the audit. What is prepared first is not counted. */
type Step = readonly [what: string, events: readonly string[], prepare: () => Promise<() => Promise<unknown>>];
const at = (work: () => Promise<unknown>) => async () => work;

const walk: Readonly<Record<string, readonly Step[]>> = {
  $default: [['read a document', [], at(() => fetch(`${issuer}/.well-known/openid-configuration`))]],
  'POST /register': [['register', ['registration'], at(() => register(issuer))]],
  'GET /register/{client_id}': [
    [
      'read',
      [],
      async () => {
        const { manage } = await manager();
        return () => manage('GET');
      },
    ],
  ],
  'PUT /register/{client_id}': [
    [
      'change',
      ['registration_change'],
      async () => {
        const { clientId, manage } = await manager();
        return () => manage('PUT', { client_id: clientId, redirect_uris: ['http://localhost/other'] });
      },
    ],
  ],
  'DELETE /register/{client_id}': [
    [
      'remove',
      ['registration_removal'],
      async () => {
        const { manage } = await manager();
        return () => manage('DELETE');
      },
    ],
  ],
  'GET /authorize': [['begin', ['registration'], at(() => beginSignIn(issuer))]],
  'GET /authorize/logo': [
    [
      'look at who asks',
      [],
      async () => {
        const { browser, page, fields } = await beginSignIn(issuer);
        await reachConsent(issuer, browser, page);
        return () => browser.open(`/authorize/logo?transaction=${fields.transaction}`);
      },
    ],
  ],
  'POST /authorize/email': [
    [
      'be mailed a code',
      ['code_mailed'],
      async () => {
        const { browser, fields } = await beginSignIn(issuer);
        return () => browser.post('/authorize/email', { ...fields, email: newAddress() });
      },
    ],
  ],
  'POST /authorize/code': [
    [
      'type a wrong code',
      ['wrong_code'],
      async () => {
        const { browser, fields } = await whoWasMailed();
        return () => browser.post('/authorize/code', { ...fields, code: 'AAAA-AAAA' });
      },
    ],
    [
      'sign in for the first time',
      ['sign_in (new)'],
      async () => {
        const { browser, fields, address } = await whoWasMailed();
        const code = await mailedCode(issuer, address);
        return () => browser.post('/authorize/code', { ...fields, code });
      },
    ],
    [
      'sign in for the first time, in two windows at a time',
      ['sign_in', 'sign_in (new)'],
      async () => {
        const one = await whoWasMailed();
        const first = await mailedCode(issuer, one.address);
        const other = await whoWasMailed(one.address);
        const second = await mailedCode(issuer, one.address);
        return () =>
          Promise.all([
            one.browser.post('/authorize/code', { ...one.fields, code: first }),
            other.browser.post('/authorize/code', { ...other.fields, code: second }),
          ]);
      },
    ],
    [
      'sign in again',
      ['sign_in'],
      async () => {
        await connected(issuer, { address: 'again@example.com' });
        const { browser, fields } = await whoWasMailed('again@example.com');
        const code = await mailedCode(issuer, 'again@example.com');
        return () => browser.post('/authorize/code', { ...fields, code });
      },
    ],
    [
      'sign in for the first time where the operator expects one',
      ['sign_in (new)'],
      async () => {
        const address = newAddress();
        await operate(issuer, 'tenants add-member', { id: await newTenant(issuer), address });
        const { browser, fields } = await whoWasMailed(address);
        const code = await mailedCode(issuer, address);
        return () => browser.post('/authorize/code', { ...fields, code });
      },
    ],
    ['sign in by a reviewer’s password', ['sign_in (new)'], typingPassword],
  ],
  'POST /authorize/passkey': [
    ['sign in by a passkey', ['sign_in'], answering()],
    ['sign in by a passkey that may be a copy', ['sign_in', 'passkey_cloned'], answering({ counter: 1 })],
    ['show a passkey for another site', ['passkey_refused'], answering({ origin: 'https://evil.example' })],
    ['show a passkey of nobody', [], answering({ id: new SoftwarePasskey('').id, userHandle: 'bm9ib2R5' })],
  ],
  'GET /authorize/consent': [
    [
      'look at the page of a window',
      [],
      async () => {
        const { browser, fields } = await whoSignedIn();
        return () => browser.open(`/authorize/consent?transaction=${fields.transaction}`);
      },
    ],
  ],
  'POST /authorize/provider': [
    [
      'go to a provider',
      [],
      async () => {
        const window = await outside.newWindow();
        return () => outside.sent(window, { person: 'somebody@corp.example' });
      },
    ],
  ],
  'GET /authorize/provider/{provider}': [
    ['come back for the first time', ['link', 'sign_in (new)'], comingBack({})],
    ['come back with a token for another', ['provider_refused'], comingBack({ token: { aud: 'another' } })],
    ['come back and be asked for a code', [], comingBack({}, 'other')],
    [
      'come back with a group of a tenant',
      ['membership', 'link', 'sign_in (new)'],
      async () => {
        await operate(issuer, 'tenants add', { id: 'grouped' });
        const account = { email: 'somebody@grouped.example' };
        return comingBack({ token: { groups: ['grouped'] }, account }, 'other')();
      },
    ],
  ],
  'POST /authorize/provider/{provider}': [
    [
      'come back by a form',
      [],
      at(() => fetch(`${issuer}/authorize/provider/corp`, { method: 'POST', redirect: 'manual' })),
    ],
  ],
  'POST /authorize/provider/{provider}/logout': [
    [
      'be logged out there',
      ['provider_logout'],
      async () => {
        const person = `logged-out-${Date.now()}@corp.example`;
        await outside.consentVia(await outside.newWindow(), { person });
        return () => tellLogout(person);
      },
    ],
    ['show a logout token that does not hold', ['provider_refused'], at(() => tellLogout(undefined))],
  ],
  'GET /account/passkeys': [
    [
      'look at one’s passkeys',
      [],
      async () => {
        const { browser } = await signedInByCode(issuer);
        return () => browser.open(passkeysPath);
      },
    ],
  ],
  'POST /account/passkeys': [
    [
      'add a passkey',
      ['passkey_added'],
      async () => {
        const { browser } = await signedInByCode(issuer);
        const page = await browser.open(passkeysPath);
        return () => addPasskey(browser, page, new SoftwarePasskey(issuer));
      },
    ],
    [
      'add a passkey that was made for another site',
      ['passkey_refused'],
      async () => {
        const { browser } = await signedInByCode(issuer);
        const page = await browser.open(passkeysPath);
        return () => addPasskey(browser, page, new SoftwarePasskey(issuer), { origin: 'https://evil.example' });
      },
    ],
    ['rename a passkey', ['passkey_renamed'], changing({ do: 'rename', name: 'Phone' })],
    ['remove a passkey', ['passkey_removed'], changing({ do: 'remove' })],
    ['decline passkeys', [], changing({ do: 'decline' })],
  ],
  'POST /authorize/consent': [
    [
      'approve',
      [],
      async () => {
        const { browser, consent } = await whoSignedIn();
        return () => approve(browser, consent);
      },
    ],
    [
      'deny',
      ['consent_denied'],
      async () => {
        const { browser, fields } = await whoSignedIn();
        return () => browser.post('/authorize/consent', { ...fields, decision: 'deny' });
      },
    ],
  ],
  'POST /authorize/sign-out': [
    [
      'sign out',
      ['sign_out'],
      async () => {
        const { browser, fields } = await whoSignedIn();
        return () => browser.post('/authorize/sign-out', fields);
      },
    ],
  ],
  'POST /token': [
    ['come by the word of an issuer', ['trusted_person', 'grant'], () => vouchedFor({})],
    [
      'come by one that is not for this server',
      ['assertion_refused'],
      () => vouchedFor({ aud: 'https://elsewhere.example' }),
    ],
    [
      'ask as a machine, twice',
      ['grant', 'grant_use'],
      async () => {
        const machine = await newMachine(issuer);
        return async () => {
          await machineToken(issuer, machine);
          await machineToken(issuer, machine);
        };
      },
    ],
    [
      'redeem a code',
      ['grant'],
      async () => {
        const one = await newRedemption(issuer);
        return () => redeem(issuer, one);
      },
    ],
    [
      'redeem it for another client',
      ['refusal'],
      async () => {
        const one = await newRedemption(issuer);
        const client = await register(issuer);
        return () => redeem(issuer, { ...one, client });
      },
    ],
    [
      'redeem it twice',
      ['grant', 'code_replay'],
      async () => {
        const one = await newRedemption(issuer);
        return async () => [await redeem(issuer, one), await redeem(issuer, one)];
      },
    ],
    [
      'refresh',
      [],
      async () => {
        const { first, turn } = await spent();
        return () => turn(first);
      },
    ],
    [
      'repeat a refresh',
      ['refresh_repeat'],
      async () => {
        const { first, turn } = await spent();
        await turn(first);
        return () => turn(first);
      },
    ],
    [
      'repeat a refresh from another network',
      ['refresh_elsewhere'],
      async () => {
        const { clientId, first, turn } = await spent();
        await turn(first);
        const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: first });
        return () => fetch(`${issuer}/token`, { method: 'POST', headers: newSourceIp(), body });
      },
    ],
    [
      'refresh with the token before the one before',
      ['refresh_late'],
      async () => {
        const { first, turn } = await spent();
        await turn(await turn(first));
        return () => turn(first);
      },
    ],
    [
      'refresh with a token that was spent long ago',
      ['refresh_theft'],
      async () => {
        const { clientId, first, turn } = await spent();
        await turn(first);
        const sent = { grant_type: 'refresh_token', client_id: clientId, refresh_token: first };
        const body = new URLSearchParams(sent);
        return () => fetch(`${issuer}/token`, { method: 'POST', headers: later(120), body });
      },
    ],
    ['show an assertion twice', ['assertion_replay'], () => replay('/token')],
  ],
  'GET /account': [
    [
      'open the account',
      [],
      async () => {
        const { browser } = await openAccount(issuer);
        return () => browser.open('/account');
      },
    ],
  ],
  'GET /account/{page}': [
    ['begin to sign in to the account', [], at(() => fetch(`${issuer}/account/sign-in`))],
    ['open a page that there is not', [], at(() => fetch(`${issuer}/account/other`))],
  ],
  'POST /account/{page}': [
    ['disconnect', ['revocation'], onAccount('/account/disconnect')],
    [
      'disconnect all',
      ['revocation', 'revocation'],
      async () => {
        const { address } = await connectedAccount(issuer);
        const account = await connectedAccount(issuer, { address });
        return () => press(account, '/account/disconnect-all');
      },
    ],
    [
      'sign another browser out',
      ['session_end'],
      async () => {
        const { address } = await openAccount(issuer);
        const account = await openAccount(issuer, { address });
        return () => press(account, '/account/end-session');
      },
    ],
    ['sign out of the account', ['sign_out'], onAccount('/account/sign-out')],
    [
      'download what is kept of them',
      ['data_download'],
      async () => {
        const { browser } = await openAccount(issuer);
        const page = await browser.open('/account/data');
        return () => press({ browser, page }, '/account/data');
      },
    ],
    [
      'delete the account',
      ['account_closed'],
      async () => {
        const { browser } = await openAccount(issuer);
        const page = await browser.open('/account/delete');
        return () => press({ browser, page }, '/account/delete', { more: { confirm: 'yes' } });
      },
    ],
    ['sign out everywhere', ['everything_ended'], onAccount('/account/sign-out-everywhere')],
    ['choose a language', ['account_change'], onAccount('/account/language', { language: 'de' })],
    ['send a form without its token', [], onAccount('/account/disconnect', { form_token: '' })],
  ],
  'POST /revoke': [
    [
      'revoke',
      ['revocation'],
      async () => {
        const { clientId, first } = await spent();
        return () => revoke(issuer, clientId, first);
      },
    ],
    ['show an assertion twice', ['assertion_replay'], () => replay('/revoke')],
  ],
  'POST /introspect': [['show an assertion twice', ['assertion_replay'], () => replay('/introspect')]],
  'POST /mcp': [
    ['list tools, which says nothing of anybody', [], at(asMember('tools/list'))],
    ['call a tool', ['tool_call'], at(asMember('tools/call', { name: 'whoami', arguments: {} }))],
    ['call one that there is not', ['tool_call'], at(asMember('tools/call', { name: 'none', arguments: {} }))],
    ['read a resource', ['resource_read'], at(asMember('resources/read', { uri: 'ui://vestibule/todos' }))],
    ['list resources', ['resource_list'], at(asMember('resources/list'))],
    ['fetch a prompt', ['prompt_get'], at(asMember('prompts/get', { name: 'plan_my_day', arguments: {} }))],
    [
      'have values suggested',
      ['completion'],
      at(
        asMember('completion/complete', {
          ref: { type: 'ref/prompt', name: 'plan_my_day' },
          argument: { name: 'focus', value: 'a' },
        }),
      ),
    ],
    [
      'list and have suggested what was not granted',
      ['resource_list', 'completion'],
      async () => {
        const { token } = await connected(issuer, { scopes: ['profile:read'] });
        const ref = { type: 'ref/resource', uri: 'todo://list/{tag}' };
        return async () => {
          await askModern(issuer, token, 'resources/list');
          await askModern(issuer, token, 'completion/complete', { ref, argument: { name: 'tag', value: 'a' } });
        };
      },
    ],
  ],
  'POST /mcp/{rest+}': [
    ['ask at a path that there is not', [], at(() => fetch(`${issuer}/mcp/other`, { method: 'POST' }))],
  ],
  Admin: [
    [
      'add a member',
      ['admin_change', 'admin_change'],
      at(async () => {
        const time = new Date().toISOString();
        const command = (name: string, input: object) => invoke('Admin', { command: name, time, input });
        await command('tenants add', { id: 'audited', name: 'Audited' });
        await command('tenants add-member', { id: 'audited', address: 'ada@example.com', role: 'member' });
      }),
    ],
    [
      'unlink somebody from a provider',
      ['unlink', 'admin_change'],
      async () => {
        const address = `unlinked-${Date.now()}@corp.example`;
        await outside.consentVia(await outside.newWindow(), { person: address });
        return () => operate(issuer, 'people unlink', { address });
      },
    ],
    [
      'close an account',
      ['account_closed', 'admin_change'],
      async () => {
        const { address } = await openAccount(issuer);
        return () => operate(issuer, 'people delete', { address });
      },
    ],
    [
      'delete what is kept of one whose account is closed',
      ['account_deleted'],
      async () => {
        await deleteClosed(HOUR);
        await deleteClosed(HOUR);
        const { address } = await openAccount(issuer);
        await operate(issuer, 'people delete', { address });
        await deleteClosed(0);
        return () => deleteClosed(HOUR);
      },
    ],
  ],
  Bounces: [
    ['have mail come back', ['suppression'], at(() => invoke('Bounces', sesEvent('ada@example.com', complaint())))],
  ],
};

describe('what each route leaves in the audit', () => {
  test('is told below of every route, and of the Lambdas that no route leads to', () => {
    expect(Object.keys(walk).sort()).toEqual([...Object.values(routes).flat(), 'Admin', 'Bounces'].sort());
  });

  const steps = Object.entries(walk).flatMap(([route, all]) => all.map(([...step]) => [route, ...step] as const));
  test.for(steps)('%s: %s leaves %j', async ([, , events, prepare]) => {
    const work = await prepare();
    expect((await recorded(work)).sort()).toEqual([...events].sort());
  });
});

/** After the walk. */
describe('the list of events', () => {
  const common = ['pk', 'sk', 'ttl', 'subject', 'tenant', 'at', 'event'];

  test('has all that happened, and nothing else', () => {
    expect([...new Set(seen.map(({ event }) => event))].sort()).toEqual(Object.keys(described).sort());
  });

  test.for(Object.entries(described))('has every field of %s, and no more', ([name, { fields }]) => {
    const items = seen.filter(({ event }) => event === name);
    const found = new Set(items.flatMap((item) => Object.keys(item)).filter((field) => !common.includes(field)));
    const rare = name in access ? ['reason'] : [];
    expect([...found, ...rare].sort()).toEqual(Object.keys(fields).sort());
  });

  test('has neither addresses nor networks, and no hash of either that others could make', async () => {
    const text = JSON.stringify(seen);
    expect(text).not.toMatch(/@|\bada\b|example\.com/);
    const address = newAddress();
    const sourceIp = '203.0.113.77';
    const items = await auditedDuring(tableOf(issuer), async () => {
      const browser = new Browser(issuer, { 'x-local-source-ip': sourceIp });
      const { client_id } = await register(issuer);
      const page = await browser.open(authorizePath(client_id, newPkce().challenge));
      await browser.post('/authorize/email', { ...hiddenFields(page), email: address });
    });
    const mailed = items.find(({ event }) => event === 'code_mailed');
    expect(mailed).toMatchObject({ address: expect.stringMatching(HIDDEN), network: expect.stringMatching(HIDDEN) });
    for (const value of [address, sourceIp])
      for (const encoding of ['base64url', 'base64', 'hex'] as const)
        expect(JSON.stringify(items)).not.toContain(createHash('sha256').update(value).digest(encoding).slice(0, 20));
  });

  const access = { tool_call: true, resource_read: true, prompt_get: true, resource_list: true, completion: true };
  const HIDDEN = /^[\w-]{22}$/;
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, dump, startAws } from '../support/aws.ts';
import { Browser, hiddenFields } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  callback,
  mailedCode,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  type RegisteredClient,
  refresh,
  register,
  requestTokens,
  type Tokens,
} from '../support/flow.ts';
import { callTool, newTodo } from '../support/mcp.ts';
import { basic, later, secretOf, tokensIn } from '../support/redemption.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const state = 'state-that-is-nobodys-business';

/** Everything secret that one walk through the flow brings about, each with its name. */
type Secrets = Map<string, string>;

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let secrets: Secrets;
let items: string;

/** Reads the registration with its own token, and with a wrong one. RFC 7592 §2.1. */
async function manageRegistration(
  client: RegisteredClient,
  note: (name: string, value: string) => void,
): Promise<void> {
  const { registration_access_token: token, registration_client_uri: uri } = client as RegisteredClient &
    Record<string, string>;
  if (!token || !uri) throw new Error('The client has no registration to manage');
  note('registration access token', token);
  for (const shown of [token, `${token}x`]) await fetch(uri, { headers: { authorization: `Bearer ${shown}` } });
}

/** Walks through everything, with all the failures on the way. */
async function walk(): Promise<Secrets> {
  const found: Secrets = new Map([['state', state]]);
  const note = (name: string, value: string) => void found.set(name, value);
  const client = await register(issuer, { token_endpoint_auth_method: 'client_secret_basic' });
  const [id, secret] = [client.client_id, secretOf(client)];
  note('client secret', secret);
  await manageRegistration(client, note);

  const { verifier, challenge } = newPkce();
  note('code verifier', verifier);
  const browser = new Browser(issuer, newSourceIp());
  await browser.open(authorizePath(id, challenge, { state, redirect_uri: 'https://elsewhere.example/' }));
  await browser.open(authorizePath(id, challenge, { state, resource: 'https://elsewhere.example/' }));
  const fields = hiddenFields(await browser.open(authorizePath(id, challenge, { state })));
  for (const [name, value] of browser.cookies) note(`cookie ${name}`, value);
  note('form token', fields.form_token ?? '');

  const address = newAddress();
  await browser.post('/authorize/email', { ...fields, email: address }, { origin: 'https://evil.example' });
  await browser.post('/authorize/email', { ...fields, email: address });
  const mailed = await mailedCode(issuer, address);
  note('mailed code', mailed);
  note('mailed code without its hyphen', mailed.replace('-', ''));
  await browser.post('/authorize/code', { ...fields, code: 'AAAA-AAAA' });
  const page = await browser.post('/authorize/code', { ...fields, code: mailed });
  for (const [name, value] of browser.cookies) note(`cookie ${name} after the sign-in`, value);
  const code = (await approve(browser, { page, fields })).searchParams.get('code') ?? '';
  note('authorization code', code);

  const exchange = (changes: Record<string, string>, shown = secret) =>
    requestTokens(
      issuer,
      { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback, ...changes },
      basic(id, shown),
    );
  await exchange({}, 'wrong');
  await exchange({ code_verifier: 'x'.repeat(43) });
  await exchange({ client_secret: secret });
  const first = await tokensIn(await exchange({}));
  noteTokens('first', first);
  const renew = (token: string, headers: Record<string, string> = {}) =>
    requestTokens(issuer, { grant_type: 'refresh_token', refresh_token: token }, { ...basic(id, secret), ...headers });
  const second = await tokensIn(await renew(first.refresh_token));
  noteTokens('second', second);
  await renew(first.refresh_token);
  const third = await tokensIn(await renew(second.refresh_token));
  noteTokens('third', third);
  await refresh(issuer, id, third.refresh_token);

  await newTodo(issuer, third.access_token);
  await callTool(issuer, third.access_token, 'get_todo', { id: 'none' });
  await callTool(issuer, third.access_token, 'no_such_tool', {});
  await postMcp(issuer, `${third.access_token}x`, {});
  await fetch(`${issuer}/mcp?access_token=${third.access_token}`, { method: 'POST' });
  await fetch(`${issuer}/nowhere?code=${code}`);
  aws.spoil('BatchGetItem', 'broken');
  await renew(third.refresh_token);
  await postMcp(issuer, third.access_token, { jsonrpc: '2.0', id: 1, method: 'ping' });
  aws.heal();
  aws.spoil('UpdateItem', 'throttled');
  await renew(third.refresh_token);
  aws.heal();
  await requestTokens(issuer, {
    grant_type: 'refresh_token',
    client_id: 'x'.repeat(3_000),
    refresh_token: third.refresh_token,
  });
  await fetch(`${issuer}/revoke`, {
    method: 'POST',
    headers: basic(id, 'wrong'),
    body: new URLSearchParams({ token: third.refresh_token }),
  });
  for (const token of [third.access_token, third.refresh_token]) {
    for (const shown of [secret, 'wrong']) {
      await fetch(`${issuer}/introspect`, {
        method: 'POST',
        headers: basic(id, shown),
        body: new URLSearchParams({ token }),
      });
    }
  }
  items = await dump(aws.table);
  await exchange({});
  await renew(first.refresh_token, later(3_600));
  await fetch(`${issuer}/revoke`, {
    method: 'POST',
    headers: basic(id, secret),
    body: new URLSearchParams({ token: third.refresh_token }),
  });
  items += await dump(aws.table);
  return found;

  function noteTokens(which: string, { access_token, refresh_token }: Tokens): void {
    note(`${which} access token`, access_token);
    note(`signature of the ${which} access token`, access_token.split('.')[2] ?? '');
    note(`${which} refresh token`, refresh_token);
    note(`secret of the ${which} refresh token`, refresh_token.split('.')[2] ?? '');
    note(`tag of the ${which} refresh token`, refresh_token.split('.')[3] ?? '');
  }
}

beforeAll(async () => {
  aws = await startAws();
  stack = await startStack({ env: aws.env });
  issuer = stack.issuer;
  secrets = await walk();
});
afterAll(async () => {
  await stack.stop();
  await aws.stop();
});

describe('what is written down of a walk through the whole flow, with failures', () => {
  const holding = (text: string, but: readonly string[] = []) =>
    [...secrets].filter(([name, value]) => !but.includes(name) && text.includes(value)).map(([name]) => name);

  test('there were secrets, logs and items to look at', () => {
    expect(secrets.size).toBeGreaterThan(20);
    for (const [name, value] of secrets) expect(value.length, name).toBeGreaterThanOrEqual(8);
    expect(stack.logs()).toContain('"path":"/token"');
    expect(stack.logs()).toContain('"path":"/mcp"');
    for (const kind of ['CLIENT#', 'SIGNIN#', 'CODE#', 'GRANT#', 'USER#', 'EMAIL#', 'RATE#', 'AUDIT#', 'TODO#']) {
      expect(items).toContain(kind);
    }
  });

  test('no log line has a code, token, secret, cookie, verifier or state (H03)', () => {
    expect(holding(stack.logs())).toEqual([]);
  });

  test('no item has one either, but for the state that goes back to the client (H05)', () => {
    expect(holding(items, ['state'])).toEqual([]);
  });

  test('no item has one in another encoding (H05)', () => {
    const encoded = [...secrets]
      .filter(([name]) => name !== 'state')
      .flatMap(([name, value]) => [
        [name, Buffer.from(value).toString('base64')],
        [name, Buffer.from(value).toString('base64url')],
        [name, Buffer.from(value).toString('hex')],
        [name, Buffer.from(value, 'base64url').toString('base64')],
        [name, Buffer.from(value, 'base64url').toString('hex')],
      ]);
    expect(encoded.filter(([, value = '']) => items.includes(value)).map(([name]) => name)).toEqual([]);
  });

  test('no log line has a stack trace of what a client did wrong, or an event', () => {
    const lines = stack.logs().split('\n');
    const refused = lines.filter((line) => /"status":4\d\d/.test(line));
    expect(refused.length).toBeGreaterThan(5);
    for (const line of refused) expect(line).not.toMatch(/stackTrace|requestContext|rawQueryString/);
  });
});

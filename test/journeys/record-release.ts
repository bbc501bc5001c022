/**
 * Records what this version keeps, for the tests of later ones: `npm run record-release`, once for each release. It runs a
 * server, has people, clients and an operator use it, and writes the table and what they hold to `releases/VERSION.jsonl`.
 */
import { writeFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { openAccount } from '../support/account-page.ts';
import { operate } from '../support/admin-lambda.ts';
import { startServices } from '../support/aws.ts';
import { Browser } from '../support/browser.ts';
import { approve, authorizePath, beginSignIn, newPkce, newSourceIp, reachConsent, register } from '../support/flow.ts';
import { machineRequest, newMachine } from '../support/machines.ts';
import { callTool, newTodo, outputOf, resultOf } from '../support/mcp.ts';
import { newHolder, signInWith } from '../support/passkey-flow.ts';
import { newRedemption, redeem, redeemed, secretOf, tokensIn } from '../support/redemption.ts';
import { awaiting, newReviewer, type } from '../support/reviewers.ts';
import { asAdmin } from '../support/scopes.ts';
import { startStack } from '../support/stack.ts';
import { type Held, itemsIn, type Release, written } from './release.ts';

const tenant = 'acme';

async function member(issuer: string): Promise<Held['member']> {
  const address = 'ana@acme.example';
  await operate(issuer, 'tenants add-member', { id: tenant, address, role: 'admin' });
  const client = (await register(issuer, { client_name: 'Desk' })) as {
    readonly client_id: string;
    readonly registration_access_token: string;
  };
  const { verifier, challenge } = newPkce();
  const browser = new Browser(issuer, newSourceIp());
  const page = await browser.open(authorizePath(client.client_id, challenge, await asAdmin(issuer, 'admin')));
  const redirect = await approve(browser, await reachConsent(issuer, browser, page, address));
  const code = redirect.searchParams.get('code') ?? '';
  const tokens = await tokensIn(await redeem(issuer, { client, code, verifier }));
  const token = tokens.access_token;
  const todos = ['Water the plants', 'Call the bank'];
  const ids = [];
  for (const title of todos) ids.push(await newTodo(issuer, token, { title }));
  resultOf(await callTool(issuer, token, 'complete_todo', { id: ids[0] }));
  const document = 'House rules';
  outputOf(await callTool(issuer, token, 'save_document', { title: document, text: 'Shoes off.' }));
  return {
    address,
    client_id: client.client_id,
    refresh_token: tokens.refresh_token,
    registration_access_token: client.registration_access_token,
    cookies: [...browser.cookies],
    todos,
    document,
  };
}

/** Of a tenant of their own, with a client that has a secret. */
async function confidential(issuer: string): Promise<Held['confidential']> {
  const address = 'ben@elsewhere.example';
  const redemption = await newRedemption(issuer, { token_endpoint_auth_method: 'client_secret_post' }, { address });
  const client_secret = secretOf(redemption.client);
  const { refresh_token } = await redeemed(issuer, redemption, { client_secret });
  return { address, client_id: redemption.client.client_id, client_secret, refresh_token };
}

async function passkey(issuer: string): Promise<Held['passkey']> {
  const { address, passkey } = await newHolder(issuer, 'cleo@elsewhere.example');
  await signInWith(issuer, passkey);
  return { address, kept: passkey.kept };
}

async function machine(issuer: string): Promise<Held['machine']> {
  const { client_id, client_secret, ...one } = await newMachine(issuer, { tenant });
  await tokensIn(await machineRequest(issuer, { client_id, client_secret, ...one }));
  return { client_id, client_secret };
}

async function reviewer(issuer: string): Promise<Held['reviewer']> {
  const { address, password } = await newReviewer(issuer, { address: 'review@acme.example', tenant, days: 365 });
  await type(await awaiting(issuer, address), password);
  return { address, password };
}

async function world(issuer: string): Promise<Held> {
  await operate(issuer, 'tenants add', { id: tenant, name: 'Acme' });
  await operate(issuer, 'tenants policy', { id: tenant, calls: { minute: 500 } });
  await operate(issuer, 'tenants add-domain', { id: tenant, domain: 'acme.example' });
  await operate(issuer, 'tenants add-member', { id: tenant, address: 'dana@acme.example' });
  const { trust } = (await operate(issuer, 'trusts add', { id: tenant, issuer: 'https://login.example' })) as {
    readonly trust: string;
  };
  const denied = 'https://rude.example/client.json';
  await operate(issuer, 'clients deny', { client: denied });
  await beginSignIn(issuer);
  await openAccount(issuer, { address: 'eve@elsewhere.example' });
  return {
    member: await member(issuer),
    confidential: await confidential(issuer),
    machine: await machine(issuer),
    passkey: await passkey(issuer),
    reviewer: await reviewer(issuer),
    tenant,
    trust,
    denied,
  };
}

const services = await startServices();
const stack = await startStack({ env: services.env });
const { issuer } = stack;
const held = await world(issuer);
const { version } = packageJson;
const recordedAt = Math.floor(Date.now() / 1_000);
const release: Release = { version, recordedAt, issuer, held, items: await itemsIn(services) };
writeFileSync(new URL(`releases/${version}.jsonl`, import.meta.url), written(release));
console.info(`${release.items.length} items of ${version}`);
await stack.stop();
await services.stop();
process.exit();

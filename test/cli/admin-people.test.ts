import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { Browser, hiddenFields, offeredScopes } from '../support/browser.ts';
import {
  authorizedCode,
  authorizePath,
  beginSignIn,
  connect,
  isAccepted,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  refresh,
  register,
} from '../support/flow.ts';
import { newTodo, titles } from '../support/mcp.ts';
import { addressKey, Operator as Table } from '../support/operator.ts';
import { newRedemption, type Redemption, redeem, redeemed, refusal } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { beforeSignIn, type Connected, connected } from './admin-person.ts';
import { Operator } from './admin-process.ts';
import { startProgram } from './program.ts';

/** Longer than calls that are under way can take. */
const QUIET = 46;

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let operator: Operator;
let table: Table;

beforeAll(async () => {
  aws = await startAws();
  const settings = { limits: { mailsPerAddress: { minute: 100 } } };
  stack = await startStackWith(settings, { env: aws.env });
  issuer = stack.issuer;
  operator = new Operator(issuer);
  table = new Table(aws.table);
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

type Shown = {
  readonly tenant: string;
  readonly role: string;
  readonly grants: number;
  readonly disabled_at?: string;
  readonly moving_to?: string;
};
type Step = { readonly done?: boolean; readonly wait_seconds?: number; readonly [member: string]: unknown };

const shown = (address: string) => operator.result<Shown>('people show', { address });

async function newTenant(): Promise<string> {
  const id = `t${randomUUID()}`;
  await operator.result('tenants add', { id });
  return id;
}

async function members(id: string): Promise<readonly string[]> {
  const tenant = await operator.result<{ members: readonly { address: string }[] }>('tenants show', { id });
  return tenant.members.map(({ address }) => address);
}

async function isAlive({ clientId, tokens }: Connected): Promise<readonly [boolean, number]> {
  const { access_token, refresh_token } = tokens;
  return [await isAccepted(issuer, access_token), (await refresh(issuer, clientId, refresh_token)).status];
}

/** The status of the page after the code, for somebody who signs in. */
async function signInStatus(address: string): Promise<number> {
  const { browser, page } = await beginSignIn(issuer);
  return (await reachConsent(issuer, browser, page, address)).page.status;
}

/** Runs a command that takes several invocations to its end, waiting as long as it says, on a clock of its own. */
async function finish(command: string, input: object, aheadSeconds = 0): Promise<Step> {
  const step = await operator.result<Step>(command, input, aheadSeconds);
  return step.done ? step : finish(command, input, aheadSeconds + (step.wait_seconds ?? 0));
}

const move = (address: string, tenant: string) => finish('people move', { address, tenant });

describe('people show', () => {
  test('tells where somebody belongs before and after their first sign-in', async () => {
    const [id, address] = [await newTenant(), newAddress()];
    await operator.result('tenants add-member', { id, address, role: 'admin' });
    const hash = expect.stringMatching(/^[\w-]{22}$/);
    expect(await operator.json('people', 'show', address)).toEqual({
      address,
      address_hash: hash,
      signed_in: false,
      tenant: id,
      role: 'admin',
    });
    const { subject } = await connected(issuer, address);
    const person = {
      address,
      address_hash: hash,
      signed_in: true,
      subject,
      tenant: id,
      role: 'admin',
      grants: 1,
    };
    expect(await operator.json('people', 'show', address.toUpperCase())).toEqual({
      ...person,
      created_at: expect.any(String),
    });
  });

  test.for(['show', 'grants', 'end-grants', 'disable', 'enable', 'lift'])(
    'nothing is known of a stranger to %s',
    async (command) => {
      const address = newAddress();
      expect(await operator.refusal(`people ${command}`, { address })).toBe(`Nothing is known of ${address}`);
    },
  );

  test('somebody who is only expected cannot be disabled or moved', async () => {
    const [id, address] = [await newTenant(), newAddress()];
    await operator.result('tenants add-member', { id, address });
    for (const command of ['people disable', 'people grants'])
      expect(await operator.refusal(command, { address })).toBe(`${address} has not signed in yet`);
    const refused = await operator.refusal('people move', { address, tenant: 'personal' });
    expect(refused).toBe(`${address} has not signed in yet`);
  });
});

describe('people disable and people enable', () => {
  test('locks a person out on the very next call, and for good', async () => {
    const person = await connected(issuer);
    const { address } = person;
    expect((await operator.run('people', 'disable', address)).stdout).toBe(
      `${address} is disabled. Grants ended: 1.\n`,
    );
    expect(await isAlive(person)).toEqual([false, 400]);
    expect(await signInStatus(address)).toBe(403);
    expect(await shown(address)).toMatchObject({ disabled_at: expect.any(String), grants: 0 });
    expect((await operator.run('people', 'enable', address)).code).toBe(0);
    expect(await isAlive(person)).toEqual([false, 400]);
    expect(await isAlive(await connected(issuer, address))).toEqual([true, 200]);
    expect(await operator.refusal('people enable', { address })).toBe(`${address} is not disabled`);
  });

  test('refuses the tokens of a disabled person even while their grants have not ended', async () => {
    const person = await connected(issuer);
    const { address } = person;
    aws.spoil('BatchGetItem', 'broken');
    expect(await operator.run('people', 'disable', address)).toMatchObject({ code: 1 });
    aws.heal();
    expect(await shown(address)).toMatchObject({ disabled_at: expect.any(String), grants: 1 });
    expect(await isAlive(person)).toEqual([false, 400]);
    expect(await operator.result('people enable', { address })).toMatchObject({ done: true });
    expect(await isAlive(person)).toEqual([false, 400]);
    expect((await shown(address)).grants).toBe(0);
  });

  test('lets no browser go on that was signed in', async () => {
    const address = newAddress();
    const { browser, page } = await beginSignIn(issuer);
    await reachConsent(issuer, browser, page, address);
    const { client_id } = await register(issuer);
    const again = () => browser.open(authorizePath(client_id, newPkce().challenge));
    expect((await again()).html).toContain('name="decision"');
    await operator.result('people disable', { address });
    expect((await again()).html).not.toContain('name="decision"');
  });

  test('lets no code be redeemed that was given before', async () => {
    const [client, address] = [await register(issuer), newAddress()];
    const { code, verifier } = await authorizedCode(issuer, client.client_id, { address });
    await operator.result('people disable', { address });
    expect(await refusal(await redeem(issuer, { client, code, verifier }))).toBe('400 invalid_grant');
  });

  test('and codes redeemed at the same moment leave no token that works', async () => {
    const address = newAddress();
    const codes: Redemption[] = [];
    for (let count = 0; count < 6; count += 1) codes.push(await newRedemption(issuer, {}, { address }));
    const responses = await Promise.all([
      ...codes.map((redemption) => redeem(issuer, redemption)),
      operator.result('people disable', { address }).then(() => undefined),
    ]);
    await operator.result('people enable', { address });
    for (const response of responses) {
      if (response?.status !== 200) continue;
      const { access_token } = (await response.json()) as { readonly access_token: string };
      expect(await isAccepted(issuer, access_token)).toBe(false);
    }
    expect((await shown(address)).grants).toBe(0);
  });
});

describe('grants list and grants revoke', () => {
  test('show when a client was last active, and end one by its id alone', async () => {
    const { address, tokens } = await connected(issuer);
    const { stdout } = await operator.run('grants', 'list', address);
    expect(stdout).toContain('last_active_at');
    const { grants } = await operator.json('grants', 'list', address);
    const [{ grant_id = '' } = {}] = grants as { readonly grant_id?: string }[];
    expect((await operator.run('grants', 'revoke', grant_id)).stdout).toContain('has ended');
    expect(await isAccepted(issuer, tokens.access_token)).toBe(false);
    expect(await operator.refusal('grants revoke', { grant_id })).toContain('or it has ended');
    expect(await operator.refusal('grants revoke', { grant_id: 'none' })).toContain('There is no grant none');
  });
});

describe('people grants and people end-grants', () => {
  test('show what a person allows to which client, and end one of them or all', async () => {
    const address = newAddress();
    const [client, other] = await Promise.all([
      register(issuer, { client_name: 'Reports' }),
      register(issuer, { client_name: 'Desk' }),
    ]);
    const tokens: string[] = [];
    for (const { client_id } of [client, other]) {
      const code = await authorizedCode(issuer, client_id, { address, scopes: ['profile:read'] });
      tokens.push((await redeemed(issuer, { client: { client_id }, ...code })).access_token);
    }
    type Listed = { readonly grants: readonly { readonly grant_id: string; readonly client_name: string }[] };
    const { grants } = await operator.json<Listed>('people', 'grants', address);
    expect(grants.map(({ client_name }) => client_name).sort()).toEqual(['Desk', 'Reports']);
    expect(grants[0]).toMatchObject({ scopes: ['profile:read'], expires_at: expect.any(String) });
    const { grant_id = '' } = grants.find(({ client_name }) => client_name === 'Reports') ?? {};
    await operator.json('people', 'end-grants', address, '--grant', grant_id);
    const accepted = () => Promise.all(tokens.map((token) => isAccepted(issuer, token)));
    expect(await accepted()).toEqual([false, true]);
    expect((await operator.run('people', 'end-grants', address)).stdout).toContain('Grants ended: 1.');
    expect(await accepted()).toEqual([false, false]);
    expect((await operator.run('people', 'grants', address)).stdout).toBe('There are none.\n');
    expect((await connected(issuer, address)).role).toBe('member');
  });

  test('end no grant of another person', async () => {
    const [person, stranger] = await Promise.all([connected(issuer), connected(issuer)]);
    const { grants } = await operator.result<{ grants: { grant_id: string }[] }>('people grants', {
      address: person.address,
    });
    const [{ grant_id } = { grant_id: '' }] = grants;
    const wrong = { address: stranger.address, grant_id };
    expect(await operator.refusal('people end-grants', wrong)).toBe(`${stranger.address} has no grant ${grant_id}`);
    expect(await isAlive(person)).toEqual([true, 200]);
  });

  test('end more of them than one invocation can', async () => {
    const person = await connected(issuer);
    const { subject, address } = person;
    const { grants: listed } = await operator.result<{ grants: { grant_id: string }[] }>('people grants', { address });
    const [grant] = await table.itemsAt(`GRANT#${listed[0]?.grant_id}`);
    const copies = Array.from({ length: 330 }, () => `${subject}~${randomUUID()}`);
    const items = copies.flatMap((id) => [
      { ...grant, pk: `GRANT#${id}`, sk: 'GRANT', id },
      { pk: `USER#${subject}`, sk: `GRANT#${id}`, clientId: 'x', createdAt: 0 },
    ]);
    await Promise.all(items.map((item) => table.put(item)));
    expect((await shown(address)).grants).toBe(331);
    const { grants } = await operator.json<{ grants: object[] }>('people', 'grants', address);
    expect(grants).toHaveLength(331);
    expect(await operator.json('people', 'end-grants', address)).toMatchObject({ grants_ended: 331, done: true });
    expect((await shown(address)).grants).toBe(0);
    expect(await isAlive(person)).toEqual([false, 400]);
  });
});

describe('people lift', () => {
  test('lets codes be mailed again to an address that bounced', async () => {
    const { address } = await connected(issuer);
    await table.put({
      ...(await table.itemAt(addressKey(address))),
      ...addressKey(address),
      suppressedAt: 1_700_000_000,
    });
    const mails = async () => {
      const { browser, fields } = await beginSignIn(issuer);
      await browser.post('/authorize/email', { ...fields, email: address });
      return (await mailsTo(issuer, address)).length;
    };
    const before = (await mailsTo(issuer, address)).length;
    expect(await shown(address)).toMatchObject({ suppressed_at: '2023-11-14T22:13:20.000Z' });
    expect(await mails()).toBe(before);
    expect((await operator.run('people', 'lift', address)).stdout).toContain('delete-suppressed-destination');
    expect(await mails()).toBe(before + 1);
    expect(await operator.refusal('people lift', { address })).toBe(`Mail to ${address} is not suppressed`);
    expect((await connected(issuer, address)).role).toBe('member');
  });
});

/** Gives a person this many todos more, without a call for each. */
async function manyTodos({ subject, tenant, tokens }: Connected, count: number): Promise<readonly string[]> {
  await newTodo(issuer, tokens.access_token, { title: 'Number 0' });
  const pk = `TODO#${tenant}#${subject}`;
  const [item] = await table.itemsAt(pk);
  const { todo, sk } = item as { readonly todo: { readonly id: string }; readonly sk: string };
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const copies = numbers.map((number) => {
    const id = todo.id.slice(0, -4) + String(number).padStart(4, '0');
    return { ...item, pk, sk: sk.replace(todo.id, id), todo: { ...todo, id, title: `Number ${number}` } };
  });
  await Promise.all(copies.map((copy) => table.put(copy)));
  return ['Number 0', ...numbers.map((number) => `Number ${number}`)].sort();
}

async function todosOf({ tokens }: Connected): Promise<readonly string[]> {
  return [...(await titles(issuer, tokens.access_token))].sort();
}

describe('people move', () => {
  test('takes a person to a tenant with all that they keep, and every client connects anew', async () => {
    const id = await newTenant();
    const person = await connected(issuer);
    const { address, subject } = person;
    const todos = await manyTodos(person, 60);
    expect(await move(address, id)).toMatchObject({ done: true, to: id });
    expect(await isAlive(person)).toEqual([false, 400]);
    const moved = await connected(issuer, address);
    expect(moved).toMatchObject({ subject, tenant: id, role: 'member' });
    expect(await todosOf(moved)).toEqual(todos);
    expect(await members(id)).toEqual([address]);

    const other = await newTenant();
    const to = { address, tenant: other, role: 'admin' };
    expect(await finish('people move', to)).toMatchObject({ done: true });
    expect(await members(id)).toEqual([]);
    expect(await members(other)).toEqual([address]);
    const again = await connected(issuer, address);
    expect(again).toMatchObject({ subject, tenant: other, role: 'admin' });
    expect(await todosOf(again)).toEqual(todos);

    await move(address, 'personal');
    const own = await connected(issuer, address);
    expect(own).toMatchObject({ subject, tenant: `personal-${subject}`, role: 'member' });
    expect(await todosOf(own)).toEqual(todos);
    expect(await members(other)).toEqual([]);
  });

  test('waits for calls that are under way, and may be stopped meanwhile', async () => {
    const id = await newTenant();
    const person = await connected(issuer);
    const { address, subject, tenant } = person;
    const todos = await manyTodos(person, 3);
    const run = startProgram('admin', ['people', 'move', address, id, '--yes', '--local', issuer]);
    await run.says('stderr', 'Waiting 45 seconds for calls that are still under way');
    run.interrupt();
    expect(await isAlive(person)).toEqual([false, 400]);
    expect(await signInStatus(address)).toBe(403);
    expect(await shown(address)).toMatchObject({ tenant, moving_to: id });
    const [late] = await table.itemsAt(`TODO#${tenant}#${subject}`);
    const { todo } = late as { readonly todo: object };
    await table.put({
      ...late,
      pk: `TODO#${tenant}#${subject}`,
      sk: 'TODO#7ZZZZZZZZZZZZZZZZZZZZZZZZZ',
      todo: { ...todo, title: 'Late' },
    });
    expect(await finish('people move', { address, tenant: id }, QUIET)).toMatchObject({ done: true });
    expect(await todosOf(await connected(issuer, address))).toEqual(['Late', ...todos]);
  });

  test('counts nothing of before: no code, and no browser that was signed in', async () => {
    const [id, client, address] = [await newTenant(), await register(issuer), newAddress()];
    const browser = new Browser(issuer, newSourceIp());
    const open = () => browser.open(authorizePath(client.client_id, newPkce().challenge));
    await reachConsent(issuer, browser, await open(), address);
    const { code, verifier } = await authorizedCode(issuer, client.client_id, { address });
    expect((await open()).html).toContain('name="decision"');
    await move(address, id);
    expect(await refusal(await redeem(issuer, { client, code, verifier }))).toBe('400 invalid_grant');
    expect((await open()).html).not.toContain('name="decision"');
  });

  test('leaves a disabled person disabled', async () => {
    const [id, person] = [await newTenant(), await connected(issuer)];
    const { address } = person;
    await operator.result('people disable', { address });
    await move(address, id);
    expect(await shown(address)).toMatchObject({ tenant: id, disabled_at: expect.any(String) });
    expect(await signInStatus(address)).toBe(403);
    await operator.result('people enable', { address });
    expect((await connected(issuer, address)).tenant).toBe(id);
  });

  test('is not turned aside half-way', async () => {
    const [id, other, { address }] = [await newTenant(), await newTenant(), await connected(issuer)];
    await operator.result('people move', { address, tenant: id });
    const elsewhere = await operator.refusal('people move', { address, tenant: other });
    expect(elsewhere).toBe(`${address} is on the way to ${id}: finish that first, by people move ${address} ${id}`);
    for (const command of ['people enable', 'people disable'])
      expect(await operator.refusal(command, { address })).toContain(`is on the way to ${id}`);
    expect(await operator.refusal('tenants remove', { id })).toContain('still has members');
    expect(await finish('people move', { address, tenant: id }, QUIET)).toMatchObject({ done: true });
    expect((await connected(issuer, address)).tenant).toBe(id);
  });

  test('goes only where there is somewhere to go', async () => {
    const { address, tenant } = await connected(issuer);
    expect(await operator.refusal('people move', { address, tenant: 'nobody' })).toBe('There is no tenant nobody');
    for (const own of ['personal', tenant])
      expect(await operator.refusal('people move', { address, tenant: own })).toBe(
        `${address} belongs to ${tenant} already`,
      );
    const { tenant: strangers } = await connected(issuer);
    expect(await operator.refusal('people move', { address, tenant: strangers })).toContain('There is no tenant');
  });

  test('taken up by several at once loses and doubles nothing', async () => {
    const [id, person] = [await newTenant(), await connected(issuer)];
    const { address } = person;
    const todos = await manyTodos(person, 99);
    const input = { address, tenant: id };
    const begun = await Promise.all([1, 2, 3].map(() => operator.invoke<Step>('people move', input)));
    expect(begun.some(({ ok }) => ok)).toBe(true);
    const ended = await Promise.all([1, 2, 3].map(() => operator.invoke<Step>('people move', input, QUIET)));
    expect(ended.filter(({ result }) => result?.done)).toHaveLength(1);
    const moved = await connected(issuer, address);
    expect(moved.tenant).toBe(id);
    expect(await todosOf(moved)).toEqual(todos);
  });

  describe.for(['broken', 'answer lost'] as const)('with a table that fails: %s', (fault) => {
    test.for([0, 1, 2, 3, 4])('after %i transactions, it goes on where it was', async (passing) => {
      const [id, person] = [await newTenant(), await connected(issuer)];
      const { address } = person;
      const todos = await manyTodos(person, 60);
      const input = { address, tenant: id };
      aws.spoil('TransactWriteItems', fault, Number.POSITIVE_INFINITY, passing);
      const begun = await operator.invoke<Step>('people move', input);
      const ended = await operator.invoke<Step>('people move', input, QUIET);
      aws.heal();
      expect(ended.result?.done, JSON.stringify([begun, ended])).toBeUndefined();
      const { tenant } = await shown(address);
      if (tenant !== id) await finish('people move', input, QUIET);
      expect(await isAlive(person)).toEqual([false, 400]);
      const moved = await connected(issuer, address);
      expect(moved.tenant).toBe(id);
      expect(await todosOf(moved)).toEqual(todos);
      expect(await table.itemsAt(`TODO#${person.tenant}#${person.subject}`)).toEqual([]);
      expect(await members(id)).toEqual([address]);
    });
  });
});

describe('tenants remove-member', () => {
  test('takes out who has signed in, and leaves what they kept to the tenant', async () => {
    const [id, address] = [await newTenant(), newAddress()];
    await operator.result('tenants add-member', { id, address, role: 'admin' });
    const person = await connected(issuer, address);
    const todos = await manyTodos(person, 3);
    const { stdout } = await operator.run('tenants', 'remove-member', id, address);
    expect(stdout).toContain(`${address} is no longer a member of ${id}. Grants ended: 1.`);
    expect(await members(id)).toEqual([]);
    expect(await isAlive(person)).toEqual([false, 400]);
    const own = await connected(issuer, address);
    expect(own).toMatchObject({ subject: person.subject, tenant: `personal-${person.subject}`, role: 'member' });
    expect(await todosOf(own)).toEqual([]);

    await newTodo(issuer, own.tokens.access_token, { title: 'My own' });
    await move(address, id);
    const back = await connected(issuer, address);
    expect(back).toMatchObject({ tenant: id, role: 'member' });
    expect(await todosOf(back)).toEqual(['My own', ...todos]);
  });

  test('lets what somebody brings along go before what they left behind', async () => {
    const [id, address] = [await newTenant(), newAddress()];
    await operator.result('tenants add-member', { id, address });
    const person = await connected(issuer, address);
    await manyTodos(person, 1);
    const left = await table.itemsAt(`TODO#${id}#${person.subject}`);
    await operator.result('tenants remove-member', { id, address });
    for (const item of left) {
      const todo = { ...(item.todo as object), title: 'Newer' };
      const sk = String(item.sk);
      await table.put({ ...item, pk: `TODO#personal-${person.subject}#${person.subject}`, sk, todo });
    }
    await move(address, id);
    expect(await todosOf(await connected(issuer, address))).toEqual(['Newer', 'Newer']);
  });

  test('lets go of who has not signed in yet', async () => {
    const [id, address] = [await newTenant(), newAddress()];
    await operator.result('tenants add-member', { id, address, role: 'admin' });
    expect((await operator.run('tenants', 'remove-member', id, address)).stdout).toBe(
      `${address} is no longer a member of ${id}.\n`,
    );
    const { tenant, subject, role } = await connected(issuer, address);
    expect([tenant, role]).toEqual([`personal-${subject}`, 'member']);
    const again = await operator.refusal('tenants remove-member', { id, address });
    expect(again).toBe(`${address} is no member of ${id}`);
  });

  test('interrupted, goes on where it was', async () => {
    for (const passing of [0, 1, 2]) {
      const [id, address] = [await newTenant(), newAddress()];
      await operator.result('tenants add-member', { id, address });
      const person = await connected(issuer, address);
      aws.spoil('TransactWriteItems', 'broken', Number.POSITIVE_INFINITY, passing);
      expect((await operator.invoke('tenants remove-member', { id, address })).ok).toBe(false);
      aws.heal();
      if (passing > 0) expect(await isAccepted(issuer, person.tokens.access_token)).toBe(false);
      expect(await operator.result('tenants remove-member', { id, address })).toMatchObject({ done: true });
      expect(await isAlive(person)).toEqual([false, 400]);
      expect((await connected(issuer, address)).tenant).toBe(`personal-${person.subject}`);
      expect(await members(id)).toEqual([]);
    }
  });

  test('and a first sign-in at the same moment agree', async () => {
    const id = await newTenant();
    const rounds = Array.from({ length: 6 }, async () => {
      const address = newAddress();
      await operator.result('tenants add-member', { id, address });
      const { client_id } = await register(issuer);
      const signingIn = connect(issuer, { address });
      const [{ ok }] = await Promise.all([operator.invoke('tenants remove-member', { id, address }), signingIn]);
      return { address, ok, client_id };
    });
    for (const { address, ok } of await Promise.all(rounds)) {
      const { tenant, subject } = await connected(issuer, address);
      expect(tenant).toBe(ok ? `personal-${subject}` : id);
      expect((await members(id)).includes(address)).toBe(!ok);
    }
  });
});

/** What can be open for a person: each gives what still goes on with it. */
async function openThings(address: string) {
  const person = await connected(issuer, address);
  const known = new Browser(issuer, newSourceIp());
  const { client_id: clientId } = await register(issuer);
  const visit = () => known.open(authorizePath(clientId, newPkce().challenge));
  const consent = await reachConsent(issuer, known, await visit(), address);
  const redemption = await newRedemption(issuer, {}, { address });
  const typing = await beforeSignIn(issuer, address);
  return {
    person,
    redemption,
    typing,
    consent,
    approving: () => approving(known, consent),
    visiting: visit,
    known,
    goesOn: async () => ({
      'an access token': await isAccepted(issuer, person.tokens.access_token),
      'a refresh token': (await refresh(issuer, person.clientId, person.tokens.refresh_token)).status === 200,
      'a code that was not redeemed': (await redeem(issuer, redemption)).status === 200,
      'a code that was mailed': offeredScopes(await typing()).length > 0,
      'a session': offeredScopes(await visit()).length > 0,
      'a consent page': (await approving(known, consent)).status === 303,
    }),
  };
}

function approving(browser: Browser, { page, fields }: Awaited<ReturnType<typeof reachConsent>>) {
  const form = new URLSearchParams({ ...fields, decision: 'approve' });
  for (const scope of offeredScopes(page)) form.append('scope', scope);
  return browser.post('/authorize/consent', form);
}

const nothing = {
  'an access token': false,
  'a refresh token': false,
  'a code that was not redeemed': false,
  'a code that was mailed': false,
  'a session': false,
  'a consent page': false,
};

describe('nothing from before counts', () => {
  test('everything that a test opens goes on while nobody ends it', async () => {
    const { goesOn } = await openThings(newAddress());
    expect(Object.values(await goesOn())).toEqual(Array(6).fill(true));
  });

  test.for<[string, (address: string) => Promise<unknown>]>([
    ['people end-grants', (address) => operator.result('people end-grants', { address })],
    ['people end-everything', (address) => operator.result('people end-everything', { address })],
    [
      'people disable, though people enable comes after it',
      async (address) => {
        await operator.result('people disable', { address });
        await operator.result('people enable', { address });
      },
    ],
    [
      'the removal from a tenant',
      async (address) => {
        const id = await newTenant();
        await move(address, id);
        await finish('tenants remove-member', { id, address });
      },
    ],
  ])('after %s', async ([, end]) => {
    const address = newAddress();
    const { goesOn } = await openThings(address);
    await end(address);
    expect(await goesOn()).toEqual(nothing);
    expect(await isAlive(await connected(issuer, address))).toEqual([true, 200]);
  });

  test('says at the command line what it has ended', async () => {
    const { address } = await connected(issuer);
    const { stdout } = await operator.run('people', 'end-everything', address);
    expect(stdout).toBe(
      `Nothing that was begun as ${address} before is valid any more. Grants ended: 1. They can sign in again.\n`,
    );
  });
});

describe('people end-everything at the very moment when', () => {
  const ending = (address: string) => () => operator.result('people end-everything', { address });

  test('a code is redeemed leaves no grant', async () => {
    const address = newAddress();
    const { redemption } = await openThings(address);
    aws.before('TransactWriteItems', 'usedAt', ending(address));
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_grant');
    expect((await shown(address)).grants).toBe(0);
  });

  test('a mailed code is typed leaves no session', async () => {
    const address = newAddress();
    const { typing } = await openThings(address);
    aws.before('TransactWriteItems', 'sessionSalt', ending(address));
    const page = await typing();
    expect(page.status).toBe(400);
    expect(page.headers.getSetCookie()).toEqual([]);
  });

  test('a person approves gives no code', async () => {
    const address = newAddress();
    const { approving: approve } = await openThings(address);
    aws.before('TransactWriteItems', 'decision', ending(address));
    const page = await approve();
    expect(page.status).toBe(400);
    expect(page.headers.has('location')).toBe(false);
  });

  test('a window begins with a session leaves nothing to approve with', async () => {
    const address = newAddress();
    const { visiting, known } = await openThings(address);
    aws.before('TransactWriteItems', 'SIGNIN#', ending(address));
    const page = await visiting();
    const answer = await approving(known, { page, fields: hiddenFields(page) });
    expect(answer.headers.has('location')).toBe(false);
  });

  test('a window goes on from another one leaves nothing to approve with', async () => {
    const address = newAddress();
    const browser = new Browser(issuer, newSourceIp());
    const { client_id } = await register(issuer);
    const open = () => browser.open(authorizePath(client_id, newPkce().challenge));
    const [first, second] = [await open(), await open()];
    await reachConsent(issuer, browser, first, address);
    aws.before('UpdateItem', 'principal', ending(address));
    const fields = hiddenFields(second);
    const page = await browser.post('/authorize/email', { ...fields, email: address });
    const answer = await approving(browser, { page, fields });
    expect(answer.headers.has('location')).toBe(false);
  });

  test('a token is refreshed leaves no token that works', async () => {
    const { person } = await openThings(newAddress());
    aws.before('UpdateItem', 'ratchet', ending(person.address));
    const response = await refresh(issuer, person.clientId, person.tokens.refresh_token);
    if (response.status === 200) {
      const tokens = (await response.json()) as typeof person.tokens;
      expect(await isAlive({ ...person, tokens })).toEqual([false, 400]);
    }
    expect(await isAlive(person)).toEqual([false, 400]);
  });
});

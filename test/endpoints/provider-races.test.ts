import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#core/oauth/digest.ts';
import { operate } from '../support/admin-lambda.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { type Browser, offeredScopes, type Page } from '../support/browser.ts';
import { newTenant } from '../support/machines.ts';
import { Operator } from '../support/operator.ts';
import type { Orders } from '../support/outside.ts';
import { startOutsideStack } from '../support/outside-stack.ts';

/** What groups make of people. Those without one sign in as ever. */
const groups = {
  rules: [
    { value: 'bosses', tenant: 'grouped', role: 'admin' },
    { value: 'staff', tenant: 'grouped' },
  ],
  others: 'allow',
};

let aws: Aws;
let outside: Awaited<ReturnType<typeof startOutsideStack>>;
let issuer: string;

beforeAll(async () => {
  aws = await startAws();
  outside = await startOutsideStack({ more: { corp: { domains: ['corp.example'], groups } }, env: aws.env });
  issuer = outside.stack.issuer;
  await operate(issuer, 'tenants add', { id: 'grouped' });
  // All Lambdas have started by then: what waits in the middle of a call waits for little.
  await signIn(outside.newPerson(), ['staff']);
});
afterEach(() => aws.heal());
afterAll(async () => {
  await outside?.stop();
  await aws?.stop();
});

/** Somebody whom the provider is about to send back, with the groups that it will name. */
type Returning = { readonly browser: Browser; readonly answer: string; readonly orders: Orders };

async function sentBack(person: string, named: readonly string[]): Promise<Returning> {
  const window = await outside.newWindow();
  const orders = { person, token: { groups: named } };
  return { browser: window.browser, answer: await outside.sent(window, orders), orders };
}

/** Lets them come back, and does something else just before what the groups make of them is written. */
async function comeBack({ browser, answer, orders }: Returning, meanwhile?: () => Promise<unknown>): Promise<Page> {
  await outside.providers.order(orders);
  if (meanwhile) aws.before('TransactWriteItems', '"membership"', meanwhile);
  return browser.open(answer);
}

const signIn = async (person: string, named: readonly string[], meanwhile?: () => Promise<unknown>) =>
  comeBack(await sentBack(person, named), meanwhile);

/** What somebody is: as a person, and in the list of these members. */
async function standing(address: string, id = 'grouped'): Promise<object> {
  const { tenant, role } = (await operate(issuer, 'people show', { address })) as { tenant: string; role: string };
  const { members } = (await operate(issuer, 'tenants show', { id })) as { members: { address: string }[] };
  return { tenant, role, members: members.filter((member) => member.address === address) };
}

const entered = (id: string, role: string) => (address: string) =>
  operate(issuer, 'tenants add-member', { id, address, role });

describe('two windows of one person whose groups differ', () => {
  type Case = {
    readonly before?: (address: string) => Promise<unknown>;
    readonly quick: readonly string[];
    readonly slow: readonly string[];
    readonly role: string;
  };

  test.for<[string, Case]>([
    ['is new', { quick: ['bosses'], slow: ['staff'], role: 'member' }],
    ['was a member before', { before: (one) => signIn(one, ['staff']), quick: [], slow: ['bosses'], role: 'admin' }],
    ['was entered as a member', { before: entered('grouped', 'member'), quick: [], slow: ['bosses'], role: 'admin' }],
    ['was entered as an admin', { before: entered('grouped', 'admin'), quick: ['bosses'], slow: [], role: 'member' }],
  ])('make them what the last one says, who %s', async ([, { before, quick, slow, role }]) => {
    const person = outside.newPerson();
    await before?.(person);
    const [first, last] = [await sentBack(person, quick), await sentBack(person, slow)];
    const pages: Page[] = [];
    pages.push(await comeBack(last, async () => pages.push(await comeBack(first))));
    expect(pages.map(({ status }) => status)).toEqual([303, 303]);
    expect(offeredScopes(await last.browser.open(pages[1]?.headers.get('location') ?? ''))).not.toEqual([]);
    const member = expect.objectContaining({ role, signed_in: true });
    expect(await standing(person)).toEqual({ tenant: 'grouped', role, members: [member] });
  });
});

test('somebody whose groups make them an admin no more does not come in as one, if that cannot be written', async () => {
  const person = outside.newPerson();
  await signIn(person, ['bosses']);
  await new Operator(aws.table).remove({ pk: 'TENANT#grouped', sk: `MEMBER#${sha256(person)}` });
  expect((await signIn(person, [])).status).toBe(502);
});

describe('an operator who gives somebody another tenant while their groups are looked at', () => {
  test('is heard, and their groups give them nothing there, who is new', async () => {
    const [person, id] = [outside.newPerson(), await newTenant(issuer)];
    const page = await signIn(person, ['bosses'], () => entered(id, 'member')(person));
    expect(page.status).toBe(403);
    const member = expect.objectContaining({ role: 'member', signed_in: false });
    expect(await standing(person, id)).toEqual({ tenant: id, role: 'member', members: [member] });
    expect(await standing(person)).toMatchObject({ members: [] });
  });

  test('is heard, and their groups give them nothing there, who was a member before', async () => {
    const [person, id] = [outside.newPerson(), await newTenant(issuer)];
    await signIn(person, ['staff']);
    const page = await signIn(person, ['bosses'], async () => {
      for (const seconds of [0, 46]) await operate(issuer, 'people move', { address: person, tenant: id }, seconds);
    });
    expect(page.status).toBe(403);
    const member = expect.objectContaining({ role: 'member', signed_in: true });
    expect(await standing(person, id)).toEqual({ tenant: id, role: 'member', members: [member] });
    expect(await standing(person)).toMatchObject({ members: [] });
  });
});

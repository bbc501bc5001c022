import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { heading, offeredScopes } from '../support/browser.ts';
import { approve, beginSignIn, isAccepted, newAddress, reachConsent, refresh } from '../support/flow.ts';
import { askModern, callTool, outputOf, resultOf } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { connected, type Member, newMember } from '../support/people.ts';
import { newRedemption, redeem, redeemed, redemptionOf, refusal } from '../support/redemption.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStackWithTools({}, { env: aws.env });
  issuer = stack.issuer;
  operator = new Operator(aws.table);
});
afterEach(() => aws.heal());
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

/** A domain that no other test uses, and somebody there. */
function newDomain(): { readonly domain: string; readonly address: string } {
  const domain = `${randomUUID()}.example`;
  return { domain, address: `someone@${domain}` };
}

/** The tenant that somebody works in, as the server itself says. */
async function tenantOf({ token }: Member): Promise<unknown> {
  return outputOf(await callTool(issuer, token, 'whoami')).tenant;
}

async function mayCallAdminTools({ token }: Member): Promise<boolean> {
  const { tools } = resultOf(await askModern(issuer, token, 'tools/list'));
  return (tools as { readonly name: string }[]).some(({ name }) => name === 'for_admins');
}

function membersOf(tenant: string) {
  return operator.itemsAt(`TENANT#${tenant}`).then((items) => items.filter(({ sk }) => sk !== 'POLICY'));
}

const hash = (address: string) => createHash('sha256').update(address).digest('base64url');

/** What the table does when the person who typed the code is about to be written down. */
const signingIn = ['TransactWriteItems', '"sign_in"'] as const;

test('a tenant from before its policy had copies is under that policy, until it is changed', async () => {
  const tenant = await operator.newTenant();
  const member = await newMember(issuer, operator, tenant, { byPages: true });
  const mayCall = async () => Object.keys((await callTool(issuer, member.token, 'whoami')).message);
  await operator.removeTenant(tenant);
  expect(await mayCall()).toContain('error');
  await operator.setPolicyWithoutCopies(tenant, { tools: ['whoami'] });
  expect(await mayCall()).toContain('result');
  await operator.setPolicy(tenant, { tools: ['list_todos'] });
  expect(await mayCall()).toContain('error');
});

describe('the first sign-in of somebody', () => {
  test('leads to the tenant that their address was entered in', async () => {
    const tenant = await operator.newTenant();
    expect(await tenantOf(await newMember(issuer, operator, tenant, { byPages: true }))).toBe(tenant);
  });

  test('leads to the tenant of their domain', async () => {
    const [tenant, { domain, address }] = [await operator.newTenant(), newDomain()];
    await operator.enterDomain(domain, tenant);
    expect(await tenantOf(await connected(issuer, { address, byPages: true }))).toBe(tenant);
    const shouted = address.replace(domain, domain.toUpperCase());
    expect(await tenantOf(await connected(issuer, { address: `x-${shouted}`, byPages: true }))).toBe(tenant);
  });

  test('leads to the tenant of their address where the domain has another', async () => {
    const [own, { domain, address }] = [await operator.newTenant(), newDomain()];
    await operator.enterDomain(domain, await operator.newTenant());
    expect(await tenantOf(await newMember(issuer, operator, own, { address, byPages: true }))).toBe(own);
  });

  test('does not lead to the tenant of the domain above theirs', async () => {
    const { domain } = newDomain();
    await operator.enterDomain(domain, await operator.newTenant());
    expect(await tenantOf(await connected(issuer, { address: `someone@sub.${domain}`, byPages: true }))).toMatch(
      /^personal-/,
    );
  });

  test('leads to a tenant of their own where nothing was said of them', async () => {
    const [one, other] = [await connected(issuer, { byPages: true }), await connected(issuer, { byPages: true })];
    expect(await tenantOf(one)).toBe(`personal-${one.subject}`);
    expect(await tenantOf(other)).not.toBe(await tenantOf(one));
  });

  test('gives them the role that was entered, and a domain gives none', async () => {
    const [tenant, { domain, address }] = [await operator.newTenant(), newDomain()];
    await operator.enterDomain(domain, tenant);
    expect(await mayCallAdminTools(await newMember(issuer, operator, tenant, { role: 'admin', byPages: true }))).toBe(
      true,
    );
    expect(await mayCallAdminTools(await newMember(issuer, operator, tenant, { byPages: true }))).toBe(false);
    expect(await mayCallAdminTools(await connected(issuer, { address, byPages: true }))).toBe(false);
  });

  test('enters them in the list of members, once, and nobody in a list who has a tenant of their own', async () => {
    const tenant = await operator.newTenant();
    const { address, subject } = await newMember(issuer, operator, tenant, { role: 'admin', byPages: true });
    const sk = `MEMBER#${hash(address)}`;
    const expected = [expect.objectContaining({ sk, address, subject, role: 'admin' })];
    expect(await membersOf(tenant)).toEqual(expected);
    await connected(issuer, { address, byPages: true });
    expect(await membersOf(tenant)).toEqual(expected);
    expect(await membersOf((await connected(issuer, { byPages: true })).tenant)).toEqual([]);
  });
});

describe('somebody who has signed in before', () => {
  test('stays where they are when a domain is added', async () => {
    const [tenant, { domain, address }] = [await operator.newTenant(), newDomain()];
    const before = await connected(issuer, { address, byPages: true });
    await operator.enterDomain(domain, tenant);
    const after = await connected(issuer, { address, byPages: true });
    expect([after.subject, after.tenant]).toEqual([before.subject, `personal-${before.subject}`]);
    expect(await isAccepted(issuer, before.token)).toBe(true);
    expect(await membersOf(tenant)).toEqual([]);
    expect(await tenantOf(await connected(issuer, { address: `other-${address}`, byPages: true }))).toBe(tenant);
  });

  test('stays where they are when the domain leads elsewhere or nowhere', async () => {
    const [tenant, { domain, address }] = [await operator.newTenant(), newDomain()];
    await operator.enterDomain(domain, tenant);
    await connected(issuer, { address, byPages: true });
    await operator.enterDomain(domain, await operator.newTenant());
    expect(await tenantOf(await connected(issuer, { address, byPages: true }))).toBe(tenant);
    await operator.remove({ pk: `DOMAIN#${domain}`, sk: 'DOMAIN' });
    expect(await tenantOf(await connected(issuer, { address, byPages: true }))).toBe(tenant);
  });
});

describe('an operator who speaks in the middle of a first sign-in', () => {
  test('is heard: the address belongs to the tenant that they say', async () => {
    const [tenant, address] = [await operator.newTenant(), newAddress()];
    aws.before(...signingIn, () => operator.enterAddress(address, tenant, 'admin'));
    const member = await connected(issuer, { address, byPages: true });
    expect(await tenantOf(member)).toBe(tenant);
    expect(await mayCallAdminTools(member)).toBe(true);
  });

  test('is heard where the domain had another', async () => {
    const [tenant, { domain, address }] = [await operator.newTenant(), newDomain()];
    await operator.enterDomain(domain, await operator.newTenant());
    aws.before(...signingIn, () => operator.enterAddress(address, tenant));
    expect(await tenantOf(await connected(issuer, { address, byPages: true }))).toBe(tenant);
  });

  test('is heard when they change the tenant, and only the role', async () => {
    const [first, second] = [await operator.newTenant(), await operator.newTenant()];
    const [one, other] = [newAddress(), newAddress()];
    aws.before(...signingIn, () => operator.enterAddress(one, second));
    expect(await tenantOf(await newMember(issuer, operator, first, { address: one, byPages: true }))).toBe(second);
    aws.before(...signingIn, () => operator.enterAddress(other, first, 'member'));
    const demoted = await newMember(issuer, operator, first, { address: other, role: 'admin', byPages: true });
    expect(await mayCallAdminTools(demoted)).toBe(false);
  });

  test('is asked for what the new tenant lets them grant', async () => {
    const [tenant, address] = [await operator.newTenant({ scopes: ['profile:read'] }), newAddress()];
    aws.before(...signingIn, () => operator.enterAddress(address, tenant));
    const { browser, page } = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, browser, page, address);
    expect(offeredScopes(consent.page)).toEqual(['profile:read']);
  });
});

test('two first sign-ins at the same moment make one person, in one tenant', async () => {
  const [tenant, { domain, address }] = [await operator.newTenant(), newDomain()];
  await operator.enterDomain(domain, tenant);
  let other: Promise<Member> | undefined;
  aws.before(...signingIn, async () => {
    other = connected(issuer, { address, byPages: true });
    await other;
  });
  const one = await connected(issuer, { address, byPages: true });
  expect((await other)?.subject).toBe(one.subject);
  expect(await tenantOf(one)).toBe(tenant);
  expect(await membersOf(tenant)).toEqual([expect.objectContaining({ address, subject: one.subject })]);
});

describe('somebody who was moved to another tenant', () => {
  test('is met as a stranger by the browser that knew them', async () => {
    const [before, after, address] = [await operator.newTenant(), await operator.newTenant(), newAddress()];
    await operator.enterAddress(address, before);
    const { browser, page } = await beginSignIn(issuer);
    await reachConsent(issuer, browser, page, address);
    expect(offeredScopes((await beginSignIn(issuer, { browser })).page)).not.toEqual([]);
    await operator.move(address, after);
    const { page: again } = await beginSignIn(issuer, { browser });
    expect(again.html).toContain('name="email"');
    expect(again.html).not.toContain('name="scope"');
  });

  test('has no use of the grants that they gave before', async () => {
    const member = await newMember(issuer, operator, await operator.newTenant(), { byPages: true });
    await operator.move(member.address, await operator.newTenant());
    expect(await isAccepted(issuer, member.token)).toBe(false);
    const again = await refresh(issuer, member.clientId, member.tokens.refresh_token);
    expect(await refusal(again)).toBe('400 invalid_grant');
  });

  test('has no use of a code that they approved before', async () => {
    const [tenant, address] = [await operator.newTenant(), newAddress()];
    await operator.enterAddress(address, tenant);
    const redemption = await newRedemption(issuer, {}, { address });
    await operator.move(address, await operator.newTenant());
    expect(await refusal(await redeem(issuer, redemption))).toBe('400 invalid_grant');
  });

  test('is told to connect again by the page that was open', async () => {
    const [tenant, address] = [await operator.newTenant(), newAddress()];
    await operator.enterAddress(address, tenant);
    const { browser, page } = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, browser, page, address);
    await operator.move(address, await operator.newTenant());
    const form = new URLSearchParams({ ...consent.fields, decision: 'approve', scope: 'todos:read' });
    const stale = await browser.post('/authorize/consent', form);
    expect([stale.status, stale.headers.get('location')]).toEqual([400, null]);
    expect(heading(stale)).toBe('This sign-in has ended');
    expect(stale.html).toContain('Go back to the app and connect again');
  });

  test('signs in to the new tenant with the code that was on its way', async () => {
    const [before, after, address] = [await operator.newTenant(), await operator.newTenant(), newAddress()];
    await newMember(issuer, operator, before, { address, byPages: true });
    aws.before('UpdateItem', 'triesLeft', () => operator.move(address, after));
    expect(await tenantOf(await connected(issuer, { address, byPages: true }))).toBe(after);
  });

  test('signs in to neither tenant while the two are not of one mind', async () => {
    const member = await newMember(issuer, operator, await operator.newTenant(), { byPages: true });
    await operator.enterAddress(member.address, await operator.newTenant());
    const { address } = member;
    await operator.put({ ...(await addressItem(address)), subject: member.subject });
    const { browser, page } = await beginSignIn(issuer);
    const { page: refused } = await reachConsent(issuer, browser, page, address);
    expect(refused.status).toBe(403);
    expect(offeredScopes(refused)).toEqual([]);
  });

  async function addressItem(address: string) {
    const key = { pk: `EMAIL#${hash(address)}`, sk: 'EMAIL' };
    return { ...(await operator.itemAt(key)), ...key };
  }
});

test('a tenant that goes after the consent leaves a grant that is good for nothing', async () => {
  const [tenant, address] = [await operator.newTenant(), newAddress()];
  await operator.enterAddress(address, tenant);
  const { browser, page, clientId, verifier } = await beginSignIn(issuer);
  const consent = await reachConsent(issuer, browser, page, address);
  const sent = await approve(browser, consent);
  await operator.removeTenant(tenant);
  const { access_token } = await redeemed(issuer, redemptionOf({ clientId, verifier }, sent));
  expect(resultOf(await askModern(issuer, access_token, 'tools/list')).tools).toEqual([]);
});

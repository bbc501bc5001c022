import { randomInt } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { Browser, hiddenFields } from '../support/browser.ts';
import { Clock, untilFreshMinute } from '../support/clock.ts';
import { authorizePath, newAddress, newPkce, newSourceIp, register } from '../support/flow.ts';
import { callTool } from '../support/mcp.ts';
import { connected } from './admin-person.ts';
import { Operator } from './admin-process.ts';

const issuer = inject('issuer');
const operator = new Operator(issuer);

type Used = {
  readonly limit: string;
  readonly of?: string;
  readonly window: string;
  readonly used: number;
  readonly most: number;
  readonly is_full: boolean;
  readonly free_at: string;
};
type Shown = { readonly used: readonly Used[] };

function newIp() {
  const headers = newSourceIp();
  return { headers, ip: headers['x-local-source-ip'] ?? '' };
}

/** Asks for a code for an address from a network, and gives the status of the answer. */
async function askForCode(address: string, headers: Record<string, string>): Promise<number> {
  const { client_id } = await register(issuer, {}, headers);
  const browser = new Browser(issuer, headers);
  const first = await browser.open(authorizePath(client_id, newPkce().challenge));
  return (await browser.post('/authorize/email', { ...hiddenFields(first), email: address })).status;
}

const limitsIn = ({ used }: Shown) => [...new Set(used.map(({ limit }) => limit))].sort();

test('limits show says what a person has used, under which grant, and when it is free again', async () => {
  const clock = new Clock();
  clock.advance(untilFreshMinute());
  const { address, tokens } = await connected(issuer);
  await callTool(issuer, tokens.access_token, 'whoami', {}, clock.headers);
  const { grants } = await operator.json<{ grants: { grant_id: string }[] }>('grants', 'list', address);
  const shown = await operator.result<Shown>('limits show', { address }, clock.aheadSeconds);
  expect(limitsIn(shown)).toEqual(expect.arrayContaining(['callsPerGrant', 'callsPerPerson', 'grantsPerPerson']));
  const ofMinute = (limit: string) => shown.used.find((one) => one.limit === limit && one.window === 'minute');
  expect(ofMinute('callsPerGrant')).toMatchObject({ of: grants[0]?.grant_id, used: 1, most: 300, is_full: false });
  expect(ofMinute('callsPerPerson')).toMatchObject({ used: 1, most: 600 });
  expect(ofMinute('callsPerPerson')).not.toHaveProperty('of');
  expect(ofMinute('callsPerPerson')?.free_at).toMatch(/:00\.000Z$/);
  const { stdout } = await operator.run('limits', 'show', address);
  expect(stdout).toMatch(/grantsPerPerson +day +1 +100 +\d{4}-\d\d-\d\dT00:00:00Z$/m);
});

test('limits reset lets an address ask for codes again that has used up its own, and is recorded', async () => {
  const clock = new Clock();
  clock.advance(untilFreshMinute());
  const { headers, ip: network } = newIp();
  const sent = { ...headers, ...clock.headers };
  const address = newAddress();
  const statuses = [];
  for (let time = 0; time < 4; time += 1) statuses.push(await askForCode(address, sent));
  expect(statuses).toEqual([200, 200, 200, 429]);
  const whose = { address, network };
  const { used } = await operator.result<Shown>('limits show', whose, clock.aheadSeconds);
  const full = used.filter(({ is_full }) => is_full);
  const minute = { window: 'minute', used: 3, most: 3 };
  expect(full).toMatchObject([
    { ...minute, limit: 'mailsPerAddressAndNetwork' },
    { ...minute, limit: 'mailsPerAddress', of: 'mails to it as a new address' },
  ]);

  const { reset } = await operator.result<{ reset: string[] }>('limits reset', whose, clock.aheadSeconds);
  expect(reset).toContain('mailsPerAddressAndNetwork');
  expect(await askForCode(address, sent)).toBe(200);
  await operator.json('tenants', 'add', `limits-${network.replaceAll('.', '-')}`);
  await operator.json('tenants', 'add-member', `limits-${network.replaceAll('.', '-')}`, address);
  const { address_hash } = await operator.json<{ address_hash: string }>('people', 'show', address);
  const { stdout: changes } = await operator.run('audit', '--tenant', 'operator', '--since', '5m');
  expect(changes).toContain(`command=limits reset  target=${address_hash}`);
});

test('limits show and reset take a network by an address in it', async () => {
  const { headers, ip: network } = newIp();
  const ahead = untilFreshMinute();
  await register(issuer, {}, { ...headers, 'x-local-clock-offset': String(ahead) });
  const shown = await operator.result<Shown>('limits show', { network }, ahead);
  expect(shown.used).toMatchObject([{ limit: 'registrationsPerIp', of: network, used: 1 }]);
  const reset = await operator.result('limits reset', { network }, ahead);
  expect(reset).toEqual({ network, reset: ['registrationsPerIp'] });
  expect(await operator.result<Shown>('limits show', { network }, ahead)).toMatchObject({ used: [] });
});

test('limits show counts all of an IPv6 network, and those around it', async () => {
  const network = `2001:db8:${randomInt(1, 0x1_0000).toString(16)}`;
  const ahead = untilFreshMinute();
  const later = { 'x-local-clock-offset': String(ahead) };
  await register(issuer, {}, { ...later, 'x-local-source-ip': `${network}:1::1` });
  await register(issuer, {}, { ...later, 'x-local-source-ip': `${network}:2::1` });
  const { used } = await operator.result<Shown>('limits show', { network: `${network}:1::9` }, ahead);
  expect(used.map(({ of, used }) => [of, used])).toEqual([
    [`${network}:1::/64`, 1],
    [`${network}::/56`, 2],
    [`${network}::/48`, 2],
  ]);
});

test('limits reset names what begins anew', async () => {
  const { address } = await connected(issuer);
  const reset = await operator.run('limits', 'reset', address);
  expect(reset).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Reset for .*: .*grantsPerPerson/) });
});

test('what nobody has used is neither shown nor recorded', async () => {
  const address = newAddress();
  expect(await operator.run('limits', 'show', address)).toMatchObject({ code: 0, stdout: 'Nothing is used now.\n' });
  const reset = await operator.run('limits', 'reset', address);
  expect(reset).toMatchObject({ code: 0, stdout: 'Nothing was used, so nothing changed.\n' });
});

test.for([
  [['somebody'], 'somebody is not an email address that mail can be sent to.'],
  [['203.0.113.7', '--network', '203.0.113.7'], '--network goes with an email address'],
  [['anna@acme.example', '--network', 'office'], 'The network must be an IP address.'],
] as const)('limits show %j is refused', async ([words, says]) => {
  const { code, stderr } = await operator.run('limits', 'show', ...words);
  expect(code).not.toBe(0);
  expect(stderr).toContain(says);
});

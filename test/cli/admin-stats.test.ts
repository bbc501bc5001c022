import { randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { beginSignIn, newAddress } from '../support/flow.ts';
import { callTool } from '../support/mcp.ts';
import { connected } from './admin-person.ts';
import { admin, Operator } from './admin-process.ts';

const issuer = inject('issuer');
const operator = new Operator(issuer);

type Stats = {
  readonly people: number;
  readonly new_people: number;
  readonly clients: number;
  readonly sign_ins: number;
  readonly new_connections: number;
  readonly calls: number;
  readonly refused: number;
  readonly is_complete: boolean;
  readonly tools: readonly object[];
  readonly by_client: readonly { readonly client: string; readonly people: number; readonly calls: number }[];
  readonly refusals: readonly object[];
  readonly days: readonly { readonly day: string; readonly calls: number; readonly calls_that_failed: number }[];
};

/** A tenant with two people: each has connected a client, one has a call that failed, and one typed a wrong code. */
async function newTenant() {
  const id = randomUUID();
  const addresses = [newAddress(), newAddress()] as const;
  await operator.json('tenants', 'add', id);
  for (const address of addresses) await operator.json('tenants', 'add-member', id, address);
  const [anna, ben] = [await connected(issuer, addresses[0]), await connected(issuer, addresses[1])];
  await callTool(issuer, anna.tokens.access_token, 'list_todos');
  await callTool(issuer, ben.tokens.access_token, 'get_todo', { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
  const { browser, fields } = await beginSignIn(issuer);
  await browser.post('/authorize/email', { ...fields, email: addresses[0] });
  await browser.post('/authorize/code', { ...fields, code: 'AAAA-AAAA' });
  return { id, anna, ben };
}

test('stats counts people, clients, connections and calls of a tenant by day', async () => {
  const { id, anna } = await newTenant();
  const { days, ...totals } = await operator.json<Stats>('stats', '--tenant', id, '--days', '2');
  expect(totals).toMatchObject({ people: 2, new_people: 2, clients: 1, sign_ins: 2, new_connections: 2, calls: 4 });
  expect(totals.is_complete).toBe(true);
  const none = { allowed: 0, asked: 0, declined: 0, denied: 0, failed: 0 };
  expect(totals.tools).toEqual([
    { tool: 'get_todo', calls: 1, ...none, failed: 1 },
    { tool: 'list_todos', calls: 1, ...none, allowed: 1 },
    { tool: 'whoami', calls: 2, ...none, allowed: 2 },
  ]);
  expect(totals.by_client).toEqual([{ client: expect.any(String), people: 2, calls: 4 }]);
  expect([totals.refusals, totals.refused]).toEqual([[{ event: 'wrong_code', times: 1 }], 1]);
  expect(days.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
  expect(days.reduce((sum, { calls_that_failed: failed }) => sum + failed, 0)).toBe(1);

  const ofPerson = await operator.json<Stats>('stats', '--person', anna.address, '--days', '2');
  expect(ofPerson).toMatchObject({ people: 1, clients: 1, sign_ins: 1, calls: 2 });

  // Once, since it reads the audit of each tenant that other tests have added.
  const { stdout: ofAll } = await operator.run('stats', '--days', '1');
  expect(Number(/^ +people +(\d+)$/m.exec(ofAll)?.[1])).toBeGreaterThanOrEqual(2);
  expect(ofAll).toContain('This counts only the tenants that you added.');
  const { stdout } = await operator.run('stats', '--tenant', id, '--days', '2');
  expect(stdout).toMatch(/^ +people +2$/m);
  expect(stdout).toMatch(/^ +new_people +2$/m);
  expect(stdout).toMatch(/^day +new_people +sign_ins +new_connections +calls +calls_that_failed$/m);
  expect(stdout).toMatch(/^whoami +2 +2 +0 +0 +0 +0$/m);
  expect(stdout).toMatch(/^client +people +calls$/m);
  expect(stdout).toMatch(/^wrong_code +1$/m);
  expect(stdout).not.toContain('the tenants that you added');
});

test('stats of a tenant in which nothing happened says so', async () => {
  const id = randomUUID();
  await operator.json('tenants', 'add', id);
  const { code, stdout } = await operator.run('stats', '--tenant', id);
  expect({ code, says: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, says: 'Nothing was recorded.' });
});

test.for(['0', '401', '1.5', 'many', ''])('stats --days %j is refused', async (days) => {
  const run = await admin(['stats', `--days=${days}`, '--local', issuer]);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('--days must be a whole number up to 400') });
});

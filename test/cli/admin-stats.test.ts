import { randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { newAddress } from '../support/flow.ts';
import { callTool } from '../support/mcp.ts';
import { connected } from './admin-person.ts';
import { admin, Operator } from './admin-process.ts';

const issuer = inject('issuer');
const operator = new Operator(issuer);

type Stats = {
  readonly people: number;
  readonly clients: number;
  readonly sign_ins: number;
  readonly new_connections: number;
  readonly calls: number;
  readonly is_complete: boolean;
  readonly days: readonly { readonly day: string; readonly calls: number; readonly calls_that_failed: number }[];
};

/** A tenant with two people: each has connected a client, and one has a call that failed. */
async function newTenant() {
  const id = randomUUID();
  const addresses = [newAddress(), newAddress()] as const;
  await operator.json('tenants', 'add', id);
  for (const address of addresses) await operator.json('tenants', 'add-member', id, address);
  const [anna, ben] = [await connected(issuer, addresses[0]), await connected(issuer, addresses[1])];
  await callTool(issuer, anna.tokens.access_token, 'list_todos');
  await callTool(issuer, ben.tokens.access_token, 'get_todo', { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
  return { id, anna, ben };
}

test('stats counts people, clients, connections and calls of a tenant by day', async () => {
  const { id, anna } = await newTenant();
  const { days, ...totals } = await operator.json<Stats>('stats', '--tenant', id, '--days', '2');
  expect(totals).toMatchObject({ people: 2, clients: 1, sign_ins: 2, new_connections: 2, calls: 4, is_complete: true });
  expect(days.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
  expect(days.reduce((sum, { calls_that_failed: failed }) => sum + failed, 0)).toBe(1);

  const ofPerson = await operator.json<Stats>('stats', '--person', anna.address, '--days', '2');
  expect(ofPerson).toMatchObject({ people: 1, clients: 1, sign_ins: 1, calls: 2 });

  const ofAll = await operator.json<Stats>('stats', '--days', '2');
  expect(ofAll.people).toBeGreaterThanOrEqual(2);
  const { stdout } = await operator.run('stats', '--tenant', id, '--days', '2');
  expect(stdout).toMatch(/^ +people +2$/m);
  expect(stdout).toMatch(/^day +sign_ins +new_connections +calls +calls_that_failed$/m);
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

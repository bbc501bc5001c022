import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../support/csv.ts';
import { callTool } from '../support/mcp.ts';
import { startTenants, type TenantsApart } from '../support/tenants.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

type Purge = { readonly deleted: number; readonly more: boolean };
type Search = { readonly found: number };

type Said = 'accept' | 'decline';

const confirmed = { confirm: true };

let tenants: TenantsApart;
beforeAll(async () => {
  tenants = await startTenants();
});
afterAll(() => tenants?.stop());

const purge = (person: ToolClient) => person.run<Purge>('admin_purge', confirmed);
const countOf = async (person: ToolClient) =>
  (await person.run<Search>('search_documents', { query: 'document' })).found;

const write = (person: ToolClient, text = 'text') =>
  person.run<{ readonly id: string }>('save_document', { title: 'Document', text });

/** A tenant with an admin, a member, a document of each, and a todo of each. */
async function workspace(says?: (question: string) => Said | Promise<Said>) {
  const tenant = await tenants.newTenant();
  const admin = await tenants.connectMember(tenant, { role: 'admin', ...(says && { says }) });
  const member = await tenants.connectMember(tenant);
  for (const person of [admin, member]) {
    await write(person);
    await person.run('create_todo', { title: 'A todo' });
  }
  return { tenant, admin, member };
}

describe('admin_purge', () => {
  test('deletes everybody’s documents, and leaves todos and other tenants alone', async () => {
    const { admin, member } = await workspace();
    const other = await workspace();
    expect(await purge(admin)).toEqual({ deleted: 2, more: false });
    expect(await countOf(member)).toBe(0);
    expect(await member.run('list_todos')).toMatchObject({ todos: [{ title: 'A todo' }] });
    expect(await countOf(other.member)).toBe(2);
  });

  test('says to clients that it destroys, and which scope it needs', async () => {
    const { admin } = await workspace();
    expect(admin.tools.find(({ name }) => name === 'admin_purge')).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
      _meta: { securitySchemes: [{ type: 'oauth2', scopes: ['workspace:admin'] }] },
    });
  });

  test('may be repeated, and then finds nothing', async () => {
    const { admin } = await workspace();
    await purge(admin);
    expect(await purge(admin)).toEqual({ deleted: 0, more: false });
  });

  test('works beside another one, and beside somebody who goes on writing', async () => {
    const { tenant, admin, member } = await workspace();
    const second = await tenants.connectMember(tenant, { role: 'admin' });
    await tenants.copy(`DOCUMENT#${tenant}`, (await write(member)).id, 150);
    await Promise.all([purge(admin), purge(second), ...Array.from({ length: 10 }, () => write(member))]);
    await purge(admin);
    expect(await countOf(member)).toBe(0);
  });

  test('deletes 250 documents in three transactions, each with an audit item that stays', async () => {
    const { tenant, admin } = await workspace();
    await tenants.copy(`DOCUMENT#${tenant}`, (await write(admin)).id, 247);
    let outcome: Purge | undefined;
    const calls = await tenants.aws.callsDuring(async () => {
      outcome = await purge(admin);
    });
    expect(outcome).toEqual({ deleted: 250, more: false });
    const transactions = calls.filter(({ operation }) => operation === 'TransactWriteItems').map(({ body }) => body);
    expect(transactions.map((body) => body.split('"Delete"').length - 1)).toEqual([99, 99, 52]);
    for (const body of transactions) {
      expect(body.split('"Put"').length - 1).toBe(1);
      expect(body).toMatch(/"Put":.*AUDIT#/);
      expect(body).not.toMatch(/"Delete":\{[^}]*"AUDIT#/);
    }
    const [file] = await admin.files('export_report', { what: 'audit' });
    const purges = readCsv(file?.text ?? '').filter(({ tool }) => tool === 'admin_purge');
    expect(purges.map(({ outcome }) => outcome)).toEqual(['allowed', 'allowed', 'allowed']);
  });

  test('deletes the newest first when there are more than it reads, and says so until none is left', async () => {
    const { tenant, admin } = await workspace();
    const { id } = await write(admin, 'x'.repeat(49_000));
    await tenants.copy(`DOCUMENT#${tenant}`, id, 67);
    const first = await purge(admin);
    expect(first.more).toBe(true);
    expect(first.deleted).toBeGreaterThan(50);
    expect(await purge(admin)).toEqual({ deleted: 70 - first.deleted, more: false });
    expect(await countOf(admin)).toBe(0);
  });
});

describe('the confirmation of admin_purge', () => {
  test('is true and nothing else, and stands alone', async () => {
    const { admin } = await workspace();
    for (const input of [{}, { confirm: false }, { confirm: 'true' }, { confirm: 1 }, { confirm: true, what: 'audit' }])
      expect(await admin.refuse('admin_purge', input)).toMatch(/confirm|what/);
    expect(await countOf(admin)).toBe(2);
  });

  test('is asked of the person too, with the number of documents, where their client can', async () => {
    const questions: string[] = [];
    const { admin } = await workspace((question) => {
      questions.push(question);
      return 'accept';
    });
    expect(await purge(admin)).toEqual({ deleted: 2, more: false });
    expect(questions).toEqual([expect.stringContaining('2 documents')]);
  });

  /** A workspace where something happens while its admin reads the first question, which they agree to, and to no other. */
  async function whileAsked(meanwhile: (member: ToolClient, id: string) => Promise<unknown>) {
    const questions: string[] = [];
    const scene: { member?: ToolClient; id?: string } = {};
    const { tenant, admin, member } = await workspace(async (question) => {
      questions.push(question);
      if (questions.length > 1) return 'decline';
      if (scene.member) await meanwhile(scene.member, scene.id ?? '');
      return 'accept';
    });
    Object.assign(scene, { member, id: (await write(member)).id });
    expect(await admin.refuse('admin_purge', confirmed)).toContain('did not agree');
    expect(questions).toHaveLength(2);
    return { tenant, admin, member, questions };
  }

  test.for<[string, (member: ToolClient, id: string) => Promise<unknown>, number]>([
    ['one more', (member) => write(member, 'new'), 4],
    ['one fewer', (member, id) => member.run('delete_document', { id }), 2],
    ['one that says something else', (member, id) => member.run('save_document', { id, text: 'Keep this' }), 3],
    [
      'another in the place of one',
      async (member, id) => {
        await member.run('delete_document', { id });
        await write(member, 'Keep this');
      },
      3,
    ],
  ])('counts for the documents that were there when it was asked, and not for %s', async ([, meanwhile, left]) => {
    const { member, questions } = await whileAsked(meanwhile);
    expect(await countOf(member)).toBe(left);
    expect(questions[1]).toContain(`${left} documents`);
  });

  test('counts for no more than was shown when there is too much for one transaction', async () => {
    const questions: string[] = [];
    const { tenant, admin, member } = await workspace((question) => {
      questions.push(question);
      return questions.length === 1 ? 'accept' : 'decline';
    });
    const oldest = await write(member);
    await tenants.copy(`DOCUMENT#${tenant}`, (await write(member)).id, 120);
    const change = () => member.run('save_document', { id: oldest.id, text: 'Keep this' });
    tenants.aws.before('TransactWriteItems', oldest.id, change);
    expect(await admin.refuse('admin_purge', confirmed)).toContain('did not agree');
    expect(questions).toEqual([expect.stringContaining('124 documents'), expect.stringContaining('26 documents')]);
    expect(await countOf(member)).toBe(26);
  });

  test('deletes nothing when the person says no', async () => {
    const { admin } = await workspace(() => 'decline');
    expect(await admin.refuse('admin_purge', confirmed)).toContain('did not agree');
    expect(await countOf(admin)).toBe(2);
  });
});

describe('whoever is no admin', () => {
  const purgeOf = (person: ToolClient) =>
    callTool(tenants.issuer, person.tokens.access_token, 'admin_purge', confirmed);

  test('does not see the tool, and is told that there is none', async () => {
    const { member } = await workspace();
    const loner = await connectTools(tenants.issuer);
    for (const person of [member, loner]) {
      expect(person.tools.map(({ name }) => name)).not.toContain('admin_purge');
      expect(person.tokens.scope.split(' ')).not.toContain('workspace:admin');
      const { status, headers, message } = await purgeOf(person);
      expect([status, message.error?.code]).toEqual([200, -32_602]);
      expect(headers.has('www-authenticate')).toBe(false);
    }
    expect(await countOf(member)).toBe(2);
    await loner.close();
  });

  test('an admin who did not grant the scope is challenged for it', async () => {
    const tenant = await tenants.newTenant();
    const cautious = await tenants.connectMember(tenant, { role: 'admin', scopes: ['workspace:write'] });
    await write(cautious);
    const response = await fetch(`${tenants.issuer}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${cautious.tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'admin_purge', arguments: confirmed },
      }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('workspace:admin');
    expect(await countOf(cautious)).toBe(1);
  });
});

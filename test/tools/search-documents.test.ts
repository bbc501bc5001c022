import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tenantsAt } from '../support/tenants.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

type Found = {
  readonly kind: 'document' | 'todo';
  readonly id: string;
  readonly title: string;
  readonly snippet: string;
  readonly updatedAt: string;
};
type Search = { readonly results: readonly Found[]; readonly found: number; readonly complete: boolean };

const tenants = tenantsAt(inject('issuer'));
let tenant: string;
let alice: ToolClient;
let bob: ToolClient;
let mallory: ToolClient;

beforeAll(async () => {
  tenant = await tenants.newTenant();
  alice = await tenants.connectMember(tenant);
  bob = await tenants.connectMember(tenant, { role: 'admin' });
  mallory = await tenants.connectMember(await tenants.newTenant(), { role: 'admin' });
});
afterAll(async () => {
  await Promise.all([alice, bob, mallory].map((person) => person?.close()));
});

const save = (person: ToolClient, title: string, text: string) =>
  person.run<{ readonly id: string }>('save_document', { title, text });
const search = (person: ToolClient, query: string, more: object = {}) =>
  person.run<Search>('search_documents', { query, ...more });
const titles = async (person: ToolClient, query: string) =>
  (await search(person, query)).results.map(({ title }) => title);

describe('search_documents', () => {
  beforeAll(async () => {
    await save(alice, 'Pier repairs', 'The harbour master wants new planks before winter.');
    await save(bob, 'Harbour fees', 'What a berth costs, by length. a.b (c) [d] \\ 50% *');
    await save(alice, 'Minutes', `${'Nothing of note. '.repeat(40)}Then we spoke of the LIGHTHOUSE, and of Ærø.`);
    await alice.run('create_todo', { title: 'Call the harbour', notes: 'Ask for the berth' });
    await alice.run('create_todo', { title: 'Buy milk' });
  });

  test.for([
    ['harbour', ['Call the harbour', 'Harbour fees', 'Pier repairs']],
    ['HARBOUR', ['Call the harbour', 'Harbour fees', 'Pier repairs']],
    ['berth', ['Call the harbour', 'Harbour fees']],
    ['berth harbour', ['Call the harbour', 'Harbour fees']],
    ['harbour berth length', ['Harbour fees']],
    ['harbour  \t plank', ['Pier repairs']],
    ['ærø', ['Minutes']],
    ['milk', ['Buy milk']],
    ['harbour lighthouse', []],
    ['a.b', ['Harbour fees']],
    ['aXb', []],
    ['.*', []],
    ['(c) [d] \\', ['Harbour fees']],
    ['50% *', ['Harbour fees']],
  ] as const)(
    'finds for %j what has all the words, titles first and of those the newest',
    async ([query, expected]) => {
      expect(await titles(alice, query)).toEqual(expected);
    },
  );

  test('finds a word whether its accents are letters of their own or not', async () => {
    await save(alice, 'Cafe\u0301 opening', 'Nine to five');
    expect(await titles(alice, 'caf\u00e9')).toEqual(['Caf\u00e9 opening']);
  });

  test('shows the words in a part of the text, on one line', async () => {
    const { results } = await search(alice, 'lighthouse');
    expect(results).toEqual([
      {
        kind: 'document',
        id: expect.any(String),
        title: 'Minutes',
        snippet: expect.stringMatching(/^….*Then we spoke of the LIGHTHOUSE, and of Ærø\.$/),
        updatedAt: expect.any(String),
      },
    ]);
    expect(results[0]?.snippet.length).toBeLessThan(170);
  });

  test('shows the beginning where the words are in the title alone, and cuts no character in half', async () => {
    await save(alice, 'Zeppelin', `x${'😀'.repeat(200)}`);
    const { results } = await search(alice, 'zeppelin');
    expect(results[0]?.snippet).toMatch(/^x(😀)+…$/u);
    expect(results[0]?.snippet.isWellFormed()).toBe(true);
  });

  test('says that a document is one, and gives the id that get_document takes', async () => {
    const [found] = (await search(alice, 'planks')).results;
    expect(found).toMatchObject({ kind: 'document' });
    expect(await bob.run('get_document', { id: found?.id })).toMatchObject({ title: 'Pier repairs' });
  });

  test('follows a change', async () => {
    const { id } = await save(alice, 'Draft', 'quokka');
    await bob.run('save_document', { id, text: 'wombat' });
    expect(await titles(alice, 'quokka')).toEqual([]);
    expect(await titles(alice, 'wombat')).toEqual(['Draft']);
  });

  test('gives at most as many as asked for, and says how many there are', async () => {
    const { results, found, complete } = await search(alice, 'harbour', { limit: 1 });
    expect([results.length, found, complete]).toEqual([1, 3, true]);
  });

  test.for([
    ['query', {}],
    ['query', { query: '' }],
    ['query', { query: '  ' }],
    ['query', { query: 'x'.repeat(201) }],
    ['limit', { query: 'x', limit: 0 }],
    ['limit', { query: 'x', limit: 51 }],
    ['tenant', { query: 'x', tenant: 'another' }],
    ['subject', { query: 'x', subject: 'somebody-else' }],
  ] as const)('refuses, naming %s: %j', async ([part, input]) => {
    expect(await alice.refuse('search_documents', input)).toContain(part);
  });
});

describe('what a search keeps apart', () => {
  test('a colleague finds the documents, and none of the todos of others, admin or not', async () => {
    await alice.run('create_todo', { title: 'Secret marmalade', notes: 'marmalade' });
    await save(alice, 'Marmalade recipe', 'Oranges');
    expect(await titles(bob, 'marmalade')).toEqual(['Marmalade recipe']);
    expect(await titles(alice, 'marmalade')).toEqual(['Marmalade recipe', 'Secret marmalade']);
  });

  test('another tenant’s people find nothing of either, and a person without a tenant neither', async () => {
    await alice.run('create_todo', { title: 'Order figs' });
    await save(alice, 'Figs', 'figs');
    const loner = await connectTools(tenants.issuer);
    for (const stranger of [mallory, loner]) {
      expect(await search(stranger, 'figs')).toEqual({ results: [], found: 0, complete: true });
    }
    await save(mallory, 'Figs of Mallory', 'figs');
    expect(await titles(alice, 'figs')).toEqual(['Figs', 'Order figs']);
    await loner.close();
  });
});

describe('a search over what somebody made to stop it', () => {
  const unsorted = '\u0315\u0300\u05b0\u0327';

  test('finds what was kept before marks were counted, and the rest beside it', async () => {
    const crowded = await tenants.newTenant();
    const person = await tenants.connectMember(crowded);
    const { id } = await save(person, 'Stacked', 'needle');
    const text = `needle a${unsorted.repeat(12_000)}`;
    await tenants.change(`DOCUMENT#${crowded}`, id, (item) => ({
      ...item,
      document: { ...Object(item.document), text },
    }));
    await tenants.copy(`DOCUMENT#${crowded}`, id, 25);
    await save(person, 'Honest', 'needle');
    expect(await search(person, 'needle')).toMatchObject({ found: 27, complete: true });
    await person.close();
  });

  test('refuses to keep it', async () => {
    for (const field of ['title', 'text']) {
      const stacked = { title: 'x', text: 'x', [field]: `a${unsorted.repeat(12)}` };
      expect(await alice.refuse('save_document', stacked)).toBe(
        `${field} must have at most 30 accents or other marks on a letter.`,
      );
    }
  });
});

describe('a search over more than it reads', () => {
  let crowded: ToolClient;
  beforeAll(async () => {
    const large = await tenants.newTenant();
    crowded = await tenants.connectMember(large);
    await save(crowded, 'The oldest', 'needle');
    const { id } = await save(crowded, 'A long one', `needle ${'x'.repeat(49_000)}`);
    await tenants.copy(`DOCUMENT#${large}`, id, 69);
  });
  afterAll(() => crowded.close());

  test('reads the newest, and says that there is more', async () => {
    const { results, found, complete } = await search(crowded, 'needle', { limit: 50 });
    expect(complete).toBe(false);
    expect(found).toBeGreaterThan(50);
    expect(found).toBeLessThan(71);
    expect(new Set(results.map(({ title }) => title))).toEqual(new Set(['A long one']));
  });
});

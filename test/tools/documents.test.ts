import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTenants, type TenantsApart } from '../support/tenants.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

type Head = {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};
type Document = Head & { readonly text: string };
type Page = { readonly documents: readonly (Head & { readonly characters: number })[]; readonly nextCursor?: string };

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const nowhere = '01M7XFHDDPAHQ5PMB2C7W0QSM0';

let tenants: TenantsApart;
let alice: ToolClient;
let bob: ToolClient;
let mallory: ToolClient;
let document: Head;
let ours: string;

beforeAll(async () => {
  tenants = await startTenants();
  ours = await tenants.newTenant();
  alice = await tenants.connectMember(ours);
  bob = await tenants.connectMember(ours);
  mallory = await tenants.connectMember(await tenants.newTenant(), { role: 'admin' });
});
beforeEach(async () => {
  document = await save(alice, { title: 'Harbour plan', text: 'Two ships, one pier' });
});
afterAll(async () => {
  await Promise.all([alice, bob, mallory].map((person) => person?.close()));
  await tenants?.stop();
});

const save = (person: ToolClient, input: object) => person.run<Head>('save_document', input);
const get = (person: ToolClient, id = document.id) => person.run<Document>('get_document', { id });

describe('save_document', () => {
  test('adds a document that its author gets back as it is', async () => {
    const { subject } = await alice.run<{ readonly subject: string }>('whoami');
    expect(document).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      title: 'Harbour plan',
      author: subject,
      version: 1,
      createdAt: expect.stringMatching(isoTime),
      updatedAt: document.createdAt,
    });
    expect(await get(alice)).toEqual({ ...document, text: 'Two ships, one pier' });
  });

  test.for([
    ['the longest title and text', { title: 'x'.repeat(200), text: 'y'.repeat(50_000) }],
    ['the longest text of three bytes a character', { title: 'x', text: '漢'.repeat(50_000) }],
    ['an empty text', { title: 'x', text: '' }],
    ['lines, tabs and other signs', { title: '="1"|<b>', text: 'a\r\n\tb\u0000 ✓ 😀 __proto__' }],
  ] as const)('keeps %s', async ([, given]) => {
    const { id } = await save(alice, given);
    expect(await get(alice, id)).toMatchObject(given);
  });

  test.for([
    ['title', { text: 'x' }],
    ['text', { title: 'x' }],
    ['title', {}],
    ['version', { title: 'x', text: 'x', version: 1 }],
    ['title', { title: ' ', text: 'x' }],
    ['title', { title: 'x'.repeat(201), text: 'x' }],
    ['text', { title: 'x', text: 'x'.repeat(50_001) }],
    ['author', { title: 'x', text: 'x', author: 'somebody-else' }],
    ['tenant', { title: 'x', text: 'x', tenant: 'another' }],
  ] as const)('refuses a new one, naming %s: %j', async ([part, input]) => {
    expect(await alice.refuse('save_document', input)).toContain(part);
  });

  test.for([
    { title: 'Harbour plan, final' },
    { text: 'Three ships' },
    { text: '' },
    { title: 'New', text: 'Newer', version: 1 },
  ])('with an id, lets a colleague replace what is given, and leaves the rest: %j', async (changes) => {
    const before = await get(alice);
    const after = await save(bob, { id: document.id, ...changes });
    const { version, ...expected } = { ...before, ...changes };
    expect(await get(alice)).toEqual({ ...expected, version: 2, updatedAt: after.updatedAt });
    expect(after.author).toBe(document.author);
  });

  test('refuses to change nothing', async () => {
    expect(await alice.refuse('save_document', { id: document.id })).toContain('Say what to change');
    expect((await get(alice)).version).toBe(1);
  });
});

describe('a document that two change at once', () => {
  /** Each call to the table takes a while, so that all read before any writes. */
  const atOnce = (work: () => readonly Promise<unknown>[]) => tenants.aws.callsDuring(() => Promise.all(work()));

  /** A Lambda that must start first would come too late. */
  beforeAll(() => atOnce(() => [alice, bob, alice].map((person) => person.run('whoami'))));

  test('keeps the title of one and the text of the other', async () => {
    const { id } = document;
    await atOnce(() => [save(alice, { id, title: 'Alice’s title' }), save(bob, { id, text: 'Bob’s text' })]);
    expect(await get(alice)).toMatchObject({ title: 'Alice’s title', text: 'Bob’s text', version: 3 });
  });

  test('takes one of two texts that are based on the same version, and tells the other', async () => {
    const { id } = document;
    const outcomes: string[] = [];
    const attempt = (text: string, person: ToolClient) =>
      save(person, { id, text, version: 1 }).then(
        () => outcomes.push(text),
        (error: unknown) => outcomes.push(String(error)),
      );
    await atOnce(() => [attempt('one', alice), attempt('two', bob), attempt('three', alice)]);
    const taken = outcomes.filter((outcome) => !outcome.includes('has changed since'));
    expect(taken).toHaveLength(1);
    expect(await get(alice)).toMatchObject({ text: taken[0], version: 2 });
  });

  test('is not overwritten by who read it before it was changed', async () => {
    const { id } = document;
    await save(bob, { id, text: 'Changed meanwhile', version: 1 });
    const refusal = await alice.refuse('save_document', { id, text: 'Based on the first', version: 1 });
    expect(refusal).toContain('version 2');
    expect(await get(bob)).toMatchObject({ text: 'Changed meanwhile' });
  });
});

describe('list_documents', () => {
  let tenant: string;
  let [carol, dave]: ToolClient[] = [];
  const list = (input: object = {}) => people().carol.run<Page>('list_documents', input);
  const titles = async (input: object = {}) => (await list(input)).documents.map(({ title }) => title);
  const people = () => {
    if (!carol || !dave) throw new Error('Nobody has connected');
    return { carol, dave };
  };

  beforeAll(async () => {
    tenant = await tenants.newTenant();
    carol = await tenants.connectMember(tenant);
    dave = await tenants.connectMember(tenant);
    await save(carol, { title: 'Pier', text: 'planks' });
    await save(dave, { title: 'Cafe\u0301 menu', text: '' });
    await save(dave, { title: 'Pier, again', text: 'more planks' });
  });
  afterAll(() => Promise.all([carol?.close(), dave?.close()]));

  test('gives all, newest first, without their texts but with their lengths', async () => {
    const { documents } = await list();
    expect(documents.map(({ title, characters }) => [title, characters])).toEqual([
      ['Pier, again', 11],
      ['Café menu', 0],
      ['Pier', 6],
    ]);
    expect(JSON.stringify(documents)).not.toContain('planks');
  });

  test('gives those of one author', async () => {
    const { subject } = await people().dave.run<{ readonly subject: string }>('whoami');
    expect(await titles({ author: subject })).toEqual(['Pier, again', 'Café menu']);
    expect(await titles({ whose: 'mine' })).toEqual(['Pier']);
    expect(await titles({ author: subject, whose: 'mine' })).toEqual([]);
  });

  test.for([
    ['PIER', ['Pier, again', 'Pier']],
    ['caf\u00e9', ['Café menu']],
    ['planks', []],
  ] as const)('gives those whose title contains %s', async ([title, expected]) => {
    expect(await titles({ title })).toEqual(expected);
  });

  test('goes on where it ended, to the end', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 1, ...(cursor && { cursor }) });
      seen.push(...page.documents.map(({ title }) => title));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['Pier, again', 'Café menu', 'Pier']);
  });

  test('leads past more than one call reads, to the one that is looked for', async () => {
    const crowded = await tenants.newTenant();
    const owner = await tenants.connectMember(crowded);
    await save(owner, { title: 'The oldest', text: 'x' });
    const { id } = await save(owner, { title: 'A long one', text: 'x'.repeat(49_000) });
    await tenants.copy(`DOCUMENT#${crowded}`, id, 69);
    const first = await owner.run<Page>('list_documents', { title: 'oldest' });
    expect(first).toMatchObject({ documents: [], nextCursor: expect.any(String) });
    const rest = await owner.run<Page>('list_documents', { title: 'oldest', cursor: first.nextCursor });
    expect(rest).toMatchObject({ documents: [{ title: 'The oldest' }] });
    expect(rest.nextCursor).toBeUndefined();
    await owner.close();
  });

  test.for([
    ['limit', { limit: 0 }],
    ['limit', { limit: 101 }],
    ['cursor', { cursor: 'made-up' }],
    ['title', { title: 'x'.repeat(201) }],
    ['tenant', { tenant: 'another' }],
  ] as const)('refuses, naming %s: %j', async ([part, input]) => {
    expect(await people().carol.refuse('list_documents', input)).toContain(part);
  });
});

describe('delete_document', () => {
  const remove = (person: ToolClient) => person.run('delete_document', { id: document.id });
  const isGone = async () => expect(await alice.refuse('get_document', { id: document.id })).toContain('no such');

  test('ends a document of the person’s own', async () => {
    expect(await remove(alice)).toEqual({ deleted: document.id });
    await isGone();
  });

  test('ends one that others have changed, for who added it', async () => {
    await save(bob, { id: document.id, text: 'Bob’s' });
    await remove(alice);
    await isGone();
  });

  test('refuses a colleague, who could change it', async () => {
    expect(await bob.refuse('delete_document', { id: document.id })).toBe(
      'Only who added the document, or an admin, can delete it.',
    );
    expect(await get(bob)).toMatchObject({ text: 'Two ships, one pier' });
  });

  test('ends anybody’s for an admin', async () => {
    const admin = await tenants.connectMember(ours, { role: 'admin' });
    await remove(admin);
    await isGone();
    await admin.close();
  });

  test('asks the person first, where their client can', async () => {
    const questions: string[] = [];
    const says = (question: string) => {
      questions.push(question);
      return questions.length === 1 ? 'decline' : 'accept';
    };
    const admin = await tenants.connectMember(ours, { role: 'admin', says });
    expect(await admin.refuse('delete_document', { id: document.id })).toContain('did not agree');
    await remove(admin);
    await isGone();
    expect(questions).toEqual([expect.stringContaining('“Harbour plan”'), expect.stringContaining('“Harbour plan”')]);
    await admin.close();
  });

  test('finds a document that a colleague stacked marks in, and ends it', async () => {
    const admin = await tenants.connectMember(ours, { role: 'admin' });
    const title = `Stacked ${'\u0315\u0300'.repeat(5_000)}`;
    await tenants.change(`DOCUMENT#${ours}`, document.id, (item) => ({
      ...item,
      document: { ...Object(item.document), title },
    }));
    const { documents } = await admin.run<Page>('list_documents', { title: 'stacked' });
    expect(documents.map(({ id }) => id)).toEqual([document.id]);
    await remove(admin);
    await isGone();
    await admin.close();
  });
});

describe('a document that is not there', () => {
  const wrong = (name: string, id: string) => ({ id, ...(name === 'save_document' && { text: 'Mine now' }) });

  test.for(['get_document', 'save_document', 'delete_document'] as const)(
    'is refused by %s in the same words, whether it never was or is another tenant’s',
    async (name) => {
      for (const id of [nowhere, 'x', '#', `DOCUMENT#${document.id}`, `${document.id} `, document.id.toLowerCase()]) {
        expect(await alice.refuse(name, wrong(name, id))).toBe('There is no such document.');
      }
      expect(await mallory.refuse(name, wrong(name, document.id))).toBe('There is no such document.');
      expect(await get(alice)).toMatchObject({ text: 'Two ships, one pier', version: 1 });
    },
  );

  test('is not there for people without a tenant either, who keep their own', async () => {
    const loner = await connectTools(tenants.issuer);
    expect(await loner.refuse('get_document', { id: document.id })).toBe('There is no such document.');
    const { id } = await save(loner, { title: 'Diary', text: 'Alone' });
    expect(await get(loner, id)).toMatchObject({ text: 'Alone' });
    expect(await alice.refuse('get_document', { id })).toBe('There is no such document.');
    await loner.close();
  });

  test('is no todo', async () => {
    const todo = await alice.run('create_todo', { title: 'A todo' });
    expect(await alice.refuse('get_document', { id: todo.id })).toBe('There is no such document.');
    expect(await alice.refuse('get_todo', { id: document.id })).toBe('There is no such todo.');
  });
});

test('who was granted reading alone cannot save', async () => {
  const reader = await tenants.connectMember(await tenants.newTenant(), { scopes: ['workspace:read'] });
  await expect(reader.run('save_document', { title: 'x', text: 'x' })).rejects.toThrow(/scope|403/i);
  await reader.close();
});

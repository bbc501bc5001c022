import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTenants, type Tenants } from '../support/tenants.ts';
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

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const nowhere = '01M7XFHDDPAHQ5PMB2C7W0QSM0';

let tenants: Tenants;
let alice: ToolClient;
let bob: ToolClient;
let mallory: ToolClient;
let document: Head;

beforeAll(async () => {
  tenants = await startTenants();
  const [ours, theirs] = [await tenants.newTenant(), await tenants.newTenant()];
  alice = await tenants.connectMember(ours);
  bob = await tenants.connectMember(ours);
  mallory = await tenants.connectMember(theirs, { role: 'admin' });
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

describe('a document that is not there', () => {
  const wrong = (name: string, id: string) => ({ id, ...(name === 'save_document' && { text: 'Mine now' }) });

  test.for(['get_document', 'save_document'] as const)(
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

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type Todo, type TodoPage, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');

const list = (person: ToolClient, input: object = {}) => person.run<TodoPage>('list_todos', input);
const titlesOf = ({ todos }: TodoPage) => todos.map(({ title }) => title);

/** All pages from a cursor on. Something may happen after each. */
async function everyPage(
  person: ToolClient,
  input: object,
  between: () => Promise<unknown> = async () => undefined,
): Promise<TodoPage[]> {
  const pages: TodoPage[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page: TodoPage = await list(person, { ...input, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page);
    if (pages.length > 40) throw new Error('The pages do not end');
    cursor = page.nextCursor;
    await between();
  }
  return pages;
}

describe('list_todos with filters', () => {
  let person: ToolClient;
  beforeAll(async () => {
    person = await connectTools(issuer);
    const todos = [
      { title: 'Water the plants', tags: ['home', 'garden'], due: '2026-12-01', priority: 'low' },
      { title: 'Pay the rent', notes: 'By TRANSFER', tags: ['home'], due: '2026-12-03', priority: 'high' },
      { title: 'Call Ärzte', tags: ['health'], due: '2026-12-05' },
      { title: 'Read a book', notes: 'water is the topic' },
    ];
    for (const todo of todos) await person.run('create_todo', todo);
    const { todos: made } = await list(person);
    await person.run('complete_todo', { id: made[1]?.id });
  });
  afterAll(() => person.close());

  test('gives all, oldest first, and no cursor when there is nothing more', async () => {
    const page = await list(person);
    expect(titlesOf(page)).toEqual(['Water the plants', 'Pay the rent', 'Call Ärzte', 'Read a book']);
    expect(Object.keys(page)).toEqual(['todos']);
  });

  test.for([
    [{ done: true }, ['Pay the rent']],
    [{ done: false }, ['Water the plants', 'Call Ärzte', 'Read a book']],
    [{ priority: 'high' }, ['Pay the rent']],
    [{ priority: 'normal' }, ['Call Ärzte', 'Read a book']],
    [{ tag: 'home' }, ['Water the plants', 'Pay the rent']],
    [{ tag: ' HOME ' }, ['Water the plants', 'Pay the rent']],
    [{ tag: 'hom' }, []],
    [{ dueBefore: '2026-12-03' }, ['Water the plants']],
    [{ dueBefore: '2026-12-04' }, ['Water the plants', 'Pay the rent']],
    [{ dueBefore: '2020-01-01' }, []],
    [{ text: 'WATER' }, ['Water the plants', 'Read a book']],
    [{ text: 'transfer' }, ['Pay the rent']],
    [{ text: 'ärzte' }, ['Call Ärzte']],
    [{ text: '.*' }, []],
    [{ text: '%' }, []],
    [{ tag: 'home', done: false }, ['Water the plants']],
    [{ tag: 'home', text: 'water', priority: 'low', dueBefore: '2027-01-01', done: false }, ['Water the plants']],
    [{ tag: 'home', text: 'book' }, []],
    [{ tag: 'home', done: 'False', limit: ' 5 ', priority: null, cursor: null }, ['Water the plants']],
    [{ text: 'call a\u0308rzte' }, ['Call Ärzte']],
  ] as const)('gives for %j what matches all of it', async ([filter, expected]) => {
    expect(titlesOf(await list(person, filter))).toEqual(expected);
  });

  test.for([1, 2, 3])('gives at most %s, and goes on from there', async (limit) => {
    const pages = await everyPage(person, { limit });
    expect(pages[0]?.todos).toHaveLength(limit);
    expect(pages.flatMap(titlesOf)).toEqual(['Water the plants', 'Pay the rent', 'Call Ärzte', 'Read a book']);
  });

  test.for([
    ['limit', { limit: 0 }],
    ['limit', { limit: -1 }],
    ['limit', { limit: 101 }],
    ['limit', { limit: 1.5 }],
    ['limit', { limit: 'ten' }],
    ['limit', { limit: '0' }],
    ['done', { done: 'yes' }],
    ['priority', { priority: 'urgent' }],
    ['dueBefore', { dueBefore: 'tomorrow' }],
    ['text', { text: 'x'.repeat(201) }],
    ['cursor', { cursor: 'x'.repeat(101) }],
    ['limit', { limit: '1e400' }],
    ['dueBefore', { dueBefore: '2026-12-1' }],
    ['owner', { owner: 'somebody-else' }],
    ['the arguments are done, priority, tag, dueBefore, text, limit, cursor', { due_before: '2026-12-01' }],
  ] as const)('refuses, naming %s: %j', async ([part, input]) => {
    expect(await person.refuse('list_todos', input)).toContain(part);
  });

  test.for([
    'x',
    '!',
    'AAAA',
    Buffer.from('TODO#x').toString('base64url'),
    Buffer.from('../..').toString('base64url'),
    ' ',
  ])('refuses the cursor "%s", which it never gave', async (cursor) => {
    expect(await person.refuse('list_todos', { cursor })).toContain('cursor');
  });

  test('takes no cursor into somebody else’s todos', async () => {
    const stranger = await connectTools(issuer);
    await stranger.run('create_todo', { title: 'Not yours' });
    const { nextCursor } = await list(person, { limit: 1 });
    expect(titlesOf(await list(stranger, { cursor: nextCursor }))).not.toContain('Water the plants');
    await stranger.close();
  });
});

describe('list_todos over 130 todos', () => {
  let person: ToolClient;
  let made: readonly Todo[];
  beforeAll(async () => {
    person = await connectTools(issuer);
    const todos: Todo[] = [];
    for (let index = 0; index < 130; index += 1) {
      todos.push(await person.run('create_todo', { title: `Number ${index}`, tags: index % 10 === 3 ? ['rare'] : [] }));
    }
    made = todos;
  });
  afterAll(() => person.close());

  test('gives 50 unless more are asked for, and at most 100', async () => {
    expect((await list(person)).todos).toHaveLength(50);
    expect((await list(person, { limit: 100 })).todos).toHaveLength(100);
  });

  test.for([7, 50, 65, 100])('is complete and without doubles in pages of %s', async (limit) => {
    const pages = await everyPage(person, { limit });
    expect(pages.flatMap(titlesOf)).toEqual(made.map(({ title }) => title));
    for (const { todos } of pages) expect(todos.length).toBeLessThanOrEqual(limit);
    expect(pages).toHaveLength(Math.ceil(130 / limit));
  });

  test('finds what is rare, page by page', async () => {
    const pages = await everyPage(person, { limit: 5, tag: 'rare' });
    expect(pages.flatMap(titlesOf)).toEqual(made.filter(({ tags }) => tags.includes('rare')).map(({ title }) => title));
  });

  test('misses none and repeats none while todos come and go', async () => {
    let added = 0;
    let gone = 0;
    const pages = await everyPage(person, { limit: 40 }, async () => {
      if (added < 3) await person.run('create_todo', { title: `Late ${added++}` });
      await person.run('delete_todo', { id: made[gone++]?.id });
    });
    const seen = pages.flatMap(titlesOf);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made.slice(40).map(({ title }) => title)));
  });

  test('goes on after a todo that was deleted meanwhile', async () => {
    const { todos, nextCursor } = await list(person, { limit: 10 });
    await person.run('delete_todo', { id: todos[9]?.id });
    const next = await list(person, { limit: 1, cursor: nextCursor });
    const { todos: rest } = await list(person, { limit: 20 });
    expect(next.todos[0]).toEqual(rest[9]);
  });
});

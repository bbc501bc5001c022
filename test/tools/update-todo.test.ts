import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { connectTools, type Todo, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');
const nowhere = '01M7XFHDDPAHQ5PMB2C7W0QSM0';

let person: ToolClient;
let stranger: ToolClient;
let todo: Todo;

beforeAll(async () => {
  [person, stranger] = await Promise.all([connectTools(issuer), connectTools(issuer)]);
});
beforeEach(async () => {
  todo = await person.run('create_todo', { title: 'Before', notes: 'Old notes', due: '2027-01-01', tags: ['old'] });
});
afterAll(() => Promise.all([person.close(), stranger.close()]));

const stored = () => person.run('get_todo', { id: todo.id });
const all = () => person.run<{ readonly todos: readonly Todo[] }>('list_todos', { limit: 100 });

describe('update_todo', () => {
  test.for([
    { title: 'After' },
    { notes: 'New notes' },
    { due: '2027-02-02' },
    { priority: 'low' },
    { tags: ['new', 'newer'] },
    { tags: [] },
    { done: true },
    { title: 'After', priority: 'high', done: true },
  ])('changes what is given and leaves the rest: %j', async (changes) => {
    const updated = await person.run('update_todo', { id: todo.id, ...changes });
    expect(updated).toEqual({ ...todo, ...changes, updatedAt: expect.any(String) });
    expect(updated.updatedAt >= todo.updatedAt).toBe(true);
    expect(await stored()).toEqual(updated);
  });

  test('takes notes and due day away with null', async () => {
    const updated = await person.run('update_todo', { id: todo.id, notes: null, due: null });
    expect(Object.keys(updated)).not.toContain('notes');
    expect(Object.keys(updated)).not.toContain('due');
    expect(await stored()).toEqual(updated);
  });

  test('opens a finished todo again', async () => {
    await person.run('complete_todo', { id: todo.id });
    expect((await person.run('update_todo', { id: todo.id, done: false })).done).toBe(false);
  });

  test('refuses to change nothing', async () => {
    expect(await person.refuse('update_todo', { id: todo.id })).toContain('Say what to change');
    expect(await stored()).toEqual(todo);
  });

  test.for([
    ['title', { title: '' }],
    ['title', { title: 'x'.repeat(201) }],
    ['title', { title: null }],
    ['notes', { notes: 'n'.repeat(4_001) }],
    ['due', { due: '2026-13-01' }],
    ['priority', { priority: null }],
    ['tags', { tags: null }],
    ['tags', { tags: ['t'.repeat(41)] }],
    ['done', { done: 'yes' }],
    ['createdAt', { createdAt: '2020-01-01T00:00:00.000Z' }],
    ['id', { id: 7, title: 'x' }],
  ] as const)('refuses what create_todo would, naming %s: %j', async ([part, changes]) => {
    expect(await person.refuse('update_todo', { id: todo.id, ...changes })).toContain(part);
    expect(await stored()).toEqual(todo);
  });
});

describe('complete_todo', () => {
  test('marks a todo as done, and does no more to one that is', async () => {
    const done = await person.run('complete_todo', { id: todo.id });
    expect(done).toEqual({ ...todo, done: true, updatedAt: expect.any(String) });
    expect(await person.run('complete_todo', { id: todo.id })).toEqual(done);
    expect(await stored()).toEqual(done);
  });
});

describe('delete_todo', () => {
  test('takes a todo away for good, and there is nothing to delete afterwards', async () => {
    expect(await person.run('delete_todo', { id: todo.id })).toEqual({ deleted: todo.id });
    expect((await all()).todos.map(({ id }) => id)).not.toContain(todo.id);
    expect(await person.refuse('delete_todo', { id: todo.id })).toBe('There is no such todo.');
  });
});

describe('a todo that is not there (M23)', () => {
  const tools = ['get_todo', 'update_todo', 'complete_todo', 'delete_todo'] as const;
  const input = (name: string, id: string) => ({ id, ...(name === 'update_todo' ? { title: 'Mine now' } : {}) });

  test.for(tools)('is refused by %s in the same words, whether it never was or is somebody else’s', async (name) => {
    for (const id of [nowhere, 'x', '#', `TODO#${todo.id}`, `${todo.id} `, todo.id.toLowerCase()]) {
      expect(await person.refuse(name, input(name, id))).toBe('There is no such todo.');
    }
    expect(await stranger.refuse(name, input(name, todo.id))).toBe('There is no such todo.');
    expect(await stored()).toEqual(todo);
  });

  test.for(tools)('is refused by %s when its id is none', async (name) => {
    for (const id of ['', 'x'.repeat(41), null, 7, undefined]) {
      expect(await person.refuse(name, { ...input(name, ''), id })).toContain('id');
    }
  });
});

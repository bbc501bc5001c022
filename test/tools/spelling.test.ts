import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tenantsAt } from '../support/tenants.ts';
import type { Todo, TodoPage, ToolClient } from '../support/tool-client.ts';

/** The same word twice: with a letter that has an accent, and with a letter and an accent. Unicode UAX #15. */
const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
const both = [composed, decomposed, composed.toUpperCase(), decomposed.toUpperCase()] as const;

const tenants = tenantsAt(inject('issuer'));
let tenant: string;
let person: ToolClient;

beforeAll(async () => {
  tenant = await tenants.newTenant();
  person = await tenants.connectMember(tenant);
  await person.run('create_todo', { title: `One ${composed}`, tags: [composed] });
  await person.run('create_todo', { title: `Two ${decomposed}`, tags: [decomposed, composed], notes: decomposed });
  await keep({ title: `Three ${decomposed}`, tags: [decomposed], notes: decomposed });
});
afterAll(async () => {
  await person?.close();
});

/** Puts a todo into the table as it was kept before texts had one form. */
async function keep(changes: Partial<Todo>): Promise<void> {
  const { subject } = await person.run<{ readonly subject: string }>('whoami');
  const id = '01ZZZZZZZZZZZZZZZZZZZZZZZZ';
  const times = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' };
  const todo = { id, title: 'x', priority: 'normal', tags: [], done: false, ...times, ...changes };
  await tenants.put({ pk: `TODO#${tenant}#${subject}`, sk: `TODO#${id}`, todo, version: 1 });
}

const numbers = (todos: readonly { readonly title: string }[]) => todos.map(({ title }) => title.split(' ')[0]);
const listed = async (filter: object) => numbers((await person.run<TodoPage>('list_todos', filter)).todos);

describe.for(both)('a word is found however its accents are written: %s', (word) => {
  test('as a tag', async () => {
    expect(await listed({ tag: word })).toEqual(['One', 'Two', 'Three']);
  });

  test('in a title or in notes', async () => {
    expect(await listed({ text: word })).toEqual(['One', 'Two', 'Three']);
  });

  test('in a search', async () => {
    const { results } = await person.run<{ readonly results: Todo[] }>('search_documents', { query: word });
    expect(numbers(results).sort()).toEqual(['One', 'Three', 'Two']);
  });

  test('as a list of todos', async () => {
    const { contents } = await person.client.readResource({ uri: `todo://list/${encodeURIComponent(word)}` });
    const [{ text = '' } = {}] = contents as { readonly text?: string }[];
    expect(text.match(/^- /gm)).toHaveLength(3);
    expect(text.split('\n')[0]).toBe(`# ${composed}`);
  });

  test('as a focus', async () => {
    const { messages } = await person.client.getPrompt({ name: 'plan_my_day', arguments: { focus: word } });
    expect(JSON.stringify(messages).match(/\\"title\\"/g)).toHaveLength(3);
  });

  test('by its beginning, which is offered once', async () => {
    const argument = { name: 'tag', value: word.slice(0, 3) };
    const ref = { type: 'ref/resource', uri: 'todo://list/{tag}' } as const;
    expect((await person.client.complete({ ref, argument })).completion.values).toEqual([composed]);
    const focus = { name: 'focus', value: word };
    const prompt = { type: 'ref/prompt', name: 'plan_my_day' } as const;
    expect((await person.client.complete({ ref: prompt, argument: focus })).completion.values).toEqual([composed]);
  });
});

describe('what a person writes is kept in one form', () => {
  test('in todos, where two spellings of a tag are one', async () => {
    const { todos } = await person.run<TodoPage>('list_todos', { text: 'two' });
    expect(todos[0]).toMatchObject({ title: `Two ${composed}`, notes: composed, tags: [composed] });
  });

  test('when it is changed', async () => {
    const { id } = await person.run('create_todo', { title: 'Later' });
    const changes = { id, title: decomposed, notes: decomposed, tags: [decomposed] };
    expect(await person.run('update_todo', changes)).toMatchObject({
      title: composed,
      notes: composed,
      tags: [composed],
    });
    await person.run('delete_todo', { id });
  });

  test('in documents', async () => {
    const { id } = await person.run('save_document', { title: decomposed, text: decomposed });
    expect(await person.run('get_document', { id })).toMatchObject({ title: composed, text: composed });
    for (const query of both) {
      const { results } = await person.run<{ readonly results: { readonly kind: string }[] }>('search_documents', {
        query,
      });
      expect(results.filter(({ kind }) => kind === 'document')).toHaveLength(1);
    }
  });

  test('and the limits are those of what is kept', async () => {
    const { id, tags } = await person.run('create_todo', {
      title: 'e\u0301'.repeat(200),
      tags: ['e\u0301'.repeat(40)],
    });
    expect(tags).toEqual(['\u00e9'.repeat(40)]);
    await person.run('delete_todo', { id });
  });
});

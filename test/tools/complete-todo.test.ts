import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type Todo, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');
const nowhere = '01M7XFHDDPAHQ5PMB2C7W0QSM0';

let person: ToolClient;
beforeAll(async () => {
  person = await connectTools(issuer);
});
afterAll(() => person.close());

const create = (title: string) => person.run('create_todo', { title });
const stored = (id: string) => person.run('get_todo', { id });
const completeAll = async (ids: readonly string[]) =>
  (await person.run<{ readonly todos: readonly Todo[] }>('complete_todo', { ids })).todos;

async function createAll(...titles: readonly string[]): Promise<Todo[]> {
  const made: Todo[] = [];
  for (const title of titles) made.push(await create(title));
  return made;
}

describe('complete_todo with several ids', () => {
  test('marks all of them as done, and gives them in the order that was asked for', async () => {
    const [one, two, three] = await createAll('One', 'Two', 'Three');
    const done = await completeAll([three?.id, one?.id].map(String));
    expect(done.map(({ title, done: isDone }) => [title, isDone])).toEqual([
      ['Three', true],
      ['One', true],
    ]);
    expect(await stored(String(one?.id))).toEqual(done[1]);
    expect((await stored(String(two?.id))).done).toBe(false);
  });

  test('leaves one that is done as it is, and counts an id that is given twice once', async () => {
    const [one, two] = await createAll('One', 'Two');
    const before = await person.run('complete_todo', { id: one?.id });
    const done = await completeAll([one?.id, two?.id, two?.id].map(String));
    expect(done).toEqual([before, { ...two, done: true, updatedAt: expect.any(String) }]);
  });

  test('takes fifty in one go, and no more', async () => {
    const made = await createAll(...Array.from({ length: 50 }, (_, at) => `Number ${at}`));
    const ids = made.map(({ id }) => id);
    expect(await person.refuse('complete_todo', { ids: [...ids, nowhere] })).toContain('ids');
    const done = await completeAll(ids);
    expect(done.map(({ title }) => title)).toEqual(made.map(({ title }) => title));
    expect(done.every((todo) => todo.done)).toBe(true);
  });

  test('completes none when one is not there, and names that one alone', async () => {
    const [one] = await createAll('One');
    const refused = await person.refuse('complete_todo', { ids: [one?.id, nowhere] });
    expect(refused).toBe(`There are no such todos: ${nowhere}. None was changed.`);
    expect(await stored(String(one?.id))).toEqual(one);
  });

  test('says of somebody else’s what it says of one that never was', async () => {
    const stranger = await connectTools(issuer);
    const [one] = await createAll('Mine');
    const refused = await stranger.refuse('complete_todo', { ids: [one?.id] });
    expect(refused).toBe(`There are no such todos: ${one?.id}. None was changed.`);
    expect(await stored(String(one?.id))).toEqual(one);
    await stranger.close();
  });

  test('overwrites no change that is made at the same time', async () => {
    const made = await createAll('A', 'B', 'C', 'D');
    const ids = made.map(({ id }) => id);
    await Promise.all([completeAll(ids), ...ids.map((id) => person.run('update_todo', { id, priority: 'high' }))]);
    for (const id of ids) expect(await stored(id)).toMatchObject({ done: true, priority: 'high' });
  });

  test.for([{}, { id: nowhere, ids: [nowhere] }, { ids: [] }, { ids: [''] }, { ids: nowhere }, { ids: [7] }])(
    'refuses what names no todos: %j',
    async (input) => {
      expect(await person.refuse('complete_todo', input)).toContain('id');
    },
  );
});

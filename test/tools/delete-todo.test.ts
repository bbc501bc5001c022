import { expect, inject, test } from 'vitest';
import { connectTools } from '../support/tool-client.ts';

const issuer = inject('issuer');

/** A person who agrees to all that they are asked. */
async function whoAgrees() {
  const asked: string[] = [];
  const says = (question: string) => {
    asked.push(question);
    return 'accept' as const;
  };
  return { asked, person: await connectTools(issuer, { says }) };
}

test('delete_todo asks the person, naming the todo, and deletes it when they agree', async () => {
  const { asked, person } = await whoAgrees();
  const { id } = await person.run('create_todo', { title: 'Old plans' });
  expect(await person.run('delete_todo', { id })).toEqual({ deleted: id });
  expect(asked).toEqual(['Delete the todo “Old plans” for good?']);
  expect(await person.refuse('get_todo', { id })).toBe('There is no such todo.');
  await person.close();
});

test.for(['decline', 'cancel'] as const)('delete_todo deletes nothing when the person answers %s', async (action) => {
  const person = await connectTools(issuer, { says: () => action });
  const todo = await person.run('create_todo', { title: 'Still needed' });
  expect(await person.refuse('delete_todo', { id: todo.id })).toContain('did not agree');
  expect(await person.run('get_todo', { id: todo.id })).toEqual(todo);
  await person.close();
});

test('delete_todo asks nothing about a todo that is not there, or is somebody else’s', async () => {
  const { asked, person } = await whoAgrees();
  const stranger = await connectTools(issuer);
  const { id } = await stranger.run('create_todo', { title: 'Secret' });
  for (const other of [id, '01M7XFHDDPAHQ5PMB2C7W0QSM0']) {
    expect(await person.refuse('delete_todo', { id: other })).toBe('There is no such todo.');
  }
  expect(asked).toEqual([]);
  await Promise.all([person.close(), stranger.close()]);
});

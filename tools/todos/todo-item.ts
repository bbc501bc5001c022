import { defineResource } from '../define-resource.ts';
import getTodo from './get-todo.ts';
import { findTodo, listTodos } from './store.ts';
import { id as idShape } from './todo.ts';

const MOST_LISTED = 100;

export default defineResource({
  template: 'todo://{id}',
  name: 'todo',
  title: 'Todo',
  description: `One todo with all its details, as JSON. The oldest ${MOST_LISTED} that are open are listed`,
  mimeType: 'application/json',
  like: getTodo,
  list: async (call) => {
    const { todos } = await listTodos(call, { matches: ({ done }) => !done, most: MOST_LISTED });
    return todos.map(({ id, title, due }) => {
      const listed = { uri: `todo://${id}`, name: title, title };
      return due === undefined ? listed : { ...listed, description: `Due ${due}` };
    });
  },
  read: async ({ id }, call) => {
    const asked = idShape.safeParse(id);
    const stored = asked.success ? await findTodo(call, asked.data) : undefined;
    return stored && JSON.stringify(stored.todo);
  },
});

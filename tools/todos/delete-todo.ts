import * as z from 'zod';
import { defineTool } from '../define-tool.ts';
import { removeTodo, requireTodo } from './store.ts';
import { id } from './todo.ts';

export default defineTool({
  name: 'delete_todo',
  title: 'Delete a todo',
  description: 'Permanently deletes a todo. To keep a record of it, complete it instead.',
  scope: 'todos:write',
  bounded: true,
  early: true,
  input: z.strictObject({ id }),
  output: z.object({ deleted: z.string().describe('The id of the todo that is gone') }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  confirm: async (input, call) => {
    const { todo } = await requireTodo(call, input.id);
    return `Delete the todo “${todo.title}” for good?`;
  },
  run: async (input, call) => {
    const stored = await requireTodo(call, input.id);
    removeTodo(call, stored);
    return { deleted: stored.todo.id };
  },
});

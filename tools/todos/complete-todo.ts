import * as z from 'zod';
import { defineTool } from '../define-tool.ts';
import { changeTodo, requireTodo } from './store.ts';
import { id, todoShape } from './todo.ts';

export default defineTool({
  name: 'complete_todo',
  title: 'Complete a todo',
  description: 'Marks a todo as done. One that is done already stays as it is.',
  scope: 'todos:write',
  input: z.strictObject({ id }),
  output: todoShape,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (input, call) => {
    const stored = await requireTodo(call, input.id);
    return stored.todo.done ? stored.todo : changeTodo(call, stored, { done: true });
  },
});

import * as z from 'zod';
import { defineTool } from '../define-tool.ts';
import { requireTodo } from './store.ts';
import { id, todoShape } from './todo.ts';

export default defineTool({
  name: 'get_todo',
  title: 'Get a todo',
  description: 'Returns one todo with all its details.',
  scope: 'todos:read',
  bounded: true,
  early: true,
  input: z.strictObject({ id }),
  output: todoShape,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (input, call) => (await requireTodo(call, input.id)).todo,
});

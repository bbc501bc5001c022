import * as z from 'zod';
import { fitting } from '../answer-size.ts';
import { type AddingCall, defineTool } from '../define-tool.ts';
import { completeTodo, requireTodo, requireTodos } from './store.ts';
import { id, todoShape } from './todo.ts';

const ids = z
  .array(id)
  .min(1)
  .max(50)
  .transform((given) => [...new Set(given)])
  .describe('Instead of id: the ids of up to 50 todos, to complete all of them at once or, if one is not there, none');

export default defineTool({
  name: 'complete_todo',
  title: 'Complete todos',
  description: 'Marks one or more todos as done. Those that are already done stay as they are.',
  scope: 'todos:write',
  bounded: true,
  early: true,
  input: z
    .strictObject({ id: id.optional(), ids: ids.optional() })
    .refine((input) => (input.id === undefined) !== (input.ids === undefined), 'Give either id or ids'),
  output: todoShape.partial().extend({
    todos: z.array(todoShape).optional().describe('When ids were given: these todos, in their order'),
    notShown: z.int().optional().describe('How many more were completed that there is no room for here'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (input, call) => {
    if (input.ids) return completeAll(call, input.ids);
    return completeTodo(call, await requireTodo(call, input.id ?? ''));
  },
});

async function completeAll(call: AddingCall, wanted: readonly string[]) {
  const todos = (await requireTodos(call, wanted)).map((stored) => completeTodo(call, stored));
  const shown = fitting(todos);
  const notShown = todos.length - shown.length;
  return { todos: [...shown], ...(notShown > 0 ? { notShown } : {}) };
}

import * as z from 'zod';
import { defineTool, ToolError } from '../define-tool.ts';
import { changeTodo, requireTodo } from './store.ts';
import { fields, id, todoShape } from './todo.ts';

export default defineTool({
  name: 'update_todo',
  title: 'Update a todo',
  description:
    'Changes the given fields of a todo and leaves the others as they are. ' +
    'Use null to clear the notes or the due day. Set done to false to reopen a finished todo.',
  scope: 'todos:write',
  bounded: true,
  early: true,
  input: z.strictObject({
    id,
    title: fields.title.optional(),
    notes: fields.notes.nullable().optional(),
    due: fields.due.nullable().optional(),
    priority: fields.priority.optional(),
    tags: fields.tags.optional(),
    done: z.boolean().optional(),
  }),
  output: todoShape,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async ({ id: wanted, ...changes }, call) => {
    if (Object.keys(changes).length === 0)
      throw new ToolError('Say what to change: give a title, notes, due, priority, tags or done.');
    const stored = await requireTodo(call, wanted);
    return changeTodo(call, stored, Object.fromEntries(Object.entries(changes).map(nullAsAbsent)));
  },
});

function nullAsAbsent([part, value]: [string, unknown]): [string, unknown] {
  return [part, value ?? undefined];
}

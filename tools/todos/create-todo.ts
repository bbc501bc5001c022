import { ulid } from 'ulid';
import * as z from 'zod';
import { defineTool } from '../define-tool.ts';
import { addTodo } from './store.ts';
import { fields, todoShape } from './todo.ts';

export default defineTool({
  name: 'create_todo',
  title: 'Create a todo',
  description: 'Adds a todo to the person’s list and returns it with its id. Only the title is required.',
  scope: 'todos:write',
  bounded: true,
  input: z.strictObject({
    title: fields.title,
    notes: fields.notes.optional(),
    due: fields.due.optional(),
    priority: fields.priority.default('normal'),
    tags: fields.tags.default([]),
  }),
  output: todoShape,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: (input, call) => {
    const createdAt = new Date(call.nowMilliseconds).toISOString();
    return addTodo(call, { ...input, id: ulid(call.nowMilliseconds), done: false, createdAt, updatedAt: createdAt });
  },
});

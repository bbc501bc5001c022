import * as z from 'zod';
import { fitting } from '../answer-size.ts';
import { cursorAfter, readCursor } from '../cursor.ts';
import { defineTool } from '../define-tool.ts';
import { comparable } from '../text.ts';
import { boardUri } from './board-page.ts';
import { hasTag, listTodos } from './store.ts';
import { priority, type Todo, todoShape } from './todo.ts';

const MOST = 100;

const input = z.strictObject({
  done: z.boolean().optional().describe('Only those that are done, or only those that are not'),
  priority: priority.optional().describe('Only those of this priority'),
  tag: z.string().trim().optional().describe('Only those with this tag'),
  dueBefore: z.iso
    .date()
    .optional()
    .describe('Only those due before this day, as YYYY-MM-DD: for what is overdue, today in the person’s time zone'),
  text: z.string().trim().max(200).optional().describe('Only those whose title or notes contain this, in any case'),
  limit: z.int().min(1).max(MOST).default(50).describe(`How many at most, up to ${MOST}; fewer when they are long`),
  cursor: z.string().max(100).optional().describe('Goes on where the answer that gave this cursor ended'),
});
type Filter = z.output<typeof input>;
type Test = (todo: Todo) => boolean;

export default defineTool({
  name: 'list_todos',
  title: 'List todos',
  description:
    'Lists the person’s todos, oldest first: all of them, or those that match every filter. ' +
    'If the answer has a nextCursor, there may be more: call again with the same filters and that cursor.',
  scope: 'todos:read',
  bounded: true,
  early: true,
  weight: 2,
  app: boardUri,
  input,
  output: z.object({ todos: z.array(todoShape), nextCursor: z.string().optional() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (filter, call) => {
    const { todos, next } = await listTodos(call, {
      matches: allOf(testsOf(filter)),
      after: readCursor(filter.cursor, 'list_todos'),
      most: filter.limit,
    });
    const page = fitting(todos);
    const last = page.length < todos.length ? page.at(-1)?.id : next;
    return { todos: [...page], ...(last === undefined ? {} : { nextCursor: cursorAfter(last) }) };
  },
});

/** What the filters ask of a todo. What they have in common for all todos is worked out once. */
function testsOf({ done, priority: wanted, tag, dueBefore, text }: Filter): readonly Test[] {
  const part = text === undefined ? undefined : comparable(text);
  return [
    ...(done === undefined ? [] : [(todo: Todo) => todo.done === done]),
    ...(wanted === undefined ? [] : [(todo: Todo) => todo.priority === wanted]),
    ...(tag === undefined ? [] : [hasTag(tag)]),
    ...(dueBefore === undefined ? [] : [({ due }: Todo) => due !== undefined && due < dueBefore]),
    ...(part === undefined ? [] : [({ title, notes = '' }: Todo) => comparable(`${title}\n${notes}`).includes(part)]),
  ];
}

/** Undefined where there is no filter: every todo is wanted. */
function allOf(tests: readonly Test[]): Test | undefined {
  if (tests.length === 0) return undefined;
  return (todo) => tests.every((test) => test(todo));
}

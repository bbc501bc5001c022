import * as z from 'zod';
import { hasAtMostLines, written, writtenLabel, writtenLine } from '../text.ts';

const MOST_LINES = 500;

/** A label, in the form in which labels are kept and compared. */
export const tag = writtenLabel.min(1).max(40);

const title = writtenLine.min(1).max(200).describe('What is to be done, up to 200 characters');
const notes = written
  .max(4_000)
  .refine((text) => hasAtMostLines(text, MOST_LINES), `must have at most ${MOST_LINES} lines`)
  .describe('Details, up to 4,000 characters and 500 lines');
const due = z.iso.date().describe('The day by which it is due, in the person’s own time zone, as YYYY-MM-DD');
const tags = z
  .array(tag)
  .max(20)
  .transform((given) => [...new Set(given)])
  .describe('Up to 20 labels of up to 40 characters each; they are kept in lower case');

/** How much a todo matters. */
export const priority = z.enum(['low', 'normal', 'high']);

/** The parts of a todo that a person writes. */
export const fields = { title, notes, due, priority, tags };

/** Names a todo. */
export const id = z.string().min(1).max(40).describe('The id of the todo, as list_todos and create_todo give it');

/** A todo as a client sees it. Times are ISO 8601 in UTC. */
export const todoShape = z.object({
  id: z.string(),
  title: z.string(),
  notes: z.string().optional(),
  due: z.string().optional(),
  priority,
  tags: z.array(z.string()),
  done: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Todo = z.output<typeof todoShape>;

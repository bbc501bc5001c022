import * as z from 'zod';
import { hasAtMostLines, written, writtenLine } from '../text.ts';

const MOST_LINES = 5_000;

const title = writtenLine.min(1).max(200).describe('What the document is called, up to 200 characters');
const text = written
  .max(50_000)
  .refine((whole) => hasAtMostLines(whole, MOST_LINES), `must have at most ${MOST_LINES} lines`)
  .describe('The whole text, up to 50,000 characters and 5,000 lines');

/** The parts of a document that a person writes. */
export const fields = { title, text };

/** Names a document. */
export const id = z
  .string()
  .min(1)
  .max(40)
  .describe('The id of the document, as search_documents and save_document give it');

/** A document as a client sees it. Times are ISO 8601 in UTC. */
export const documentShape = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  author: z.string().describe('The subject of the person who added it'),
  version: z.int().describe('Counts its changes'),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Document = z.output<typeof documentShape>;

import { ulid } from 'ulid';
import * as z from 'zod';
import { type ChangingCall, defineTool, ToolError } from '../define-tool.ts';
import { type Document, documentShape, fields, id } from './document.ts';
import { addDocument, changeDocument, requireDocument } from './documents.ts';

const input = z.strictObject({
  id: id.optional().describe('The document to change. Without it, a new one is added'),
  title: fields.title.optional(),
  text: fields.text.optional(),
  version: z
    .int()
    .min(1)
    .optional()
    .describe('The version that the change is based on. When the document has changed since, nothing is saved'),
});
type Input = z.output<typeof input>;

export default defineTool({
  name: 'save_document',
  title: 'Save a document',
  description:
    'Adds a document that everyone in the workspace can read and change. With an id, replaces the title or the text of ' +
    'that document, or both. The whole text is replaced: get the document first, and pass the version that you read, ' +
    'so that no one else’s change is lost.',
  scope: 'workspace:write',
  bounded: true,
  early: true,
  input,
  output: documentShape.omit({ text: true }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  run: async (given, call) => {
    const { text, ...head } = given.id === undefined ? added(given, call) : await changed(given.id, given, call);
    return head;
  },
});

function added({ title, text, version }: Input, call: ChangingCall): Document {
  if (title === undefined || text === undefined || version !== undefined)
    throw new ToolError(
      'A new document has a title and a text, and no version yet. To change a document, give its id.',
    );
  const createdAt = new Date(call.nowMilliseconds).toISOString();
  const own = { id: ulid(call.nowMilliseconds), author: call.subject, version: 1 };
  return addDocument(call, { ...own, title, text, createdAt, updatedAt: createdAt });
}

async function changed(wanted: string, { title, text, version }: Input, call: ChangingCall): Promise<Document> {
  if (title === undefined && text === undefined) throw new ToolError('Say what to change: give a title or a text.');
  const stored = await requireDocument(call, wanted);
  const { document } = stored;
  if (version !== undefined && version !== document.version)
    throw new ToolError(`The document has changed since: this is version ${document.version}. Get it again first.`);
  return changeDocument(call, stored, { ...(title !== undefined && { title }), ...(text !== undefined && { text }) });
}

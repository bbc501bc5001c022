import * as z from 'zod';
import { type Call, defineTool, ToolError } from '../define-tool.ts';
import { id } from './document.ts';
import { removable, removeDocument, requireDocument, type StoredDocument } from './documents.ts';

export default defineTool({
  name: 'delete_document',
  title: 'Delete a document',
  description:
    'Permanently deletes one document from the workspace. The person who added it can do this, and so can an admin. ' +
    'Call it only when the person has asked for exactly that.',
  scope: 'workspace:write',
  bounded: true,
  early: true,
  input: z.strictObject({ id }),
  output: z.object({ deleted: z.string().describe('The id of the document that is gone') }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  confirm: async (input, call) => {
    const { document } = await requireOwnDocument(call, input.id);
    return `Delete the document “${document.title}” (version ${document.version}) for good?`;
  },
  run: async (input, call) => {
    removeDocument(call, removable(await requireOwnDocument(call, input.id)));
    return { deleted: input.id };
  },
});

/** Everybody in the workspace may change a document, which can be mended. Only these may end one. */
async function requireOwnDocument(call: Call, wanted: string): Promise<StoredDocument> {
  const stored = await requireDocument(call, wanted);
  if (stored.document.author !== call.subject && call.role !== 'admin')
    throw new ToolError('Only who added the document, or an admin, can delete it.');
  return stored;
}

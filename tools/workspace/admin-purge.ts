import * as z from 'zod';
import { type Call, defineTool } from '../define-tool.ts';
import { mostDocuments, readDocuments, removable, removeDocument } from './documents.ts';

export default defineTool({
  name: 'admin_purge',
  title: 'Purge the workspace',
  description:
    'Permanently deletes every document in the workspace, no matter who wrote it. Todos and the audit trail stay. Call it only ' +
    `when the person has asked for just that. One call deletes up to ${mostDocuments} documents: while the answer says ` +
    'more, call again.',
  scope: 'workspace:admin',
  bounded: true,
  role: 'admin',
  weight: 5,
  input: z.strictObject({ confirm: z.literal(true).describe('That the person wants everything deleted') }),
  output: z.object({
    deleted: z.int().describe('How many documents are gone'),
    more: z.boolean().describe('Whether there may be documents left'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  confirm: async (_input, call) => {
    const { taken, isComplete } = await everyDocument(call);
    const documents = taken.length === 1 ? '1 document' : `${taken.length} documents`;
    const which = isComplete ? `all documents of the workspace: ${documents}` : `${documents} of the workspace`;
    return `Delete ${which}, no matter who wrote them? This cannot be undone.`;
  },
  run: async (_input, call) => {
    const { taken, isComplete } = await everyDocument(call);
    for (const document of taken) removeDocument(call, document);
    return { deleted: taken.length, more: !isComplete };
  },
});

function everyDocument(call: Call) {
  return readDocuments(call, removable);
}

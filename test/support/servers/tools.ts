import * as z from 'zod';
import { defineServer, serverTool } from '../../../api/server.ts';

const asking = defineServer({
  name: 'asking',
  from: 'test/support/servers/hostile.mjs',
  secrets: { SECRET_WORD: '/vestibule/asking/secret-word' },
});

const count = serverTool(asking, {
  name: 'count',
  title: 'Count',
  description: 'Counts its calls.',
  scope: 'everyday:use',
  input: z.strictObject({ text: z.string().optional() }),
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
  schema: 'of no interest here',
});

/** One tool of a server of others, to be served in place of the product's. */
export const packs = { asking: { tools: [count] } };
export { scopes } from '../../../tools/scopes.ts';

import * as z from 'zod';
import { defineTool } from '../define-tool.ts';

const LONGEST = 10_000;

export default defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Returns a message unchanged, to test the connection.',
  scope: 'everyday:use',
  bounded: true,
  input: z.strictObject({ message: z.string().max(LONGEST).describe(`Any text, up to ${LONGEST} characters`) }),
  output: z.object({ message: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: ({ message }) => ({ message }),
});

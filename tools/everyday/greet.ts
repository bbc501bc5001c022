import * as z from 'zod';
import { defineTool } from '../define-tool.ts';

const MOST = { name: 100, punctuation: 10 };
const onOneLine = (text: string) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
const line = z.string().trim().refine(onOneLine, 'must be one line without control characters');

export default defineTool({
  name: 'greet',
  title: 'Greet',
  description: 'Greets someone by name. Needs no permission, so it also shows that the connection works.',
  scope: 'public',
  bounded: true,
  input: z.strictObject({
    name: line.min(1).max(MOST.name).describe(`Who is greeted, up to ${MOST.name} characters`),
    punctuation: line.max(MOST.punctuation).default('!').describe('What the greeting ends with'),
  }),
  output: z.object({ greeting: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: ({ name, punctuation }) => ({ greeting: `Hello, ${name}${punctuation}` }),
});

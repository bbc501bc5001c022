import { defineTool } from 'vestibule-mcp';
import * as z from 'zod';

const proverbs = ['Many hands make light work.', 'Look before you leap.', 'A stitch in time saves nine.'];

export default defineTool({
  name: 'proverb_of_the_day',
  title: 'Proverb of the day',
  description: 'Gives a proverb, the same for a whole day.',
  scope: 'proverbs:read',
  bounded: true,
  input: z.strictObject({}),
  output: z.object({ proverb: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (_input, { now }) => ({ proverb: proverbs[Math.floor(now / 86_400) % proverbs.length] ?? '' }),
});

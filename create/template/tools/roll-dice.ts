import { randomInt } from 'node:crypto';
import { defineTool } from 'vestibule-mcp';
import * as z from 'zod';

export default defineTool({
  name: 'roll_dice',
  title: 'Roll dice',
  description: 'Rolls dice and gives each result and their sum. Without arguments it rolls one die of six sides.',
  scope: 'dice:roll',
  bounded: true,
  input: z.strictObject({
    count: z.int().min(1).max(20).default(1).describe('How many dice, up to 20'),
    sides: z.int().min(2).max(100).default(6).describe('How many sides each of them has'),
  }),
  output: z.object({ rolls: z.array(z.int()), sum: z.int() }),
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  run: ({ count, sides }) => {
    const rolls = Array.from({ length: count }, () => randomInt(1, sides + 1));
    return { rolls, sum: rolls.reduce((one, other) => one + other, 0) };
  },
});

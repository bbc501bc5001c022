import * as z from 'zod';
import { defineTool } from '../define-tool.ts';
import { evaluate } from './calculator/evaluate.ts';

const LONGEST = 500;

export default defineTool({
  name: 'calculator',
  title: 'Calculator',
  description:
    'Evaluates an arithmetic expression, such as (0.1 + 0.2) * 3^2. Results are exact decimals where they can be, and ' +
    'rounded ones say so. Operators: + - * / % ^ (or **) and parentheses; % is the remainder, with the sign of its left ' +
    'side, and binds like *; -2^2 is -4 and 2^3^2 is 2^9. Constants: pi, e. Functions: sqrt, abs, round(x, places), floor, ' +
    'ceil, min, max, pow, exp, ln, log10, log(x, base), sin, cos, tan, asin, acos, atan (in radians), degrees, radians.',
  scope: 'everyday:use',
  bounded: true,
  input: z.strictObject({
    expression: z.string().trim().min(1).max(LONGEST).describe(`The expression, up to ${LONGEST} characters`),
  }),
  output: z.object({
    result: z.string().describe('A decimal number, with a power of ten where it would be long, as in 1.5e+300'),
    exact: z.boolean().describe('False when digits of the result were rounded off'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: ({ expression }) => evaluate(expression),
});

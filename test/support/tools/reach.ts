import * as z from 'zod';
import { defineTool } from '../../../tools/define-tool.ts';

const input = z.strictObject({ url: z.url() });
const output = z.object({ status: z.number() });
const annotations = { readOnlyHint: false, destructiveHint: false, openWorldHint: true } as const;

export const reachOut = defineTool({
  name: 'reach_out',
  title: 'Reach out',
  description: 'Asks another server.',
  scope: 'everyday:use',
  bounded: true,
  input,
  output,
  annotations,
  run: async ({ url }, { signal }) => ({ status: (await fetch(url, { signal })).status }),
});

export const reachOutIfAgreed = defineTool({
  name: 'reach_out_if_agreed',
  title: 'Reach out if agreed',
  description: 'Asks another server once the person agreed, where they can be asked.',
  scope: 'everyday:use',
  bounded: true,
  input,
  output,
  annotations: { ...annotations, destructiveHint: true },
  confirm: ({ url }) => `Ask ${url}?`,
  run: async ({ url }, { signal }) => ({ status: (await fetch(url, { signal })).status }),
});

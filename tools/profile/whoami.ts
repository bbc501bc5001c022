import * as z from 'zod';
import { defineTool } from '../define-tool.ts';

export default defineTool({
  name: 'whoami',
  title: 'Who am I',
  description: 'Says which person and tenant this connection acts for, and what it may do.',
  scope: 'profile:read',
  input: z.strictObject({}),
  output: z.object({ subject: z.string(), tenant: z.string(), scopes: z.array(z.string()) }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (_input, { subject, tenant, scopes }) => ({ subject, tenant, scopes: [...scopes] }),
});

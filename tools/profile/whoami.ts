import * as z from 'zod';
import { roles } from '#core/oauth/permission.ts';
import { defineTool } from '../define-tool.ts';

export default defineTool({
  name: 'whoami',
  title: 'Who am I',
  description: 'Shows which person and tenant this connection acts for, the person’s role, and what it may do.',
  scope: 'profile:read',
  bounded: true,
  input: z.strictObject({}),
  output: z.object({
    subject: z.string(),
    tenant: z.string(),
    role: z.enum(roles),
    scopes: z.array(z.string()),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (_input, { subject, tenant, role, scopes }) => ({ subject, tenant, role, scopes: [...scopes] }),
});

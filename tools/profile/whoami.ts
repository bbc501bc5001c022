import * as z from 'zod';
import { roles } from '#core/oauth/permission.ts';
import { principalKinds } from '#core/oauth/principal.ts';
import { defineTool } from '../define-tool.ts';

export default defineTool({
  name: 'whoami',
  title: 'Who am I',
  description: 'Shows which person or machine this connection acts for, in which tenant and role, and what it may do.',
  scope: 'profile:read',
  bounded: true,
  input: z.strictObject({}),
  output: z.object({
    subject: z.string(),
    kind: z.enum(principalKinds),
    tenant: z.string(),
    role: z.enum(roles),
    /** Only where the access token is bound to a key. */
    bound: z.literal(true).optional(),
    scopes: z.array(z.string()),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (_input, { subject, kind, tenant, role, isBound, scopes }) => ({
    subject,
    kind,
    tenant,
    role,
    ...(isBound && { bound: true as const }),
    scopes: [...scopes],
  }),
});

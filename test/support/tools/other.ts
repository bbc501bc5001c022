import { createHash } from 'node:crypto';
import * as z from 'zod';
import { definePrompt } from '../../../tools/define-prompt.ts';
import { defineResource } from '../../../tools/define-resource.ts';
import { defineTool } from '../../../tools/define-tool.ts';

const annotations = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };

export const sayHello = defineTool({
  name: 'say_hello',
  title: 'Say hello',
  description: 'Says hello to whoever asks.',
  scope: 'public',
  input: z.strictObject({ name: z.string().max(60) }),
  output: z.object({ hello: z.string() }),
  annotations,
  run: ({ name }) => ({ hello: `Hello, ${name}` }),
});

export const computeAtLength = defineTool({
  name: 'compute_at_length',
  title: 'Compute at length',
  description: 'Computes more than one call may.',
  scope: 'todos:read',
  input: z.strictObject({}),
  output: z.object({}),
  annotations,
  run: (_input, call) => {
    for (;;) {
      call.requireTime();
      createHash('sha256').update(Buffer.alloc(1_000_000)).digest();
    }
  },
});

export const forAdmins = defineTool({
  name: 'for_admins',
  title: 'For admins',
  description: 'Tells admins that they are admins.',
  scope: 'workspace:admin',
  role: 'admin',
  input: z.strictObject({}),
  output: z.object({ role: z.string() }),
  annotations,
  run: (_input, { role }) => ({ role }),
});

export const adminFile = defineResource({
  name: 'admin_file',
  title: 'Admin file',
  description: 'What only admins read.',
  mimeType: 'text/plain',
  like: forAdmins,
  uri: 'admin://file',
  read: () => 'For admins only',
});

export const adminFiles = defineResource({
  name: 'admin_files',
  title: 'Admin files',
  description: 'What only admins read, by name.',
  mimeType: 'text/plain',
  like: forAdmins,
  template: 'admin://files/{name}',
  list: async () => [{ uri: 'admin://files/one', name: 'one' }],
  complete: { name: async () => ['one'] },
  read: async ({ name }: Readonly<Record<string, string>>) => (name === 'one' ? 'For admins only' : undefined),
});

export const adminPrompt = definePrompt({
  name: 'admin_prompt',
  title: 'Admin prompt',
  description: 'What only admins say.',
  like: forAdmins,
  arguments: [{ name: 'about', description: 'What it is about', complete: () => ['one'] }],
  run: () => 'For admins only',
});

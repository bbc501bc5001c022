import { createHash } from 'node:crypto';
import * as z from 'zod';
import { definePrompt } from '../../../tools/define-prompt.ts';
import { defineResource } from '../../../tools/define-resource.ts';
import { type Call, defineTool, ToolError } from '../../../tools/define-tool.ts';

const annotations = { readOnlyHint: true, destructiveHint: false, openWorldHint: false } as const;

export const sayHello = defineTool({
  name: 'say_hello',
  title: 'Say hello',
  description: 'Says hello to whoever asks.',
  scope: 'public',
  bounded: true,
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
  bounded: true,
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

/** Ends its process, as a Lambda does with one that computes on, for whoever is of such a tenant. */
function endFor({ tenant }: { readonly tenant: string }): void {
  if (tenant.startsWith('ending-')) process.kill(process.pid, 'SIGKILL');
}

export const endWithProcess = defineTool({
  name: 'end_with_process',
  title: 'End with its process',
  description: 'Does not say that its work is bounded, and ends its process.',
  scope: 'todos:read',
  input: z.strictObject({ how: z.string().optional() }),
  output: z.object({}),
  annotations,
  run: ({ how }, call) => {
    if (how !== undefined) throw new ToolError('Not like that.');
    endFor(call);
    return {};
  },
});

export const endlessFiles = defineResource({
  name: 'endless_files',
  title: 'Endless files',
  description: 'Files of which each takes too long.',
  mimeType: 'text/plain',
  like: endWithProcess,
  template: 'endless://files/{name}',
  list: async (call: Call) => {
    endFor(call);
    return [];
  },
  complete: {
    name: async (_typed: string, call: Call) => {
      endFor(call);
      return [];
    },
  },
  read: async (_variables: Readonly<Record<string, string>>, call: Call) => {
    endFor(call);
    return undefined;
  },
});

export const endlessPrompt = definePrompt({
  name: 'endless_prompt',
  title: 'Endless prompt',
  description: 'Takes too long.',
  like: endWithProcess,
  arguments: [],
  run: (_given, call) => {
    endFor(call);
    return 'Done';
  },
});

export const forAdmins = defineTool({
  name: 'for_admins',
  title: 'For admins',
  description: 'Tells admins that they are admins.',
  scope: 'workspace:admin',
  bounded: true,
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

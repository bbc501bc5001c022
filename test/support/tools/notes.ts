import { ulid } from 'ulid';
import * as z from 'zod';
import { query } from '#core/store/table.ts';
import { definePrompt } from '../../../tools/define-prompt.ts';
import { defineResource } from '../../../tools/define-resource.ts';
import { type AddingCall, type Call, defineTool, ToolError } from '../../../tools/define-tool.ts';

/** A note keeps what a tool did, so that it can be counted. */
type Note = { readonly text: string };

const partition = ({ tenant, subject }: Call) => `NOTE#${tenant}#${subject}`;
const annotations = { readOnlyHint: false, destructiveHint: false, openWorldHint: false } as const;
const text = z.string().max(200);
const noted = z.object({ noted: z.number() });

async function textsOf(call: Call): Promise<string[]> {
  const { items } = await query<Note>(partition(call), { most: 1_000 });
  return items.map((note) => note.text);
}

function stage(call: AddingCall, sk: string, put: Note): void {
  call.write({ pk: partition(call), sk, put });
}

export const listNotes = defineTool({
  name: 'list_notes',
  title: 'List notes',
  description: 'Lists what was noted.',
  scope: 'todos:read',
  bounded: true,
  input: z.strictObject({}),
  output: z.object({ notes: z.array(z.string()) }),
  annotations: { ...annotations, readOnlyHint: true },
  run: async (_input, call) => ({ notes: await textsOf(call) }),
});

export const note = defineTool({
  name: 'note',
  title: 'Note',
  description: 'Notes something.',
  scope: 'todos:write',
  bounded: true,
  input: z.strictObject({ text }),
  output: noted,
  annotations,
  run: (given, call) => {
    stage(call, ulid(call.nowMilliseconds), given);
    return { noted: 1 };
  },
});

const many = z.strictObject({ text, times: z.int().min(1).max(1_000) });

/** Notes many things at places of their own, so that the same call can be made again. */
function stageMany(given: z.output<typeof many>, call: AddingCall): { readonly noted: number } {
  for (let number = 0; number < given.times; number += 1) {
    call.write({
      pk: partition(call),
      sk: `${given.text}#${String(number).padStart(4, '0')}`,
      change: 'SET #text = if_not_exists(#text, :text)',
      condition: 'attribute_exists(pk) OR attribute_not_exists(pk)',
      values: { ':text': given.text },
    });
  }
  return { noted: given.times };
}

export const noteMany = defineTool({
  name: 'note_many',
  title: 'Note many',
  description: 'Notes the same thing many times.',
  scope: 'todos:write',
  bounded: true,
  input: many,
  output: noted,
  annotations,
  run: stageMany,
});

export const noteIfAgreed = defineTool({
  name: 'note_if_agreed',
  title: 'Note if agreed',
  description: 'Notes something once the person agreed, where they can be asked.',
  scope: 'todos:write',
  bounded: true,
  input: z.strictObject({ text }),
  output: noted,
  annotations: { ...annotations, destructiveHint: true },
  confirm: (given) => `Note ${given.text}?`,
  run: (given, call) => {
    if (given.text === 'what cannot be noted') throw new ToolError('That cannot be noted.');
    stage(call, ulid(call.nowMilliseconds), given);
    return { noted: 1 };
  },
});

export const noteManyIfAgreed = defineTool({
  name: 'note_many_if_agreed',
  title: 'Note many if agreed',
  description: 'Notes many things once the person agreed.',
  scope: 'todos:write',
  bounded: true,
  input: many,
  output: noted,
  annotations: { ...annotations, destructiveHint: true },
  confirm: () => 'Note many?',
  run: stageMany,
});

export const noteStepwise = defineTool({
  name: 'note_stepwise',
  title: 'Note stepwise',
  description: 'Notes in three steps, says how far it is, and adds a file.',
  scope: 'todos:write',
  bounded: true,
  input: z.strictObject({}),
  output: noted,
  annotations,
  run: async (_input, call) => {
    for (const done of [1, 2, 3]) {
      await call.progress({ done, total: 3, message: `Step ${done}` });
      stage(call, ulid(call.nowMilliseconds), { text: `step ${done}` });
    }
    call.attach({ uri: 'notes://steps.csv', mimeType: 'text/csv', text: 'step\n1\n2\n3\n' });
    return { noted: 3 };
  },
});

export const everyNote = defineResource({
  name: 'every_note',
  title: 'Every note',
  description: 'All notes of the person.',
  mimeType: 'text/plain',
  like: listNotes,
  uri: 'notes://all',
  read: async (call: Call) => `All notes:\n${(await textsOf(call)).join('\n')}`,
});

export const oneNote = defineResource({
  name: 'one_note',
  title: 'One note',
  description: 'One note by its text.',
  mimeType: 'text/plain',
  like: listNotes,
  template: 'notes://one/{text}',
  list: async (call) => (await textsOf(call)).map((one) => ({ uri: `notes://one/${one}`, name: one })),
  complete: { text: async (typed: string, call: Call) => (await textsOf(call)).filter((one) => one.startsWith(typed)) },
  read: async ({ text: wanted }: Readonly<Record<string, string>>, call: Call) =>
    (await textsOf(call)).find((one) => one === wanted),
});

export const aboutNotes = definePrompt({
  name: 'about_notes',
  title: 'About the notes',
  description: 'A message about one note.',
  like: listNotes,
  arguments: [
    {
      name: 'text',
      description: 'The text of the note',
      required: true,
      complete: async (typed: string, call: Call) => (await textsOf(call)).filter((one) => one.startsWith(typed)),
    },
  ],
  run: ({ text: about = '' }) => `What of ${about}?`,
});

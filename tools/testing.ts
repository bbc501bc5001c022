import type { Role } from '#core/oauth/permission.ts';
import type { Write } from '#core/store/table.ts';
import { guardWaysOut } from '#core/ways-out.ts';
import type { Attachment, ChangingCall, Tool } from './define-tool.ts';
import { honestly, honestStaging } from './effects.ts';

/** For whom a call in a test acts, and when. What is left out is a member who has granted the tool's scope. */
export type TestedCall = {
  readonly subject?: string;
  readonly tenant?: string;
  readonly role?: Role;
  readonly scopes?: readonly string[];
  readonly nowMilliseconds?: number;
  readonly signal?: AbortSignal;
};

/** What a call in a test gave, and what it would write: nothing is written. */
export type TestedAnswer = {
  readonly output: Readonly<Record<string, unknown>>;
  readonly writes: readonly Write[];
  readonly files: readonly Attachment[];
};

guardWaysOut();

/**
 * Calls a tool as the server would, without one: the input passes its schema, `run` runs, the output passes its own.
 * Rejects with what the schema or the tool refuses, and with what the tool does but has not said of itself.
 */
export async function callTool(tool: Tool, input: unknown = {}, tested: TestedCall = {}): Promise<TestedAnswer> {
  const writes: Write[] = [];
  const files: Attachment[] = [];
  const nowMilliseconds = tested.nowMilliseconds ?? 1_800_000_000_000;
  const call: ChangingCall = {
    subject: tested.subject ?? 'somebody',
    tenant: tested.tenant ?? 'personal',
    kind: 'person',
    role: tested.role ?? tool.role ?? 'member',
    clientId: 'a client',
    isBound: false,
    scopes: tested.scopes ?? [tool.scope],
    now: Math.floor(nowMilliseconds / 1_000),
    nowMilliseconds,
    signal: tested.signal ?? new AbortController().signal,
    requireTime: () => undefined,
    progress: async () => undefined,
    ...honestStaging(tool, { write: (one) => void writes.push(one), keep: () => undefined }),
    attach: (file) => void files.push(file),
  };
  const read = await tool.input.parseAsync(input);
  const given = await honestly(tool, () => tool.run(read as never, call));
  return { output: await tool.output.parseAsync(given), writes, files };
}

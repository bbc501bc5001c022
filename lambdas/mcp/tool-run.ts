import type { QuotaName } from '#core/limits.ts';
import type { Principal } from '#core/oauth/types.ts';
import { type Kept, keeping } from '#core/store/kept.ts';
import type { Write } from '#core/store/table.ts';
import type { Attachment, Tool } from '#tools/define-tool.ts';
import { honestly, honestStaging } from '#tools/effects.ts';
import { type Acting, callOf } from './call.ts';
import type { McpRequest } from './confirmation.ts';

type Input = Readonly<Record<string, unknown>>;
type Counted = Kept & { readonly quota: QuotaName; readonly subject: string };

/** What a run of a tool gave, and what it wants to write. */
export type ToolRun = {
  readonly output: Record<string, unknown>;
  readonly files: readonly Attachment[];
  readonly writes: readonly Write[];
  /** What the writes add to what people keep: one write for each quota and person, so that a transaction has it once. */
  readonly keeping: readonly Write[];
};

/** Runs a tool. It writes nothing, but returns what the tool would write. Throws what the tool throws. */
export async function runTool(tool: Tool, input: Input, acting: Acting, mcpRequest?: McpRequest): Promise<ToolRun> {
  const writes: Write[] = [];
  const files: Attachment[] = [];
  const kept = new Map<string, Counted>();
  const keep = (quota: QuotaName, { items, bytes }: Kept, subject = acting.principal.subject) => {
    const before = kept.get(`${quota}#${subject}`);
    const sum = { items: items + (before?.items ?? 0), bytes: bytes + (before?.bytes ?? 0) };
    kept.set(`${quota}#${subject}`, { quota, subject, ...sum });
  };
  const call = callOf(acting, mcpRequest, {
    ...honestStaging(tool, { write: (one) => void writes.push(one), keep }),
    attach: (file) => void files.push(file),
  });
  const given = await honestly(tool, () => tool.run(input as never, call));
  return { output: tool.output.parse(given), files, writes, keeping: keepingOf([...kept.values()], acting.principal) };
}

function keepingOf(kept: readonly Counted[], { tenant }: Principal): readonly Write[] {
  const changed = kept.filter(({ items, bytes }) => items !== 0 || bytes !== 0);
  return changed.map(({ quota, subject, ...sum }) => keeping(quota, { subject, tenant }, sum));
}

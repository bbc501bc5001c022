import { countEvent } from './http/metrics.ts';
import { add, commit, type Write } from './store/table.ts';

/**
 * Makes writes with the audit item among them, as `commit` does. Where that cannot be done nothing happens either, and
 * it is counted: a server that can't record what is done with it needs somebody to look.
 */
export async function record(writes: readonly Write[]): ReturnType<typeof commit> {
  try {
    return await made(writes);
  } catch (error) {
    countEvent('AuditFailures');
    throw error;
  }
}

/** An audit item alone has an id that nothing else has, so it can only be there if the answer to an earlier try was lost. */
async function made(writes: readonly Write[]): ReturnType<typeof commit> {
  const [only, ...others] = writes;
  if (!only || !('put' in only) || others.length > 0) return commit(writes);
  await add(only);
  return { done: true };
}

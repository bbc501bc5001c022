import { countEvent } from './http/metrics.ts';
import { commit, type Write } from './store/table.ts';

/**
 * Makes writes with the audit item among them, as `commit` does. Where that cannot be done nothing happens either, and
 * it is counted: a server that can't record what is done with it needs somebody to look.
 */
export async function record(writes: readonly Write[]): ReturnType<typeof commit> {
  try {
    return await commit(writes);
  } catch (error) {
    countEvent('AuditFailures');
    throw error;
  }
}

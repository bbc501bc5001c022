import { limits } from '#generated';
import type { Request } from './http/request.ts';
import { record } from './record.ts';
import { count } from './store/rates.ts';
import type { Write } from './store/table.ts';

type Sparing = 'refusalsPerGrant' | 'assertionReplaysPerClient';

/**
 * Records what somebody can bring about as often as they like, up to a limit: what comes beyond it leaves no audit item.
 * Who is refused is refused all the same.
 */
export async function recordSparingly(limit: Sparing, subject: string, item: Write, { now }: Request): Promise<void> {
  const waitSeconds = await count([{ limit, subject, windows: limits[limit] }], now);
  if (waitSeconds === undefined) await record([item]);
}

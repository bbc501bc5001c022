import { hidden } from '#core/store/hidden.ts';
import { forgotten, usageOf } from '#core/store/rates.ts';
import { commit } from '#core/store/table.ts';
import { addressChange, adminChange, type Operation, overtaken, parsed } from '../operation.ts';
import { whoseLimits } from './counted.ts';
import { countedFor } from './show.ts';

/** As many writes as one transaction takes, without the audit item. */
const MOST_AT_ONCE = 99;

/** Resets somebody’s limits. If nothing was used, nothing changes and nothing is recorded. */
export async function resetLimits(operation: Operation): Promise<object> {
  const { now } = operation;
  const { address, network } = parsed(whoseLimits, operation.input);
  const rates = (await countedFor(address, network, now)).map(({ rate }) => rate);
  const used = (await usageOf(rates, now)).map(({ rate }) => rate);
  const removals = forgotten(used, now);
  for (let start = 0; start < removals.length; start += MOST_AT_ONCE) {
    const audit =
      address === undefined
        ? adminChange(operation, await hidden('network', network ?? ''))
        : await addressChange(operation, address);
    const { done } = await commit([...removals.slice(start, start + MOST_AT_ONCE), audit]);
    if (!done) throw overtaken(address ?? network ?? '');
  }
  return { address, network, reset: [...new Set(used.map(({ limit }) => limit))] };
}

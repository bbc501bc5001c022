import { usageOf } from '#core/store/rates.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed, refused } from '../operation.ts';
import { type Counted, countedForAddress, countedForNetwork, whoseLimits } from './counted.ts';

/** Shows what of their limits somebody has used in the windows that are open, and when those end. */
export async function showLimits({ input, now }: Operation): Promise<object> {
  const { address, network } = parsed(whoseLimits, input);
  const counted = await countedFor(address, network, now);
  const nameOf = new Map(counted.map(({ rate, of }) => [rate, of]));
  const usage = await usageOf([...nameOf.keys()], now);
  return {
    address,
    network,
    used: usage.map(({ rate, window, used, most, endsAt }) => ({
      limit: rate.limit,
      of: nameOf.get(rate),
      window,
      used,
      most,
      is_full: used >= most,
      free_at: iso(endsAt),
    })),
  };
}

/** What counts for an address, or for a network where none is named. Throws a refusal when neither is. */
export function countedFor(
  address: string | undefined,
  network: string | undefined,
  now: number,
): Promise<readonly Counted[]> {
  if (address !== undefined) return countedForAddress(address, network, now);
  if (network === undefined) throw refused('Whose limits? Name an email address or an IP address');
  return Promise.resolve(countedForNetwork(network));
}

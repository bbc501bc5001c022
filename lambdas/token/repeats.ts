import type { Request } from '#core/http/request.ts';
import { networkOf } from '#core/http/source.ts';
import { networkRates } from '#core/network-rates.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import type { RefreshToken } from '#core/oauth/refresh-token.ts';
import { count, countFirst, type Rate } from '#core/store/rates.ts';
import { limits } from '#generated';

/**
 * Counts a repeat of a spent refresh token before anything is signed for it. Returns whether it is the first one of this
 * token from this network, which has an audit item. Throws when there were too many.
 */
export async function countRepeat(token: RefreshToken, request: Request): Promise<boolean> {
  const ofToken: Rate = {
    limit: 'repeatsPerRefreshToken',
    subject: `${token.grantId}.${token.generation}#${networkOf(request)}`,
    windows: limits.repeatsPerRefreshToken,
  };
  const { isFirst, waitSeconds } = await countFirst(ofToken, request.now);
  const wait = waitSeconds ?? (await count(networkRates('repeatsPerIp', request), request.now));
  if (wait !== undefined) throw tooManyRequests(wait);
  return isFirst;
}

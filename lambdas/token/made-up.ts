import type { Request } from '#core/http/request.ts';
import { networkRates } from '#core/network-rates.ts';
import { type OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import { count } from '#core/store/rates.ts';

/** Refuses a code or token that we never issued, and counts it: only guessing is limited, never genuine tokens. */
export async function refuseMadeUp(request: Request, refusal: OAuthError): Promise<never> {
  const waitSeconds = await count(networkRates('madeUpTokensPerIp', request), request.now);
  throw waitSeconds === undefined ? refusal : tooManyRequests(waitSeconds);
}

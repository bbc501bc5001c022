import type { Request } from '#core/http/request.ts';
import { limitsFor, networkOf } from '#core/http/source.ts';
import { type OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import { count } from '#core/store/rates.ts';
import { limits } from '#generated';

/** Refuses a code or token that we never issued, and counts it: only guessing is limited, never what is genuine. */
export async function refuseMadeUp(request: Request, refusal: OAuthError): Promise<never> {
  const rate = {
    kind: 'made-up-ip',
    subject: networkOf(request),
    limits: limitsFor(request, limits.madeUpTokensPerIp),
  } as const;
  const waitSeconds = await count([rate], request.now);
  throw waitSeconds === undefined ? refusal : tooManyRequests(waitSeconds);
}

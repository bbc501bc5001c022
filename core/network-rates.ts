import { limits } from '#generated';
import type { Request } from './http/request.ts';
import { networksOf, times, windowsFor } from './http/source.ts';
import type { LimitName } from './limits.ts';
import type { Rate } from './store/rates.ts';

/** What somebody guesses: a network from which many people come gets no more of these. */
const guesses: ReadonlySet<LimitName> = new Set(['wrongCodesPerIp', 'wrongPasskeysPerIp']);

/** The rates by which a request counts for the networks that it comes from. */
export function networkRates(limit: LimitName, request: Pick<Request, 'sourceIp'>): readonly Rate[] {
  const windows = guesses.has(limit) ? limits[limit] : windowsFor(request, limits[limit]);
  return networksOf(request).map(({ name, factor }) => ({ limit, subject: name, windows: times(windows, factor) }));
}

import { limits } from '#generated';
import type { Request } from './http/request.ts';
import { networksOf, times, windowsFor } from './http/source.ts';
import type { LimitName, Windows } from './limits.ts';
import type { Rate } from './store/rates.ts';

/** The rates by which a request counts for the networks that it comes from. */
export function networkRates(
  limit: LimitName,
  request: Pick<Request, 'sourceIp'>,
  windows: Windows = windowsFor(request, limits[limit]),
): readonly Rate[] {
  return networksOf(request).map(({ name, factor }) => ({ limit, subject: name, windows: times(windows, factor) }));
}

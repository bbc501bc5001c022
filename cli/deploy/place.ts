import type { Settings } from '../../lib/settings.ts';

/** Where a deploy goes, and how the clients of AWS get there. None of them keeps the operator waiting for long. */
export type Place = {
  readonly region: string;
  readonly profile: string | undefined;
  readonly settings: Settings;
};

/** How a client of the AWS SDK is made for a place. */
export function clientOf({ region, profile }: Pick<Place, 'region' | 'profile'>) {
  return {
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
    ...(profile !== undefined && { profile }),
  };
}

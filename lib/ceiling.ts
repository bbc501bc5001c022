import { routes } from '../core/routes.ts';
import type { Settings } from './settings.ts';

/** What the table takes in a second where the settings do not say. */
export const most = { reads: 1_500, writes: 1_000 } as const;

const SECONDS_OF_A_MONTH = 730 * 3_600;
/** Dollars a million at list prices of us-east-1: the gateway, a Lambda for ten milliseconds, and the lines of the logs. */
const REQUEST = 1.75;
const READ_UNIT = 0.125;
const WRITE_UNIT = 0.625;

/** What a flood could come to that lasts for a month: all requests that are let in, and all that the table takes. */
export type Ceiling = {
  readonly requestsPerSecond: number;
  readonly requestsUsd: number;
  /** None for a table outside of the stack, whose limits are not known here. */
  readonly tableUsd: number;
};

/** The most that the throttles and the table let somebody cost. Each route of an endpoint has the endpoint's throttle. */
export function ceilingOf({ throttles, table }: Pick<Settings, 'throttles' | 'table'>): Ceiling {
  const perSecond = Object.entries(routes).map(
    ([endpoint, keys]) => throttles[endpoint as keyof typeof routes].perSecond * keys.length,
  );
  const requestsPerSecond = perSecond.reduce((sum, one) => sum + one, 0);
  const { existing, maxReadUnits: reads = most.reads, maxWriteUnits: writes = most.writes } = table;
  const unitsUsd = reads * READ_UNIT + writes * WRITE_UNIT;
  return {
    requestsPerSecond,
    requestsUsd: monthly(requestsPerSecond * REQUEST),
    tableUsd: existing === undefined ? monthly(unitsUsd) : 0,
  };
}

/** From so much a second, in dollars a million, to whole dollars a month. */
function monthly(perSecond: number): number {
  return Math.round((perSecond * SECONDS_OF_A_MONTH) / 1e6);
}

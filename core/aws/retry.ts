import { setTimeout as wait } from 'node:timers/promises';
import { AwsError } from './error.ts';

/** How often one call is tried in all, and how long the first wait is at most. */
export type Patience = { readonly mostTries: number; readonly waitMilliseconds: number };

const THROTTLED_WAIT_MILLISECONDS = 1_000;
const LONGEST_WAIT_MILLISECONDS = 20_000;
/** Each retry is paid for and refunded when it succeeds, so that a service in trouble is soon asked only once per call. */
const ALLOWANCE = 500;
const THROTTLED_COST = 5;
const COST = 14;

/** The names and statuses on which the AWS SDK's standard mode tries again. */
const THROTTLED = new Set([
  ...['BandwidthLimitExceeded', 'EC2ThrottledException', 'LimitExceededException', 'PriorRequestNotComplete'],
  ...['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'RequestThrottled'],
  ...['RequestThrottledException', 'SlowDown', 'ThrottledException', 'Throttling', 'ThrottlingException'],
  ...['TooManyRequestsException', 'TransactionInProgressException'],
]);
const TRANSIENT = new Set(['RequestTimeout', 'RequestTimeoutException', 'ReplicatedWriteConflictException']);
const TRANSIENT_STATUSES = new Set([undefined, 500, 502, 503, 504]);

/**
 * Makes a function that tries a call again as the standard mode of the AWS SDK does: what is throttled, out of order or not
 * reached, after a random while that may double each time. `again` names errors to try again besides.
 */
export function retries({ mostTries, waitMilliseconds }: Patience) {
  let allowance = ALLOWANCE;

  return async <T>(ask: () => Promise<T>, again: (error: AwsError) => boolean): Promise<T> => {
    let refund = 1;
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await ask();
        allowance = Math.min(ALLOWANCE, allowance + refund);
        return answer;
      } catch (error) {
        if (!(error instanceof AwsError) || tries >= mostTries) throw error;
        const isThrottled = error.status === 429 || THROTTLED.has(error.name);
        if (!isThrottled && !isTransient(error) && !again(error)) throw error;
        const cost = isThrottled ? THROTTLED_COST : COST;
        if (allowance < cost) throw error;
        allowance -= cost;
        refund = cost;
        await pause(isThrottled ? THROTTLED_WAIT_MILLISECONDS : waitMilliseconds, tries);
      }
    }
  };
}

function isTransient({ name, status }: AwsError): boolean {
  return TRANSIENT.has(name) || TRANSIENT_STATUSES.has(status);
}

async function pause(first: number, tries: number): Promise<void> {
  await wait(Math.random() * Math.min(first * 2 ** (tries - 1), LONGEST_WAIT_MILLISECONDS));
}

import { setTimeout as wait } from 'node:timers/promises';
import { cancellationReasons } from '#core/aws/dynamodb.ts';
import { AwsError } from '#core/aws/error.ts';
import { OAuthError } from '#core/oauth/error.ts';

const MOST_TRIES = 5;
const RETRY_AFTER_SECONDS = 2;

/**
 * Asks the table something. Others writing the same item at the same moment are no failure: it is asked again, with
 * jitter. A table that is throttled, out of order or out of reach is a 503, and nothing is half done.
 */
export async function reach<T>(ask: () => Promise<T>, tries = 1): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isConflict(error)) throw isUnavailable(error) ? unavailable(error) : error;
    if (tries >= MOST_TRIES) throw unavailable(error);
    await pause(tries);
    return reach(ask, tries + 1);
  }
}

/** Waits a random while that grows with the number of tries. */
export async function pause(tries: number): Promise<void> {
  await wait(Math.random() * 20 * 2 ** tries);
}

/** What a client is told when the table does not answer: the request changed nothing and may be repeated. */
export function unavailable(cause: unknown): OAuthError {
  return new OAuthError('temporarily_unavailable', 'The service is busy; try again in a moment', 503, {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** A transaction fails as a whole; a failed condition among its reasons is an outcome, whatever the others are. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof AwsError)) return false;
  if (error.name === 'TransactionConflictException' || error.name === 'TransactionInProgressException') return true;
  return hasReason(error, 'TransactionConflict') && !hasReason(error, 'ConditionalCheckFailed');
}

const THROTTLED = new Set([
  ...['ProvisionedThroughputExceededException', 'ThrottlingException', 'ThrottlingError', 'RequestLimitExceeded'],
  'ReplicatedWriteConflictException',
]);
const THROTTLED_REASONS = ['ThrottlingError', 'ProvisionedThroughputExceeded'];

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof AwsError)) return false;
  if (error.isServerFault || THROTTLED.has(error.name)) return true;
  return THROTTLED_REASONS.some((reason) => hasReason(error, reason));
}

function hasReason(error: AwsError, code: string): boolean {
  return cancellationReasons(error)?.some((reason) => reason.Code === code) ?? false;
}

import { connectTo } from './service.ts';

/** Longer than the Lambda that is invoked may run, and shorter than the one that invokes it. */
const LONGEST_MILLISECONDS = 19_500;

const call = connectTo({
  host: 'lambda',
  signedAs: 'lambda',
  variable: 'LAMBDA',
  milliseconds: LONGEST_MILLISECONDS,
  // What it did before it failed, a second try would do again.
  patience: { mostTries: 1, waitMilliseconds: 0 },
});

/**
 * Has a Lambda handle an event, once, and gives what it answers: what its handler returned, or how that failed. Throws an
 * `AwsError` when that is refused or not answered.
 */
export function invoke(functionName: string, event: object): Promise<unknown> {
  return call({ path: `/2015-03-31/functions/${functionName}/invocations`, headers: {}, input: event });
}

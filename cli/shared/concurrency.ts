/** Below this, a few people who sign in at once can keep everybody else waiting. */
const FEW = 100;

/** What to say of the number of Lambdas that an account may run at a time, if it is worth saying. */
export function fewLambdas(limit: number | undefined): string | undefined {
  if (limit === undefined || limit >= FEW) return undefined;
  return (
    `This account runs at most ${limit} Lambdas at a time, and a request for a code takes one for 600 ms: ask for more ` +
    'concurrent executions in the Service Quotas console.'
  );
}

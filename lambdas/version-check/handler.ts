import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { customResource, patiently } from '#core/custom-resource.ts';
import { probe } from './probe.ts';

/** What Lambda answers about a version that is being prepared, to a role that is new, and when the account is busy. */
const passing = [
  'AccessDeniedException',
  'ResourceConflictException',
  'ResourceNotFoundException',
  'TooManyRequestsException',
];
const lambda = new LambdaClient({});

/** Custom resource: that each of these versions loads and answers, known before any request is led to it. */
export const handler = customResource<{ readonly Versions: readonly string[] }>({
  physicalId: () => 'version-check',
  make: async ({ Versions }) => {
    for (const version of Versions) await mustAnswer(version);
    return {};
  },
});

async function mustAnswer(version: string): Promise<void> {
  const command = new InvokeCommand({ FunctionName: version, Payload: JSON.stringify(probe) });
  const { FunctionError, Payload } = await patiently(passing, () => lambda.send(command));
  const answer = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError) throw new Error(`${version} does not work: ${answer?.errorMessage ?? FunctionError}`);
  const isWell = typeof answer?.statusCode === 'number' && answer.statusCode < 500;
  if (!isWell) throw new Error(`${version} answers a request with ${answer?.statusCode ?? 'nothing'}`);
}

import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';

/** The outputs of a deployed stack, or undefined when there is no such stack in this account and region. */
export async function stackOutputs(
  client: CloudFormationClient,
  StackName: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const described = await client.send(new DescribeStacksCommand({ StackName })).catch(undefinedIfMissing);
  const [stack] = described?.Stacks ?? [];
  return (
    stack && Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  );
}

/** CloudFormation calls what is not there invalid. */
export function undefinedIfMissing(error: unknown): undefined {
  const isMissing = error instanceof CloudFormationServiceException && error.name === 'ValidationError';
  if (!isMissing) throw error;
}

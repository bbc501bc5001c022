import type { GetParameterCommandInput, GetParameterCommandOutput } from '@aws-sdk/client-ssm';
import { connectToJsonRpc } from './service.ts';
import type { Answer, Wire } from './wire.ts';

const call = connectToJsonRpc({
  host: 'ssm',
  signedAs: 'ssm',
  variable: 'SSM',
  target: 'AmazonSSM',
  version: '1.1',
  milliseconds: 1_500,
  patience: { mostTries: 3, waitMilliseconds: 50 },
});

/** Reads a parameter of SSM. Throws an `AwsError` when that is refused or not answered. */
export async function getParameter(input: Wire<GetParameterCommandInput>): Promise<Answer<GetParameterCommandOutput>> {
  return (await call('GetParameter', input)) as Answer<GetParameterCommandOutput>;
}

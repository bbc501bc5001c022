import type {
  GetPublicKeyCommandInput,
  GetPublicKeyCommandOutput,
  SignCommandInput,
  SignCommandOutput,
} from '@aws-sdk/client-kms';
import { connectToJsonRpc } from './service.ts';
import type { Answer, Wire } from './wire.ts';

type Operations = {
  readonly GetPublicKey: [GetPublicKeyCommandInput, GetPublicKeyCommandOutput];
  readonly Sign: [SignCommandInput, SignCommandOutput];
};

const call = connectToJsonRpc({
  host: 'kms',
  signedAs: 'kms',
  variable: 'KMS',
  target: 'TrentService',
  version: '1.1',
  milliseconds: 1_500,
  patience: { mostTries: 3, waitMilliseconds: 50 },
});

/** Calls an operation of KMS. Throws an `AwsError` when it is refused or not answered. */
export async function kms<Name extends keyof Operations>(
  operation: Name,
  input: Wire<Operations[Name][0]>,
): Promise<Answer<Operations[Name][1]>> {
  return (await call(operation, input)) as Answer<Operations[Name][1]>;
}

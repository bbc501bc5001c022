import { join } from 'node:path';
import type { Children } from '../children.ts';
import { startDynamoDb } from './dynamodb.ts';
import { startKms } from './kms.ts';
import { startSes } from './ses.ts';
import { startSsm } from './ssm.ts';

/** Where each AWS service is reached, by the environment variable that tells an AWS SDK. */
export type Endpoints = Readonly<
  Record<
    'AWS_ENDPOINT_URL_DYNAMODB' | 'AWS_ENDPOINT_URL_SESV2' | 'AWS_ENDPOINT_URL_KMS' | 'AWS_ENDPOINT_URL_SSM',
    string
  >
>;

/** Starts a stand-in for each service whose endpoint is not set already. */
export async function startServices(folder: string, children: Children): Promise<Endpoints> {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SESV2, AWS_ENDPOINT_URL_KMS, AWS_ENDPOINT_URL_SSM } = process.env;
  const [dynamoDb, ses, kms, ssm] = await Promise.all([
    AWS_ENDPOINT_URL_DYNAMODB ?? startDynamoDb(join(folder, 'dynamodb'), children),
    AWS_ENDPOINT_URL_SESV2 ?? startSes(),
    AWS_ENDPOINT_URL_KMS ?? startKms(join(folder, 'kms')),
    AWS_ENDPOINT_URL_SSM ?? startSsm(join(folder, 'ssm')),
  ]);
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb,
    AWS_ENDPOINT_URL_SESV2: ses,
    AWS_ENDPOINT_URL_KMS: kms,
    AWS_ENDPOINT_URL_SSM: ssm,
  };
}

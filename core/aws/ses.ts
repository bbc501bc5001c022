import type { SendEmailCommandInput, SendEmailCommandOutput } from '@aws-sdk/client-sesv2';
import { connectTo } from './service.ts';
import type { Answer, Wire } from './wire.ts';

const call = connectTo({
  host: 'email',
  signedAs: 'ses',
  variable: 'SESV2',
  milliseconds: 3_000,
  patience: { mostTries: 3, waitMilliseconds: 50 },
});

/** Has SES send a mail. Throws an `AwsError` when that is refused or not answered. */
export async function sendEmail(input: Wire<SendEmailCommandInput>): Promise<Answer<SendEmailCommandOutput>> {
  const headers = { 'content-type': 'application/json' };
  return (await call({ path: '/v2/email/outbound-emails', headers, input })) as Answer<SendEmailCommandOutput>;
}

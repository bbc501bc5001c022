import { randomUUID } from 'node:crypto';
import type { GetAccountCommandOutput, SESv2Client } from '@aws-sdk/client-sesv2';
import { fewLambdas } from '../../shared/concurrency.ts';
import { webmailSender } from '../../shared/webmail.ts';
import { Fault, type Group, must } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { notTold, output, outputsOf, type Place, placeOf } from '../own-stack.ts';

const sandbox =
  'in the sandbox, where SES mails confirmed addresses alone: ask AWS for production access, ' +
  'https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html';

/** That codes can be mailed. For a deployment, this needs AWS credentials for its account. */
export const mail: Group = {
  title: 'Mail',
  checks: [
    {
      name: 'mail',
      proves: 'sign-in codes can be mailed: SES sends for the account, and the sender is confirmed',
      remedy: 'Look at SES in the AWS console, in the region of the stack.',
      run: (deployment) => (deployment.isLocal ? mailbox(deployment) : ses(deployment)),
    },
  ],
};

async function mailbox(deployment: Deployment): Promise<string> {
  // Nobody's mail is asked for, since all of it would be secret.
  const headers = { accept: 'application/json' };
  const { status, text } = await deployment.request(`/local/mailbox?to=${randomUUID()}`, { headers });
  const remedy = 'This is no local runner, or an older one: start it with `npm start`.';
  must(status === 200 && text === '[]', `the mailbox of the local runner answers with ${status}`, remedy);
  return 'it goes to the mailbox';
}

async function ses(deployment: Deployment): Promise<string> {
  const place = placeOf(deployment);
  const sender = output(await outputsOf(deployment, place), 'SenderAddress');
  const { SESv2Client, GetAccountCommand } = await import('@aws-sdk/client-sesv2');
  const client = new SESv2Client(place);
  const account = await client.send(new GetAccountCommand({})).catch(notTold);
  mustSend(account);
  await mustBeConfirmed(sender, client);
  return [`from ${sender}`, stateOf(account), webmailSender(sender), await busyOf(place)].filter(Boolean).join(', ');
}

/** What to say of the number of Lambdas that may run at a time: a request for a code holds one for a while. */
async function busyOf(place: Place): Promise<string | undefined> {
  const { LambdaClient, GetAccountSettingsCommand } = await import('@aws-sdk/client-lambda');
  const requestHandler = { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
  try {
    const client = new LambdaClient({ ...place, requestHandler, maxAttempts: 1 });
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    return fewLambdas(AccountLimit?.ConcurrentExecutions);
  } catch (error) {
    return `how many Lambdas may run at a time was not told (${error instanceof Error ? error.name : error})`;
  }
}

function mustSend({ SendingEnabled, EnforcementStatus, SendQuota = {} }: GetAccountCommandOutput): void {
  const paused = 'The SES console says why under Account dashboard and Reputation metrics, and takes the appeal.';
  must(EnforcementStatus !== 'SHUTDOWN', 'AWS has stopped mail from this account', paused);
  must(SendingEnabled === true, 'sending is paused for this account', paused);
  const { Max24HourSend: most = 0, SentLast24Hours: sent = 0 } = SendQuota;
  const more =
    'Ask for a higher quota in the Service Quotas console; a day after the first of these mails there is room again.';
  must(most < 0 || sent < most, `all ${most} mails of a day are sent`, more);
}

/** An address is confirmed by itself, or with its domain or one above that. */
async function mustBeConfirmed(sender: string, client: SESv2Client): Promise<void> {
  const labels = (sender.split('@')[1] ?? '').split('.');
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
  for (const identity of [sender, ...domains]) if (await isConfirmed(identity, client)) return;
  const remedy =
    'Open the link in the mail that AWS sent to it, or for a domain publish the DKIM records that the SES console shows ' +
    'under Identities.';
  throw new Fault(`${sender} is not confirmed`, remedy);
}

async function isConfirmed(EmailIdentity: string, client: SESv2Client): Promise<boolean> {
  const { GetEmailIdentityCommand, NotFoundException } = await import('@aws-sdk/client-sesv2');
  try {
    const { VerifiedForSendingStatus } = await client.send(new GetEmailIdentityCommand({ EmailIdentity }));
    return VerifiedForSendingStatus === true;
  } catch (error) {
    return error instanceof NotFoundException ? false : notTold(error);
  }
}

function stateOf({ ProductionAccessEnabled, EnforcementStatus, SendQuota = {} }: GetAccountCommandOutput): string {
  const { Max24HourSend: most = 0, SentLast24Hours: sent = 0 } = SendQuota;
  return [
    `${sent} of ${most < 0 ? 'unlimited' : most} mails sent today`,
    EnforcementStatus === 'PROBATION' && 'AWS is reviewing the account',
    ProductionAccessEnabled !== true && sandbox,
  ]
    .filter(Boolean)
    .join(', ');
}

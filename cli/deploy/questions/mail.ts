import { GetAccountCommand, GetEmailIdentityCommand, NotFoundException, SESv2Client } from '@aws-sdk/client-sesv2';
import { identityOf } from '../../../lib/sender-identity.ts';
import { type Finding, note, stop } from '../finding.ts';
import { LiveStacks } from '../live-stack.ts';
import { clientOf, type Place } from '../place.ts';
import type { Question } from '../question.ts';

const leaving = 'https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html';

/** Whether SES sends for the account, and to whom. */
export const sandbox: Question = {
  what: 'if SES sends to everybody',
  right: 'ses:GetAccount',
  ask: async (place) => {
    const account = await new SESv2Client(clientOf(place)).send(new GetAccountCommand({}));
    if (account.SendingEnabled === false || account.EnforcementStatus === 'SHUTDOWN')
      return [note('SES sends no mail for this account, so nobody can sign in: its console says why.')];
    if (account.ProductionAccessEnabled === true) return [];
    return [
      note(`SES is in its sandbox here, and mails only confirmed addresses: ask AWS for production access, ${leaving}`),
    ];
  },
};

/** Whether the sender's identity is there where it should be, and not where the deploy would make it. */
export const identity: Question = {
  what: 'which identities SES has',
  right: 'ses:GetEmailIdentity',
  ask: (place) => (place.settings.senderIdentity === 'new' ? mustBeNew(place) : mustExist(place)),
};

async function mustBeNew(place: Place): Promise<Finding[]> {
  const name = identityOf(place.settings);
  if ((await isConfirmed(name, place)) === undefined) return [];
  const own = await new LiveStacks(place).identities(place.settings.stackName);
  if (own.includes(name)) return [];
  return [
    stop(`senderIdentity: SES has an identity ${name} already: set senderIdentity: 'existing' in vestibule.config.ts.`),
  ];
}

/** An address is confirmed by itself, or with its domain or one above that. */
async function mustExist(place: Place): Promise<Finding[]> {
  const { sender } = place.settings;
  const labels = sender.slice(sender.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
  const found = await Promise.all([sender, ...domains].map((name) => isConfirmed(name, place)));
  if (found.includes(true)) return [];
  if (found.includes(false))
    return [note(`${sender} is not confirmed in SES yet: open the link that AWS mailed, or publish its DKIM records.`)];
  return [
    stop(
      `senderIdentity: SES knows neither ${sender} nor its domain in ${place.region}: leave senderIdentity out, and the ` +
        'deploy makes the identity.',
    ),
  ];
}

/** True if an identity may send. Undefined if there is none. */
async function isConfirmed(EmailIdentity: string, place: Place): Promise<boolean | undefined> {
  try {
    const client = new SESv2Client(clientOf(place));
    const { VerifiedForSendingStatus } = await client.send(new GetEmailIdentityCommand({ EmailIdentity }));
    return VerifiedForSendingStatus === true;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

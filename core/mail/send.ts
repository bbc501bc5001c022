import { sendEmail } from '#core/aws/ses.ts';
import { env } from '#core/env.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { name, sender } from '#generated';
import { askedFromTags } from './asked-from.ts';
import { mailbox } from './mailbox.ts';

const RETRY_AFTER_SECONDS = 60;
/** Says how SES sends: encrypted, not for longer than a code is good, and telling what came back. */
const ConfigurationSetName = env('CONFIGURATION_SET');

/** A mailbox of SES itself, which takes mail and throws it away. It counts for nobody's reputation. */
export const nobody = 'success@simulator.amazonses.com';

/** A mail: its text and the same in HTML, and the address on the network that it was asked for from. */
export type Mail = {
  readonly to: string;
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sourceIp: string;
};

/** Sends a mail from the operator's address. Throws with 503 when SES does not take it. RFC 3834 §5: a machine made it. RFC 3282: its language. */
export async function send({ to, language, subject, text, html, sourceIp }: Mail): Promise<void> {
  const mail = {
    ConfigurationSetName,
    FromEmailAddress: mailbox(name, sender),
    Destination: { ToAddresses: [to] },
    EmailTags: askedFromTags(sourceIp),
    Content: {
      Simple: {
        Subject: { Data: subject, Charset: 'UTF-8' },
        Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
        Headers: [
          { Name: 'Auto-Submitted', Value: 'auto-generated' },
          { Name: 'Content-Language', Value: language },
        ],
      },
    },
  };
  await sendEmail(mail).catch((cause: unknown) => {
    throw new OAuthError('temporarily_unavailable', 'The mail could not be sent.', 503, {
      cause,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  });
}

import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { name, sender } from '#generated';

const ses = new SESv2Client({
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});

/** A mail: its text and the same in HTML. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string };

/** Sends a mail from the operator's address. Throws when SES does not take it. RFC 3834 §5: it was made by a machine. */
export async function send({ to, subject, text, html }: Mail): Promise<void> {
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: `"${name.replaceAll(/["\\]/g, '')}" <${sender}>`,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: 'UTF-8' },
          Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
        },
      },
    }),
  );
}

import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** The address that sign-in codes come from, as an identity that SES confirms, or has confirmed before. */
export class MailSender extends Construct {
  readonly #sender: string;

  constructor(scope: Construct, id: string, { sender, senderIdentity }: Pick<Settings, 'sender' | 'senderIdentity'>) {
    super(scope, id);
    this.#sender = sender;
    if (senderIdentity === 'new') new EmailIdentity(this, 'Identity', { identity: Identity.email(sender) });
  }

  /** The right to send from this address. In the sandbox SES also checks the recipient's identity, hence all of them. */
  get statement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: [
        Stack.of(this).formatArn({
          service: 'ses',
          resource: 'identity',
          resourceName: '*',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
      conditions: { StringEquals: { 'ses:FromAddress': this.#sender } },
    });
  }
}

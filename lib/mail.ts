import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  DkimIdentity,
  EasyDkimSigningKeyLength,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { domainOf, type Sender, zoneOf } from './sender-identity.ts';

/** For as long as a code is good. Later it would only puzzle its reader. */
const longestDelivery = Duration.minutes(15);

type MailProperties = Sender & {
  /** The label below the sender's domain that bounces go to. */
  readonly returnPath: string;
  /** `existing` where the address or its domain is confirmed in SES already, by somebody else. */
  readonly senderIdentity?: string | undefined;
};

/** The sender of sign-in codes: an identity that SES confirms, and how its mail is sent and watched. */
export class MailSender extends Construct {
  readonly configurationSet: string;
  /** True if somebody must open a link that SES mails to the address. */
  readonly isConfirmedByLink: boolean;
  readonly #sender: string;

  constructor(scope: Construct, id: string, properties: MailProperties) {
    super(scope, id);
    this.#sender = properties.sender;
    const isNew = properties.senderIdentity !== 'existing';
    if (isNew) this.#makeIdentity(properties);
    this.isConfirmedByLink = isNew && !zoneOf(properties);
    this.configurationSet = this.#makeConfigurationSet().configurationSetName;
  }

  /**
   * The right to send from this address, in this way. In the sandbox SES also checks the recipient's identity, hence
   * all of them.
   */
  get statement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: [this.#arn('identity', '*'), this.#arn('configuration-set', this.configurationSet)],
      conditions: { StringEquals: { 'ses:FromAddress': this.#sender } },
    });
  }

  /** The sender's whole domain where its records can be written, with signatures and a return path; else the address. */
  #makeIdentity(properties: MailProperties): void {
    const zone = zoneOf(properties);
    const name = domainOf(properties.sender);
    if (!zone) {
      new EmailIdentity(this, 'Identity', { identity: Identity.email(properties.sender) });
      return;
    }
    // Named like the sender's domain, which may lie below the zone's, for SES calls the identity by the zone's name.
    const attributes = { hostedZoneId: zone.id, zoneName: name };
    new EmailIdentity(this, 'Identity', {
      identity: Identity.publicHostedZone(PublicHostedZone.fromPublicHostedZoneAttributes(this, 'Zone', attributes)),
      dkimIdentity: DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT),
      mailFromDomain: `${properties.returnPath}.${name}`,
    });
  }

  #makeConfigurationSet(): ConfigurationSet {
    const set = new ConfigurationSet(this, 'ConfigurationSet', {
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      reputationMetrics: true,
      maxDeliveryDuration: longestDelivery,
    });
    set.addEventDestination('Events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [
        ...[EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
        ...[EmailSendingEvent.REJECT, EmailSendingEvent.DELIVERY_DELAY],
      ],
    });
    return set;
  }

  #arn(resource: string, resourceName: string): string {
    const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: 'ses', resource, resourceName, arnFormat });
  }
}

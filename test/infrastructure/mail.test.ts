import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { MailSender } from '../../lib/mail.ts';
import { resources, templateOf } from '../support/template.ts';

const sender = 'sign-in@mail.example.com';

function identities(properties: Omit<ConstructorParameters<typeof MailSender>[2], 'returnPath'>): Template {
  const stack = new Stack(new App(), 'Mail');
  new MailSender(stack, 'Sender', { returnPath: 'bounces', ...properties });
  return Template.fromStack(stack);
}

describe('whom mail comes from', () => {
  test('is an address that SES confirms by a mail', () => {
    identities({ sender }).hasResourceProperties('AWS::SES::EmailIdentity', { EmailIdentity: sender });
  });

  test.for([
    ['the zone', 'mail.example.com'],
    ['a name below it', 'example.com'],
  ] as const)('is a whole domain that signs its mail where its records can be written: %s', ([, name]) => {
    const template = identities({ sender, domain: { hostedZone: { id: 'Z1', name } } });
    template.hasResourceProperties('AWS::SES::EmailIdentity', {
      EmailIdentity: 'mail.example.com',
      DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
      MailFromAttributes: { MailFromDomain: 'bounces.mail.example.com' },
    });
    const records = resources(template, 'AWS::Route53::RecordSet').map(([, { Properties }]) => Properties);
    expect(records.map(({ Type }) => Type).sort()).toEqual(['CNAME', 'CNAME', 'CNAME', 'MX', 'TXT']);
    for (const { HostedZoneId } of records) expect(HostedZoneId).toBe('Z1');
    const mailFrom = { Name: 'bounces.mail.example.com.' };
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      ...mailFrom,
      Type: 'TXT',
      ResourceRecords: ['"v=spf1 include:amazonses.com ~all"'],
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      ...mailFrom,
      Type: 'MX',
      ResourceRecords: [{ 'Fn::Join': ['', ['10 feedback-smtp.', { Ref: 'AWS::Region' }, '.amazonses.com']] }],
    });
  });

  test.for(['elsewhere.example', 'ample.com', 'other.mail.example.com'])(
    'is the address where the records of its domain are not in the zone: %s',
    (name) => {
      const template = identities({ sender, domain: { hostedZone: { id: 'Z1', name } } });
      template.hasResourceProperties('AWS::SES::EmailIdentity', { EmailIdentity: sender });
      template.resourceCountIs('AWS::Route53::RecordSet', 0);
    },
  );

  test('is left alone where it exists', () => {
    identities({ sender, senderIdentity: 'existing' }).resourceCountIs('AWS::SES::EmailIdentity', 0);
  });
});

const template = await templateOf();
const [[set] = []] = resources(template, 'AWS::SES::ConfigurationSet');

describe('how mail is sent', () => {
  test('is encrypted, for as long as a code is good, and not to who complained', () => {
    template.hasResourceProperties('AWS::SES::ConfigurationSet', {
      DeliveryOptions: { TlsPolicy: 'REQUIRE', MaxDeliverySeconds: 900 },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      ReputationOptions: { ReputationMetricsEnabled: true },
    });
  });

  test('is what the endpoint that sends it names, and is allowed to use with its own address alone', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ CONFIGURATION_SET: { Ref: set } }) },
    });
    const statement = Match.objectLike({
      Action: 'ses:SendEmail',
      Condition: { StringEquals: { 'ses:FromAddress': 'sign-in@example.com' } },
      Resource: [
        { 'Fn::Join': ['', Match.arrayWith([':identity/*'])] },
        { 'Fn::Join': ['', Match.arrayWith([':configuration-set/', { Ref: set }])] },
      ],
    });
    template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: Match.arrayWith([statement]) } });
  });
});

describe('what comes back of mail', () => {
  const [[queue] = []] = resources(template, 'AWS::SQS::Queue');
  const arn = { 'Fn::GetAtt': [queue, 'Arn'] };

  test('is told on the event bus', () => {
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      ConfigurationSetName: { Ref: set },
      EventDestination: {
        Enabled: true,
        EventBridgeDestination: { EventBusArn: { 'Fn::Join': ['', Match.arrayWith([':event-bus/default'])] } },
        MatchingEventTypes: ['bounce', 'complaint', 'reject', 'deliveryDelay'],
      },
    });
  });

  test('reaches the Lambda that stops mail, for our own mail alone, and is kept where it cannot be handled', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        account: [{ Ref: 'AWS::AccountId' }],
        source: ['aws.ses'],
        'detail-type': ['Email Bounced', 'Email Complaint Received', 'Email Rejected', 'Email Delivery Delayed'],
        detail: { mail: { tags: { 'ses:configuration-set': [{ Ref: set }] } } },
      },
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Bounces'), 'Arn'] },
          DeadLetterConfig: { Arn: arn },
        },
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: arn } });
    template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
  });

  test('lets that Lambda change addresses and add to the audit, and nothing else in the table', () => {
    const policies = resources(template, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('Bounces'));
    const statements = policies.flatMap(
      ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Record<string, unknown>[] }).Statement,
    );
    const rights = statements
      .filter(({ Action }) => String(Action).startsWith('dynamodb:'))
      .map(({ Action, Condition }) => `${Action} ${JSON.stringify(Condition).match(/[A-Z]+#\*/g)}`);
    expect(rights.sort()).toEqual([
      'dynamodb:GetItem SECRET#*',
      'dynamodb:PutItem AUDIT#*,SECRET#*',
      'dynamodb:UpdateItem EMAIL#*,RATE#*',
    ]);
  });
});

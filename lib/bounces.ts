import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './checks.ts';
import { Lambda, type Made } from './endpoint.ts';
import type { MailSender } from './mail.ts';
import type { Table } from './table.ts';

type BouncesProperties = {
  readonly made: Made;
  readonly sender: MailSender;
  readonly table: Table;
};

/** What comes back of our mail, as SES tells it on the default event bus, and the Lambda that stops mail for it. */
export class Bounces extends Construct {
  /** Events that could not be handled. They stay for two weeks, for somebody to look. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { made, sender, table }: BouncesProperties) {
    super(scope, id);
    this.failures = new Queue(this, 'Failures', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    acknowledge(this.failures, {
      'Serverless-SQSRedrivePolicy': 'It is itself the end of the line: an alarm tells of each event in it.',
    });
    const lambda = new Lambda(this, 'Lambda', {
      ...made,
      name: 'bounces',
      description: 'Stops mail to addresses from which it comes back',
      failures: this.failures,
      table: [table, { GetItem: ['SECRET#'], PutItem: ['AUDIT#', 'SECRET#'], UpdateItem: ['EMAIL#', 'RATE#'] }],
    });
    lambda.function.addEnvironment('SERVICE_NAME', Stack.of(this).stackName);
    new Rule(this, 'Rule', {
      eventPattern: {
        account: [Stack.of(this).account],
        source: ['aws.ses'],
        detailType: ['Email Bounced', 'Email Complaint Received', 'Email Rejected', 'Email Delivery Delayed'],
        detail: { mail: { tags: { 'ses:configuration-set': [sender.configurationSet] } } },
      },
      targets: [new LambdaFunction(lambda.function, { deadLetterQueue: this.failures })],
    });
  }
}

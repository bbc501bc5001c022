import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from '../checks.ts';

/** Where alarms and the budget are told: to the subscribers of the topic. */
export class AlarmTopic extends Construct {
  readonly arn: string;
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, email: string | undefined) {
    super(scope, id);
    this.#topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.arn = this.#topic.topicArn;
    for (const service of ['cloudwatch', 'budgets']) this.#letPublish(service);
    acknowledge(this.#topic, {
      'Serverless-SNSRedrivePolicy': 'A mail that does not arrive is not one that could be sent again later.',
    });
    if (email !== undefined) this.#topic.addSubscription(new EmailSubscription(email));
    new CfnOutput(this, 'Output', {
      value: this.arn,
      description: 'Subscribe to it to be told of alarms',
    }).overrideLogicalId('AlarmTopic');
  }

  /** Has an alarm told here, and that it is over. */
  hears(alarm: Alarm): void {
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  /** A topic with a policy of its own has lost the one that lets AWS's services in. */
  #letPublish(service: string): void {
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
        actions: ['sns:Publish'],
        resources: [this.arn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

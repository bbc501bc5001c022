import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';

/** What the whole account may cost in a month. Told at four fifths of it, and when the month is heading beyond it. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, dollars: number, topic: AlarmTopic) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'SNS', address: topic.arn }];
    const above = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers,
    });
    const budget = new CfnBudget(this, 'Monthly', {
      budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: dollars, unit: 'USD' } },
      notificationsWithSubscribers: [above('ACTUAL', 80), above('FORECASTED', 100)],
    });
    // Budgets tries the topic as it is made, which its policy must allow by then.
    budget.node.addDependency(topic);
  }
}

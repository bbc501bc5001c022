import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type CountedEvent, namespace, type StatusClass } from '../../core/http/metric-names.ts';

const period = Duration.minutes(5);

/** How often something happened that concerns the whole service. */
export function events(scope: Construct, event: CountedEvent): Metric {
  const dimensionsMap = { service: Stack.of(scope).stackName };
  return new Metric({ namespace, metricName: event, dimensionsMap, statistic: Stats.SUM, period });
}

/** How many requests of an endpoint had an answer of this class. */
export function requests(scope: Construct, endpoint: string, status: StatusClass): Metric {
  const dimensionsMap = { service: Stack.of(scope).stackName, endpoint, status };
  return new Metric({ namespace, metricName: 'Requests', dimensionsMap, statistic: Stats.SUM, period });
}

/** A metric of an AWS service, summed up. */
export function sum(service: string, metricName: string, dimensionsMap: Record<string, string> = {}): Metric {
  return new Metric({ namespace: `AWS/${service}`, metricName, dimensionsMap, statistic: Stats.SUM, period });
}

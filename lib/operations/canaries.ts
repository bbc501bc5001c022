import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../checks.ts';
import type { Endpoint } from '../endpoint.ts';
import { requests } from './metrics.ts';

const FAILURES = 3;
const period = Duration.minutes(1);

/**
 * Gives a new version of an endpoint a tenth of its requests for five minutes, then all of them. When requests fail
 * meanwhile, the version before takes all of them again, and the deployment fails.
 */
export class Canaries extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, endpoints: readonly Endpoint[]) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    acknowledge(role, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]':
        'The deployment groups ask for it, and it is made for just this: CodeDeploy moves aliases and reads alarms.',
    });
    this.alarms = endpoints.map((endpoint) => {
      const alarm = this.#alarm(endpoint);
      new LambdaDeploymentGroup(this, endpoint.node.id, {
        application,
        role,
        alias: endpoint.live,
        alarms: [alarm],
        deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
      return alarm;
    });
  }

  /** What the handler answers with 500 is no error to Lambda, and what never reaches the handler is not in its metrics. */
  #alarm(endpoint: Endpoint): Alarm {
    const answered = requests(this, endpoint.name, '5xx').with({ period });
    const crashed = endpoint.live.metricErrors({ period });
    return new Alarm(this, `${endpoint.node.id}Failing`, {
      metric: new MathExpression({
        expression: 'FILL(answered, 0) + FILL(crashed, 0)',
        usingMetrics: { answered, crashed },
        label: 'Failed requests',
        period,
      }),
      threshold: FAILURES,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${FAILURES} requests to ${endpoint.name} failed within a minute. A deployment that is on its way is rolled back; else look at its log. More in docs/operations.md, ${endpoint.node.id}Failing.`,
    });
  }
}

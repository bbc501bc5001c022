import { Aws, CfnCondition, CfnOutput, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type CountedEvent, namespace } from '../../core/http/metric-names.ts';
import { Endpoint, type Lambda } from '../endpoint.ts';
import type { FrontDoor } from '../front-door.ts';
import type { Settings } from '../settings.ts';
import { events, sum } from './metrics.ts';

const WIDTH = 24;
const period = Duration.days(1);

/** List prices of us-east-1 in dollars, each for a million. Other regions differ by some; the free tier is not taken off. */
const price = {
  request: 1,
  invocation: 0.2,
  /** Of an arm64 Lambda with 512 MB. */
  second: 6.6667,
  read: 0.125,
  write: 0.625,
  kilobyteOfLogs: 0.5,
  mail: 100,
};

type Shown = {
  readonly alarms: readonly Alarm[];
  readonly frontDoor: FrontDoor;
  readonly lambdas: readonly Lambda[];
  readonly logs: readonly ILogGroup[];
  readonly tableName: string;
  readonly countedBy: Settings['countedBy'];
};

/** One page that answers three questions: does it work, who uses it, and what does it cost. */
export class Dashboard extends Construct {
  readonly #shown: Shown;
  readonly #service: string;

  constructor(scope: Construct, id: string, shown: Shown) {
    super(scope, id);
    this.#shown = shown;
    this.#service = Stack.of(this).stackName;
    const widgets = [this.#works(), this.#uses(), this.#costs()];
    const { dashboardName } = new CloudWatchDashboard(this, 'Dashboard', { widgets });
    const { region } = Stack.of(this);
    const value = `https://${region}.${this.#console()}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
    new CfnOutput(this, 'Output', {
      value,
      description: 'Does it work, who uses it, what does it cost',
    }).overrideLogicalId('Dashboard');
  }

  /** Where the console of the partition is. */
  #console(): string {
    const isPartition = (id: string, partition: string) =>
      new CfnCondition(this, id, { expression: Fn.conditionEquals(Aws.PARTITION, partition) }).logicalId;
    const elsewhere = Fn.conditionIf(
      isPartition('IsGovCloud', 'aws-us-gov'),
      'console.amazonaws-us-gov.com',
      'console.aws.amazon.com',
    );
    return Token.asString(Fn.conditionIf(isPartition('IsChina', 'aws-cn'), 'console.amazonaws.cn', elsewhere));
  }

  /** CloudWatch takes no list of alarms with nothing in it. */
  #alarms(): IWidget[] {
    const alarms = [...this.#shown.alarms];
    return alarms.length > 0 ? [new AlarmStatusWidget({ title: 'Alarms', alarms, width: WIDTH, height: 3 })] : [];
  }

  #works(): IWidget[] {
    const endpoints = this.#shown.lambdas.filter((lambda) => lambda instanceof Endpoint);
    const durations = endpoints.map(({ name, function: lambda }) =>
      lambda.metricDuration({ statistic: Stats.percentile(99), label: name }),
    );
    return [
      title('Does it work?'),
      ...this.#alarms(),
      graph(
        'Answers by class',
        [this.#search(this.#shown.countedBy.endpoint ? 'endpoint,service,status' : 'service,status', 'Requests')],
        true,
      ),
      graph('The slowest in a hundred requests, in milliseconds', durations),
      graph(
        'What went wrong',
        this.#events(
          'MailFailures',
          'MailBounces',
          'MailComplaints',
          'MailsHeldBack',
          'AuditFailures',
          'RefreshThefts',
        ),
      ),
    ];
  }

  #uses(): IWidget[] {
    const endpoints = this.#shown.lambdas.filter((lambda) => lambda instanceof Endpoint);
    const invocations = endpoints.map(({ name, function: lambda }) => lambda.metricInvocations({ label: name }));
    return [
      title('Who uses it?'),
      graph('People who signed in, and clients that they let in', this.#events('SignIns', 'Grants')),
      graph(
        'Tool calls',
        [this.#search(this.#shown.countedBy.tool ? 'outcome,service,tool' : 'outcome,service', 'ToolCalls')],
        true,
      ),
      graph('Requests by endpoint', invocations, true),
    ];
  }

  #costs(): IWidget[] {
    const [reads, writes] = [this.#units('Read'), this.#units('Write')];
    return [
      title('What does it cost?'),
      graph('Dollars a day, at the list prices of us-east-1 and without the free tier', this.#dollars(), true, period),
      graph('Read and write units of the table', [reads, writes]),
      graph('Bytes of logs', this.#shown.logs.map(logged), true),
    ];
  }

  #dollars(): IMetric[] {
    const { frontDoor, lambdas, logs } = this.#shown;
    const times = named(
      'times',
      lambdas.map((lambda) => lambda.function.metricDuration({ statistic: Stats.SUM })),
    );
    const runs = named(
      'runs',
      lambdas.map((lambda) => lambda.function.metricInvocations()),
    );
    const bytes = named('bytes', logs.map(logged));
    const [reads, writes] = [this.#units('Read'), this.#units('Write')];
    return [
      dollars('API Gateway', `${price.request} * FILL(requests, 0)`, { requests: frontDoor.metric('Count') }),
      dollars('Lambda', `${price.second} * ${total(times)} / 1000 + ${price.invocation} * ${total(runs)}`, {
        ...times,
        ...runs,
      }),
      dollars('DynamoDB', `${price.read} * FILL(reads, 0) + ${price.write} * FILL(writes, 0)`, { reads, writes }),
      dollars('Logs', `${price.kilobyteOfLogs} * ${total(bytes)} / 1000`, bytes),
      dollars('Mail', `${price.mail} * FILL(mails, 0)`, { mails: sum('SES', 'Send') }),
    ];
  }

  #units(kind: 'Read' | 'Write'): IMetric {
    return sum('DynamoDB', `Consumed${kind}CapacityUnits`, { TableName: this.#shown.tableName });
  }

  #events(...names: readonly CountedEvent[]): IMetric[] {
    return names.map((name) => events(this, name));
  }

  /** Whatever values the dimensions take. */
  #search(dimensions: string, name: string): IMetric {
    const what = `{${namespace},${dimensions}} MetricName="${name}" service="${this.#service}"`;
    return new MathExpression({ expression: `SEARCH('${what}', 'Sum', 300)`, label: '', period: Duration.minutes(5) });
  }
}

function title(question: string): IWidget {
  return new TextWidget({ markdown: `## ${question}`, width: WIDTH, height: 1 });
}

function graph(title: string, metrics: readonly IMetric[], stacked = false, period = Duration.minutes(5)): IWidget {
  return new GraphWidget({ title, left: [...metrics], stacked, period, width: WIDTH / 3, height: 6 });
}

/** Metrics under the names by which an expression knows them. */
function named(prefix: string, metrics: readonly IMetric[]): Record<string, IMetric> {
  return Object.fromEntries(metrics.map((metric, index) => [`${prefix}${index}`, metric]));
}

function total(metrics: Record<string, IMetric>): string {
  return `(${Object.keys(metrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ')})`;
}

/** From what comes to dollars for a million. */
function dollars(label: string, expression: string, usingMetrics: Record<string, IMetric>): IMetric {
  return new MathExpression({ expression: `(${expression}) / 1000000`, usingMetrics, label, period });
}

function logged({ logGroupName, node }: ILogGroup): IMetric {
  const label = node.path.split('/').slice(-2).join(' ');
  return sum('Logs', 'IncomingBytes', { LogGroupName: logGroupName }).with({ label });
}

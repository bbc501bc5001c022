import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { resources, templateOf } from '../support/template.ts';

const template = await templateOf();
const withAll = await templateOf({ alarms: { email: 'ops@example.com', monthlyBudgetUsd: 20 }, canary: false });
const bare = await templateOf({ alarms: { enabled: false }, dashboard: false, canary: false });
const untold = await templateOf({ alarms: { enabled: false, monthlyBudgetUsd: 5 }, dashboard: false });
const [[topic] = []] = resources(template, 'AWS::SNS::Topic');
const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

type Statement = { readonly Sid?: string; readonly Effect: string; readonly [member: string]: unknown };
type Dimension = { readonly Name: string; readonly Value: unknown };
type Metric = {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
};
type AlarmProperties = Partial<Metric> & {
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: Metric; readonly Stat: string; readonly Period: number };
  }[];
};

/** The name that an alarm has in `docs/operations.md`. */
function nameOf({ AlarmDescription }: AlarmProperties): string {
  return /docs\/operations\.md, (\w+)\.$/.exec(AlarmDescription)?.[1] ?? '';
}

function alarmsOf(of: Template): Map<string, AlarmProperties> {
  const all = resources(of, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties as AlarmProperties);
  return new Map(all.map((alarm) => [nameOf(alarm), alarm]));
}

/** What an alarm looks at, with whose and over how many seconds: `Sum of Vestibule MailFailures (service Vestibule), 900`. */
function watched({ Metrics = [], Period, Statistic, ExtendedStatistic, ...alone }: AlarmProperties): string {
  const expression = Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
  if (expression === undefined) return `${Statistic ?? ExtendedStatistic} of ${seen(alone)}, ${Period}`;
  const stats = Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat ? [`${Id} ${MetricStat.Stat} of ${seen(MetricStat.Metric)}, ${MetricStat.Period}`] : [],
  );
  return [expression, ...stats.sort()].join('; ');
}

function seen({ Namespace, MetricName, Dimensions = [] }: Partial<Metric>): string {
  const by = Dimensions.map(({ Name, Value }) => `${Name} ${idsIn(Value)}`);
  return `${Namespace} ${MetricName}${by.length > 0 ? ` (${by.join(', ')})` : ''}`;
}

/** A value as text, with the resources that it is made of, without the hashes in their names. */
function idsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(idsIn).join('');
  return String(Ref ?? (attribute as string[])[0]).replace(/[0-9A-F]{8}$/, '');
}

describe('the alarms', () => {
  const alarms = alarmsOf(template);

  const ofApi = 'AWS/ApiGateway';
  const slowest = (endpoint: string) => `p99 of AWS/Lambda Duration (FunctionName ${endpoint}Function), 300`;
  const ofTable = (name: string) => `Sum of AWS/DynamoDB ${name} (TableName Table), 300`;
  const counted = (event: string, seconds = 300) => `Sum of Vestibule ${event} (service Vestibule), ${seconds}`;
  const ofMail = (name: string) =>
    `Maximum of AWS/SES Reputation.${name} (ses:configuration-set SenderConfigurationSet), 300`;
  const failing = (endpoint: string) => [
    `${endpoint}Failing`,
    [
      'FILL(answered, 0) + FILL(crashed, 0)',
      `answered Sum of Vestibule Requests (endpoint ${endpoint.toLowerCase()}, service Vestibule, status 5xx), 60`,
      `crashed Sum of AWS/Lambda Errors (FunctionName ${endpoint}Function, Resource ${endpoint}Function:live), 60`,
    ],
  ];

  const expected = [
    [
      'Failing',
      [
        'IF(failed >= 5, 100 * failed / all, 0)',
        `all Sum of ${ofApi} Count (ApiId FrontDoorApi), 300`,
        `failed Sum of ${ofApi} 5xx (ApiId FrontDoorApi), 300`,
      ],
      5,
      1,
    ],
    ['SlowToken', [slowest('Token')], 2_000, 3],
    ['SlowAuthorize', [slowest('Authorize')], 5_000, 3],
    ['SlowMcp', [slowest('Mcp')], 5_000, 3],
    // Of the whole account and region: all Lambdas there share one limit.
    ['LambdaThrottled', ['Sum of AWS/Lambda Throttles, 300'], 1, 2],
    [
      'TableThrottled',
      [
        'FILL(reads, 0) + FILL(writes, 0)',
        `reads ${ofTable('ReadThrottleEvents')}`,
        `writes ${ofTable('WriteThrottleEvents')}`,
      ],
      1,
      2,
    ],
    ['MailFailing', [counted('MailFailures', 900)], 2, 1],
    ['MailBouncing', [ofMail('BounceRate')], 0.025, 1],
    ['MailUnwanted', [ofMail('ComplaintRate')], 0.0005, 1],
    ['MailHeldBack', [counted('MailsHeldBack')], 1, 1],
    [
      'BouncesNotHandled',
      ['Maximum of AWS/SQS ApproximateNumberOfMessagesVisible (QueueName BouncesFailures), 300'],
      1,
      1,
    ],
    ['RefreshTokenStolen', [counted('RefreshThefts')], 1, 1],
    ['RefreshedElsewhere', [counted('RefreshesElsewhere')], 1, 1],
    ['AuditFailing', [counted('AuditFailures')], 1, 1],
    ['DeletionsOverdue', [counted('DeletionsOverdue')], 1, 1],
    ...Object.keys(routes).map((name) => [...failing(`${name[0]?.toUpperCase()}${name.slice(1)}`), 3, 1]),
  ] as [name: string, watches: string[], threshold: number, periods: number][];

  test.for(expected)('%s watches what it says', ([name, watches, threshold, periods]) => {
    const alarm = alarms.get(name);
    expect(alarm && watched(alarm)).toEqual(watches.join('; '));
    expect(alarm).toMatchObject({
      Threshold: threshold,
      EvaluationPeriods: periods,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('are these and no others', () => {
    expect([...alarms.keys()].sort()).toEqual(expected.map(([name]) => name).sort());
  });

  test('are all told to the topic, and each says what it means and has its place in the manual', () => {
    for (const [name, alarm] of alarms) {
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] });
      expect(alarm.AlarmDescription.length).toBeGreaterThan(80);
      expect(alarm.AlarmDescription.length).toBeLessThan(1_024);
      expect(manual).toContain(`\`${name}\``);
    }
  });

  test('of what is counted here watch this stack’s own count', () => {
    const ours = [...alarms.values()].filter(({ Namespace }) => Namespace === 'Vestibule');
    for (const { Dimensions } of ours) expect(Dimensions).toEqual([{ Name: 'service', Value: 'Vestibule' }]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SERVICE_NAME: 'Vestibule', ENDPOINT: 'token' }) },
    });
  });

  test('do not go off for the slowest of a handful of requests', () => {
    template.resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { ExtendedStatistic: 'p99', EvaluateLowSampleCountPercentile: 'ignore' },
      3,
    );
  });
});

describe('the topic', () => {
  test('lets alarms and budgets of this account publish, and only over TLS', () => {
    const [[, policy] = []] = resources(template, 'AWS::SNS::TopicPolicy');
    const { Statement = [] } = (policy?.Properties.PolicyDocument ?? {}) as { Statement?: Statement[] };
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Principal }) => Principal)).toEqual([
      { Service: 'cloudwatch.amazonaws.com' },
      { Service: 'budgets.amazonaws.com' },
    ]);
    for (const { Condition } of allowed)
      expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
    expect(Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test('tells the address in the settings, and nobody without one', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    withAll.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
  });
});

describe('the budget', () => {
  test('is told at four fifths of the amount, and when the month heads beyond it', () => {
    const subscribers = { Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: topic } }] };
    withAll.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 20, Unit: 'USD' } },
      NotificationsWithSubscribers: [
        { ...subscribers, Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }) },
        { ...subscribers, Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }) },
      ],
    });
  });

  test('is made when it may publish to the topic', () => {
    const [[policy] = []] = resources(withAll, 'AWS::SNS::TopicPolicy');
    withAll.hasResource('AWS::Budgets::Budget', { DependsOn: Match.arrayWith([policy]) });
  });

  test('is not made without an amount, for the account may have other things in it', () => {
    template.resourceCountIs('AWS::Budgets::Budget', 0);
  });
});

describe('a deployment', () => {
  const deployed = (of: Template) =>
    resources(of, 'AWS::Lambda::Alias').flatMap(([id, { UpdatePolicy }]) =>
      UpdatePolicy ? id.split('Function')[0] : [],
    );

  test('of every endpoint tries a tenth of the requests for five minutes, and goes back on the alarm', () => {
    expect(deployed(template)).toHaveLength(Object.keys(routes).length);
    const groups = resources(template, 'AWS::CodeDeploy::DeploymentGroup');
    expect(groups).toHaveLength(Object.keys(routes).length);
    for (const [id, { Properties }] of groups) {
      const endpoint = /Canaries(\w+)[0-9A-F]{8}$/.exec(id)?.[1];
      expect(Properties).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
        AlarmConfiguration: {
          Enabled: true,
          Alarms: [{ Name: { Ref: expect.stringMatching(`Canaries${endpoint}Failing`) } }],
        },
        AutoRollbackConfiguration: { Enabled: true, Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']) },
      });
    }
  });

  test('is in force at once where the settings say so', () => {
    expect(deployed(withAll)).toEqual([]);
    withAll.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
  });
});

describe('what a development stage can do without', () => {
  test.for([
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::CodeDeploy::Application',
    'AWS::CodeDeploy::DeploymentGroup',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
  ])('is switched off by settings: %s', (type) => {
    template.hasResource(type, {});
    bare.resourceCountIs(type, 0);
  });

  test('takes its outputs along', () => {
    expect(Object.keys(bare.findOutputs('*'))).not.toEqual(expect.arrayContaining(['Dashboard']));
    expect(Object.keys(bare.findOutputs('*'))).not.toEqual(expect.arrayContaining(['AlarmTopic']));
  });

  test('leaves the canary its alarms, which are told to nobody', () => {
    untold.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', Object.keys(routes).length);
    const alarms = resources(untold, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(Object.keys(routes).length);
    for (const [, { Properties }] of alarms) expect(Properties).not.toHaveProperty('AlarmActions');
  });

  test('leaves the budget its topic', () => {
    untold.resourceCountIs('AWS::SNS::Topic', 1);
    untold.resourceCountIs('AWS::Budgets::Budget', 1);
  });
});

describe('the dashboard', () => {
  const [[, dashboard] = []] = resources(template, 'AWS::CloudWatch::Dashboard');
  const text = flat(dashboard?.Properties.DashboardBody);
  const { widgets } = JSON.parse(text) as { widgets: { type: string; properties: Record<string, unknown> }[] };

  /** Text with references in it, each as the id that it refers to. */
  function flat(value: unknown): string {
    if (typeof value === 'string') return value;
    const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
    if (Array.isArray(join)) return (join[1] as unknown[]).map(flat).join(String(join[0]));
    return Array.isArray(attribute) ? attribute.join('.') : String(Ref);
  }

  test('answers three questions', () => {
    const titles = widgets.flatMap(({ properties }) => properties.markdown ?? []);
    expect(titles).toEqual(['## Does it work?', '## Who uses it?', '## What does it cost?']);
  });

  test('shows every alarm, every endpoint and every log', () => {
    const ids = ['AWS::CloudWatch::Alarm', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup'].flatMap((type) =>
      resources(template, type).map(([id]) => id),
    );
    expect(ids.length).toBeGreaterThan(30);
    expect(ids.filter((id) => !text.includes(id))).toEqual([]);
  });

  test('shows only metrics that say of what they are', () => {
    const metrics = widgets.flatMap(({ properties }) => (properties.metrics ?? []) as unknown[][]);
    const named = metrics.filter(([first]) => typeof first === 'string');
    expect(named.length).toBeGreaterThan(30);
    const withoutDimension = named.filter(
      ([namespace, , dimension]) => typeof dimension !== 'string' && namespace !== 'AWS/SES',
    );
    expect(withoutDimension).toEqual([]);
  });

  test('looks for metrics by the dimensions that they have', async () => {
    const few = await templateOf({ countedBy: { endpoint: false, tool: false } });
    const searches = (of: Template) =>
      JSON.stringify(resources(of, 'AWS::CloudWatch::Dashboard')).match(/\{Vestibule,[\w,]+\}/g);
    expect(searches(template)).toEqual(['{Vestibule,endpoint,service,status}', '{Vestibule,outcome,service,tool}']);
    expect(searches(few)).toEqual(['{Vestibule,service,status}', '{Vestibule,outcome,service}']);
  });

  test('adds up in dollars what AWS charges for', () => {
    const expressions = widgets.flatMap(
      ({ properties }) => (properties.metrics ?? []) as { label?: string; expression?: string }[][],
    );
    const dollars = expressions.flat().filter((metric) => metric.expression?.endsWith('/ 1000000'));
    expect(dollars.map(({ label }) => label)).toEqual(['API Gateway', 'Lambda', 'DynamoDB', 'Logs', 'Mail']);
    expect(text).not.toMatch(/\de-\d/);
  });

  test('has its address among the outputs, at the console of each partition', () => {
    const { Value } = template.findOutputs('Dashboard').Dashboard as { readonly Value: unknown };
    for (const host of ['console.aws.amazon.com', 'console.amazonaws.cn', 'console.amazonaws-us-gov.com'])
      expect(JSON.stringify(Value)).toContain(`"${host}"`);
    template.hasOutput('AlarmTopic', { Value: { Ref: topic } });
  });
});

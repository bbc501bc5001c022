import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Endpoint } from '../endpoint.ts';
import type { FrontDoor } from '../front-door.ts';
import { events, sum } from './metrics.ts';

/** What is watched. */
type Watched = {
  readonly frontDoor: FrontDoor;
  readonly endpoints: readonly Endpoint[];
  readonly tableName: string;
  readonly configurationSet: string;
  /** Events about mail that could not be handled. */
  readonly failures: IQueue;
};

type Condition = {
  readonly metric: IMetric;
  readonly atLeast: number;
  /** How many periods in a row. */
  readonly periods?: number;
  /** Whether a period with a handful of requests counts, of which the slowest one says nothing. */
  readonly ignoresFew?: boolean;
  /** What it means, and what to do. */
  readonly means: string;
};

/** In milliseconds, for ninety-nine of a hundred requests. Authorize waits so that its time tells nothing. */
const slow: Readonly<Record<string, number>> = { token: 2_000, authorize: 5_000, mcp: 5_000 };

/** The alarms. Each means that somebody should look; `docs/operations.md` says more of each, by its name. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  readonly #watched: Watched;

  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    this.#watched = watched;
    this.all = [...this.#ofRequests(), ...this.#ofCapacity(), ...this.#ofMail(), ...this.#ofSecurity()];
  }

  #ofRequests(): Alarm[] {
    const { frontDoor, endpoints } = this.#watched;
    const [failed, all] = [frontDoor.metric('5xx'), frontDoor.metric('Count')];
    const failing = this.#alarm('Failing', {
      metric: new MathExpression({
        expression: 'IF(failed >= 5, 100 * failed / all, 0)',
        usingMetrics: { failed, all },
        label: 'Failed requests in %',
      }),
      atLeast: 5,
      means:
        'One request in twenty fails with 500 or above. The dashboard shows where; the log of that Lambda says why.',
    });
    const slowOnes = endpoints.flatMap((endpoint) => {
      const limit = slow[endpoint.name];
      return limit === undefined ? [] : this.#slow(endpoint, limit);
    });
    return [failing, ...slowOnes];
  }

  #slow({ name, node, function: lambda }: Endpoint, limit: number): Alarm {
    return this.#alarm(`Slow${node.id}`, {
      metric: lambda.metricDuration({ statistic: Stats.percentile(99) }),
      atLeast: limit,
      periods: 3,
      ignoresFew: true,
      means: `One in a hundred requests to ${name} took ${limit / 1_000} seconds or more for a quarter of an hour. Look at the latency of the table and of KMS, and at what was deployed last.`,
    });
  }

  #ofCapacity(): Alarm[] {
    const { tableName: TableName } = this.#watched;
    const reads = sum('DynamoDB', 'ReadThrottleEvents', { TableName });
    const writes = sum('DynamoDB', 'WriteThrottleEvents', { TableName });
    return [
      this.#alarm('LambdaThrottled', {
        metric: sum('Lambda', 'Throttles'),
        atLeast: 1,
        periods: 2,
        means:
          'Lambda refuses requests in this account and region: its Lambdas share one limit. Ask AWS for more concurrency, or find what uses it up.',
      }),
      this.#alarm('TableThrottled', {
        metric: new MathExpression({
          expression: 'FILL(reads, 0) + FILL(writes, 0)',
          usingMetrics: { reads, writes },
          label: 'Throttled reads and writes',
        }),
        atLeast: 1,
        periods: 2,
        means:
          'The table refuses reads or writes, and clients get 503. Somebody may be flooding the server; else raise table.maxReadUnits and table.maxWriteUnits.',
      }),
    ];
  }

  #ofMail(): Alarm[] {
    const { configurationSet, failures } = this.#watched;
    const rate = (name: string) =>
      sum('SES', name, { 'ses:configuration-set': configurationSet }).with({ statistic: Stats.MAXIMUM });
    return [
      this.#alarm('MailFailing', {
        metric: events(this, 'MailFailures').with({ period: Duration.minutes(15) }),
        atLeast: 2,
        means:
          'SES does not take sign-in mail, so nobody can sign in. The log of Authorize has the reason: most often the sandbox, the daily quota, or a sender that is not confirmed.',
      }),
      this.#alarm('MailBouncing', {
        metric: rate('Reputation.BounceRate'),
        atLeast: 0.025,
        means:
          'One of forty mails bounces; at one of twenty AWS looks into it, at one of ten SES stops sending. Somebody may be typing in made-up addresses: lower limits.mailsToStrangers, or restrict signIn.',
      }),
      this.#alarm('MailUnwanted', {
        metric: rate('Reputation.ComplaintRate'),
        atLeast: 0.0005,
        means:
          'One of two thousand mails is reported as spam; at one of a thousand AWS looks into it, at five SES stops sending. Somebody may be asking for codes in the name of others: lower limits.mailsToStrangers, or restrict signIn.',
      }),
      this.#alarm('MailHeldBack', {
        metric: events(this, 'MailsHeldBack'),
        atLeast: 1,
        means:
          'Mail to somebody who has never signed in was not sent, because limits.mailsToStrangers or mailsToStrangersPerNetwork is used up: by a rush of newcomers, or by somebody who has mail sent to made-up addresses. People who have signed in before get theirs.',
      }),
      this.#alarm('BouncesNotHandled', {
        metric: failures.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
        atLeast: 1,
        means:
          'Something came back of a mail and could not be handled, so mail to that address goes on. The queue has the events; the log of Bounces says why.',
      }),
    ];
  }

  #ofSecurity(): Alarm[] {
    return [
      this.#alarm('DeletionsOverdue', {
        metric: events(this, 'DeletionsOverdue'),
        atLeast: 1,
        means:
          'An account was closed more than a day ago, and not all that is kept of its person is deleted. The log of Admin says what failed; it is tried again every ten minutes.',
      }),
      this.#alarm('RefreshTokenStolen', {
        metric: events(this, 'RefreshThefts'),
        atLeast: 1,
        means:
          'A refresh token turned up long after it was spent, so two parties hold it. Its grant has ended; the audit names person and client.',
      }),
      this.#alarm('RefreshedElsewhere', {
        metric: events(this, 'RefreshesElsewhere'),
        atLeast: 1,
        means:
          'A refresh token was spent from one network and shown again within the minute from another. It may be a device that changed networks, or two parties that hold the token; the audit (refresh_elsewhere) names person and client.',
      }),
      this.#alarm('AuditFailing', {
        metric: events(this, 'AuditFailures'),
        atLeast: 1,
        means:
          'Something was refused because it could not be recorded. Nothing happens here without its record, so look at the table: throttled, out of order, or a right is missing.',
      }),
    ];
  }

  #alarm(name: string, { metric, atLeast, periods = 1, ignoresFew = false, means }: Condition): Alarm {
    return new Alarm(this, name, {
      metric,
      threshold: atLeast,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${means} More in docs/operations.md, ${name}.`,
      ...(ignoresFew && { evaluateLowSampleCountPercentile: 'ignore' }),
    });
  }
}

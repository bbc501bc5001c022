import { CfnIPSet, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

const WINDOW_SECONDS = 300;

/**
 * A web ACL for CloudFront: it stops addresses with a bad name, and those that send too much. Not the networks of hosted
 * clients, from which many people come. No rule looks into bodies: what people keep here may hold anything.
 */
export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { firewall, hostedClients }: Settings) {
    super(scope, id);
    const others = this.#outside(hostedClients.ranges);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: seen('All'),
      rules: [
        {
          name: 'BadName',
          priority: 0,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
          visibilityConfig: seen('BadName'),
        },
        {
          name: 'TooMany',
          priority: 1,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              evaluationWindowSec: WINDOW_SECONDS,
              limit: firewall.requestsPerFiveMinutes,
              ...(others && { scopeDownStatement: others }),
            },
          },
          visibilityConfig: seen('TooMany'),
        },
      ],
    });
    this.arn = acl.attrArn;
  }

  /** A statement that holds for every address outside of these networks. */
  #outside(ranges: readonly string[]): CfnWebACL.StatementProperty | undefined {
    const of = (version: 'IPV4' | 'IPV6', addresses: string[]) =>
      addresses.length === 0
        ? []
        : [
            new CfnIPSet(this, `Hosted${version}`, { scope: 'CLOUDFRONT', ipAddressVersion: version, addresses })
              .attrArn,
          ];
    const sets = [
      ...of(
        'IPV4',
        ranges.filter((range) => !range.includes(':')),
      ),
      ...of(
        'IPV6',
        ranges.filter((range) => range.includes(':')),
      ),
    ];
    const statements = sets.map((arn) => ({ ipSetReferenceStatement: { arn } }));
    const [only] = statements;
    if (!only) return undefined;
    return { notStatement: { statement: statements.length > 1 ? { orStatement: { statements } } : only } };
  }
}

function seen(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

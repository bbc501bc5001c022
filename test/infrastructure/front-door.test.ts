import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { templateOf } from '../support/template.ts';

const template = await templateOf({ throttles: { token: { perSecond: 7, burst: 9 } }, logRetentionDays: 3 });
const withoutMapping = await templateOf({ restoreChallenge: false, senderIdentity: 'existing' });

type Stage = {
  readonly Properties: {
    readonly AccessLogSettings: { readonly DestinationArn: unknown; readonly Format: string };
    readonly DefaultRouteSettings: object;
    readonly RouteSettings: Readonly<Record<string, object>>;
  };
  readonly DependsOn: readonly string[];
};

function theStage(): Stage {
  const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
  return stage as Stage;
}

test('a setting leaves the challenge as API Gateway renames it', () => {
  const integrations = Object.values(withoutMapping.findResources('AWS::ApiGatewayV2::Integration'));
  expect(integrations).toHaveLength(Object.keys(routes).length);
  for (const { Properties } of integrations) expect(Properties).not.toHaveProperty('ResponseParameters');
});

describe('the stage', () => {
  const keys = Object.values(routes).flat();

  test('limits every route: $default by its own settings, each other route by name', () => {
    const { DefaultRouteSettings, RouteSettings } = theStage().Properties;
    const limit = { ThrottlingRateLimit: expect.any(Number), ThrottlingBurstLimit: expect.any(Number) };
    expect(DefaultRouteSettings).toEqual(limit);
    expect(['$default', ...Object.keys(RouteSettings)].sort()).toEqual(keys.sort());
    for (const settings of Object.values(RouteSettings)) expect(settings).toEqual(limit);
  });

  test('takes the limits of an endpoint from the settings', () => {
    const limit = { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 };
    expect(theStage().Properties.RouteSettings).toMatchObject({ 'POST /token': limit });
  });

  test('waits for every route that it names', () => {
    const all = Object.keys(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(all).toHaveLength(keys.length);
    expect(theStage().DependsOn).toEqual(expect.arrayContaining(all));
  });
});

describe('the access log', () => {
  const format: unknown = JSON.parse(theStage().Properties.AccessLogSettings.Format);

  test('is JSON that says who asked for what, and how long it took', () => {
    expect(format).toMatchObject({
      requestId: '$context.requestId',
      ip: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      route: '$context.routeKey',
      status: '$context.status',
      integrationStatus: '$context.integrationStatus',
      latency: '$context.responseLatency',
      integrationLatency: '$context.integrationLatency',
      protocol: '$context.protocol',
      responseLength: '$context.responseLength',
    });
  });

  test('has no path, query, header or body: they hold ids, codes and tokens, or a quote that ends the JSON', () => {
    const named = Object.values(format as Record<string, string>);
    const telling = /path|query|header|body|authorizer|overridden|userAgent|\$request/i;
    expect(named.filter((value) => telling.test(value) || !value.startsWith('$context.'))).toEqual([]);
  });

  test('is kept for as long as the settings say', () => {
    const [destination] = Object.values(theStage().Properties.AccessLogSettings.DestinationArn as object);
    const log = template.findResources('AWS::Logs::LogGroup')[destination[0]];
    expect(log).toMatchObject({ Properties: { RetentionInDays: 3 } });
  });
});

describe('the outputs', () => {
  test('say what is left to do', () => {
    template.hasOutput('NextSteps', {
      Value: Match.stringLikeRegexp('^Confirm sign-in@example.com .*sandbox.*https://docs'),
    });
  });

  test('ask nobody to confirm a sender that SES knows', () => {
    withoutMapping.hasOutput('NextSteps', { Value: Match.stringLikeRegexp('^Until AWS') });
    withoutMapping.resourceCountIs('AWS::SES::EmailIdentity', 0);
  });
});

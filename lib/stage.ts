import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnStage, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { routes } from '../core/routes.ts';
import { acknowledge } from './checks.ts';
import type { Settings } from './settings.ts';

/**
 * One line for each request. The route instead of the path, and no query: both can hold what is secret. Nothing that the
 * caller writes either, since API Gateway puts it in as it is: a quote in the user agent would end the JSON.
 */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  protocol: '$context.protocol',
  status: '$context.status',
  integrationStatus: '$context.integrationStatus',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  responseLength: '$context.responseLength',
};

/** The one host, or which of the two. */
export type Host = 'only' | 'resource' | 'authorization';

/** Whether the routes of an endpoint are at a host. What no other takes is discovery's to answer at each. */
export function isServedAt(host: Host, endpoint: keyof typeof routes): boolean {
  if (host === 'only' || endpoint === 'discovery') return true;
  return (host === 'resource') === (endpoint === 'mcp');
}

type Throttles = Settings['throttles'];

/**
 * The stage of an API that serves at the root of its host, with a limit for each route and, unless it is left out, an
 * access log. Where there are two hosts, it tells the Lambdas which of them it is.
 */
export function defaultStage(scope: Construct, { apiId }: HttpApi, host: Host, settings: Settings): CfnStage {
  const { throttles, logs } = settings;
  const stage = new CfnStage(scope, 'Stage', {
    apiId,
    stageName: '$default',
    autoDeploy: true,
    ...(host !== 'only' && { stageVariables: { host } }),
    ...(logs.access && { accessLogSettings: accessLogOf(scope, apiId, settings) }),
    defaultRouteSettings: {
      throttlingRateLimit: throttles.discovery.perSecond,
      throttlingBurstLimit: throttles.discovery.burst,
    },
    routeSettings: Object.fromEntries(
      endpoints
        .filter((endpoint) => isServedAt(host, endpoint))
        .flatMap((endpoint) => settingsOfRoutes(endpoint, throttles)),
    ),
  });
  const reason = 'The settings leave the access log out.';
  if (!logs.access) acknowledge(stage, { 'AwsSolutions-APIG1': reason, 'Serverless-APIGWAccessLogging': reason });
  return stage;
}

function accessLogOf(scope: Construct, apiId: string, { logRetentionDays }: Settings) {
  const { logGroupArn } = new LogGroup(scope, 'AccessLog', {
    // The policy of the account that lets API Gateway write has room for few other names.
    logGroupName: `/aws/vendedlogs/${Stack.of(scope).stackName}/access/${apiId}`,
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { destinationArn: logGroupArn, format: JSON.stringify(accessLog) };
}

/** Those of discovery are the stage's own, which `$default` takes as every route without others does. */
const endpoints = [
  'register',
  'authorize',
  'logo',
  'passkeys',
  'provider',
  'account',
  'token',
  'revoke',
  'introspect',
  'mcp',
] as const;

function settingsOfRoutes(endpoint: (typeof endpoints)[number], throttles: Throttles) {
  const { perSecond, burst } = throttles[endpoint];
  return routes[endpoint].map((key) => [key, { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: burst }] as const);
}

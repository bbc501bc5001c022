import { Stack } from 'aws-cdk-lib';
import { CfnIntegration, CfnRoute, type CfnStage, HttpApi, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type RouteKey, routes } from '../core/routes.ts';
import { acknowledge } from './checks.ts';
import { Edge } from './edge.ts';
import { OwnDomain } from './own-domain.ts';
import type { Settings } from './settings.ts';
import { defaultStage, type Host } from './stage.ts';

/** API Gateway renames the challenge of a Lambda, so it is sent as `x-challenge` too and mapped back here. */
const challenge = {
  ResponseParameters: [{ Destination: 'overwrite:header.WWW-Authenticate', Source: '$response.header.x-challenge' }],
};

/** A challenge comes with every 401, and with a 403 of the MCP endpoint alone. */
function restored(keys: readonly RouteKey[]): Record<number, typeof challenge> {
  const isMcp = routes.mcp.some((key) => keys.includes(key));
  return isMcp ? { 401: challenge, 403: challenge } : { 401: challenge };
}

/** What the alias of a Lambda is called that requests go to. */
export const liveAlias = 'live';

/** What is served at a host, and what it is called among the permissions of a Lambda. */
type DoorProperties = {
  readonly settings: Settings;
  readonly host: Host;
  readonly name: string | undefined;
  readonly permission: string;
  readonly description: string;
  /** CloudFront before the other host, whose firewall and key serve for this one too. */
  readonly beside?: Edge | undefined;
};

/** An HTTP API at a host. Its `$default` stage serves the well-known paths at the root of the host. */
export class Door extends Construct {
  readonly url: string;
  readonly host: Host;
  /** CloudFront, where it stands before the API. */
  readonly edge: Edge | undefined;
  readonly #api: HttpApi;
  readonly #stage: CfnStage;
  readonly #permission: string;
  readonly #restoresChallenge: boolean;

  constructor(scope: Construct, id: string, { settings, host, name, permission, description, beside }: DoorProperties) {
    super(scope, id);
    const { domain, edge, restoreChallenge } = settings;
    this.#api = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      description: `${settings.name}: ${description}`,
      createDefaultStage: false,
      // CloudFront comes this way; what comes past it is refused by the Lambdas.
      disableExecuteApiEndpoint: Boolean(domain) && !edge,
      ipAddressType: IpAddressType.DUAL_STACK,
    });
    this.#stage = defaultStage(this, this.#api, host, settings);
    this.host = host;
    this.#permission = permission;
    this.#restoresChallenge = restoreChallenge;
    const own = domain && name !== undefined ? { ...domain, name } : undefined;
    if (edge) {
      this.edge = new Edge(this, 'Edge', { settings, domain: own, apiEndpoint: this.#api.apiEndpoint, beside });
      this.url = this.edge.url;
    } else {
      this.url = own ? new OwnDomain(this, 'Domain', own, this.#stage).url : this.#api.apiEndpoint;
    }
  }

  /** What API Gateway counts: all requests, also those that reach no Lambda. */
  metric(name: 'Count' | '4xx' | '5xx'): Metric {
    return this.#api.metric(name, { statistic: Stats.SUM });
  }

  /** Any stage, any route: `$default` has no path, so a pattern with a third part would shut it out. */
  #anyRoute(): string {
    const { apiId: resource } = this.#api;
    return Stack.of(this).formatArn({ service: 'execute-api', resource, resourceName: '*/*' });
  }

  /** Lets a Lambda answer these routes, through an alias of it. */
  route(name: string, keys: readonly RouteKey[], lambda: Alias): void {
    const { apiId } = this.#api;
    const integration = new CfnIntegration(this, `${name}Integration`, {
      apiId,
      integrationType: 'AWS_PROXY',
      // The ARN of the alias, put together: SAM cannot follow a reference to an alias to its Lambda.
      integrationUri: `${lambda.lambda.functionArn}:${liveAlias}`,
      payloadFormatVersion: '2.0',
      ...(this.#restoresChallenge && { responseParameters: restored(keys) }),
    });
    integration.node.addDependency(lambda);
    for (const routeKey of keys) {
      const target = `integrations/${integration.ref}`;
      const route = new CfnRoute(this, `${name} ${routeKey}`, { apiId, routeKey, target });
      // The stage names routes in its throttles, and API Gateway refuses one that is not there yet.
      this.#stage.addResourceDependency(route);
      acknowledge(route, {
        'AwsSolutions-APIG4': 'The Lambda authorises: it answers in the form that OAuth and MCP ask for, by route.',
      });
    }
    lambda.addPermission(this.#permission, {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.#anyRoute(),
    });
  }
}

import { Stack } from 'aws-cdk-lib';
import { CfnIntegration, CfnRoute, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { RouteKey } from '../core/routes.ts';

/** API Gateway renames the challenge of a Lambda, so it is sent as `x-challenge` too and mapped back here. */
const restoreChallenge = {
  ResponseParameters: [{ Destination: 'overwrite:header.WWW-Authenticate', Source: '$response.header.x-challenge' }],
};

/** The HTTP API. Its `$default` stage serves the well-known paths at the root of the host it comes with. */
export class FrontDoor extends Construct {
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api');
  }

  /** This server's own URL: the issuer of its tokens. Taken from the API, never from a request. */
  get issuer(): string {
    return this.#api.apiEndpoint;
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
    const integration = new CfnIntegration(this, `${name}Integration`, {
      apiId: this.#api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: lambda.functionArn,
      payloadFormatVersion: '2.0',
      responseParameters: { 401: restoreChallenge, 403: restoreChallenge },
    });
    for (const routeKey of keys) {
      new CfnRoute(this, `${name} ${routeKey}`, {
        apiId: this.#api.apiId,
        routeKey,
        target: `integrations/${integration.ref}`,
      });
    }
    lambda.addPermission('Api', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.#anyRoute(),
    });
  }
}

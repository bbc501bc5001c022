import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type RouteKey, routes } from '../core/routes.ts';
import { Door } from './door.ts';
import type { Settings } from './settings.ts';
import { isServedAt } from './stage.ts';

type Counted = 'Count' | '4xx' | '5xx';

/** Where requests come in: at one host, or at one for the MCP server and one for the authorization server. */
export class FrontDoor {
  /** The authorization server's own URL: the issuer of its tokens. Taken from the settings or the API, never from a request. */
  readonly issuer: string;
  /** Where the MCP server is: the issuer too, unless that has a host of its own. */
  readonly mcpOrigin: string;
  /** What shows a Lambda that a request came through CloudFront, where that stands before the API. */
  readonly edgeKey: string | undefined;
  readonly #door: Door;
  readonly #authorization: Door | undefined;

  constructor(scope: Construct, settings: Settings) {
    const { name, authorization } = settings.domain ?? {};
    const hasTwo = authorization !== undefined;
    this.#door = new Door(scope, 'FrontDoor', {
      settings,
      host: hasTwo ? 'resource' : 'only',
      name,
      permission: 'Api',
      description: hasTwo ? 'MCP server' : 'sign-in and MCP server',
    });
    this.#authorization = hasTwo
      ? new Door(scope, 'AuthorizationDoor', {
          settings,
          host: 'authorization',
          name: authorization,
          permission: 'AuthorizationApi',
          description: 'sign-in',
          beside: this.#door.edge,
        })
      : undefined;
    this.mcpOrigin = this.#door.url;
    this.issuer = (this.#authorization ?? this.#door).url;
    this.edgeKey = this.#door.edge?.key;
  }

  /** Whether the authorization server has a host of its own. */
  get hasTwoHosts(): boolean {
    return this.#authorization !== undefined;
  }

  /** What API Gateway counts: all requests, also those that reach no Lambda. */
  metric(name: Counted): IMetric {
    const here = this.#door.metric(name);
    if (!this.#authorization) return here;
    const there = this.#authorization.metric(name);
    // While nobody calls, a host counts nothing, which is not the same as zero.
    return new MathExpression({
      expression: `FILL(mcp${name}, 0) + FILL(authorization${name}, 0)`,
      usingMetrics: { [`mcp${name}`]: here, [`authorization${name}`]: there },
      label: name,
    });
  }

  /** Lets a Lambda answer these routes at each host that they are of, through an alias of it. */
  route(name: string, endpoint: keyof typeof routes, lambda: Alias): void {
    const keys: readonly RouteKey[] = routes[endpoint];
    for (const door of [this.#door, this.#authorization])
      if (door && isServedAt(door.host, endpoint)) door.route(name, keys, lambda);
  }
}

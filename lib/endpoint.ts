import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RouteKey } from '../core/routes.ts';
import { acknowledge } from './checks.ts';
import { type FrontDoor, liveAlias } from './front-door.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Table, TableRights } from './table.ts';

type LambdaProperties = {
  /** The folder under `lambdas/`, which is also the bundle's. */
  readonly name: string;
  readonly bundles: string;
  readonly logRetentionDays: number;
  readonly timeoutSeconds?: number;
  /** What it may do in the table, if anything. */
  readonly table?: readonly [Table, TableRights];
};

/** One Lambda from its own bundle, with a log group of its own. */
export class Lambda extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, properties: LambdaProperties) {
    super(scope, id);
    const { name, bundles, logRetentionDays, timeoutSeconds = 15, table } = properties;
    const logGroup = new LogGroup(this, 'Logs', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    this.function = new LambdaFunction(this, 'Function', {
      role: this.#role(logGroup),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(timeoutSeconds),
      code: Code.fromAsset(join(bundles, name)),
      handler: 'index.handler',
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      loggingFormat: LoggingFormat.JSON,
      logGroup,
    });
    this.function.addEnvironment('POWERTOOLS_SERVICE_NAME', Stack.of(this).stackName);
    if (table) this.#givesTable(...table);
    acknowledge(this.function, {
      'Serverless-LambdaTracing':
        'One Lambda answers each request, and its log line has the id that the access log has.',
    });
  }

  /** AWS's own policy for Lambdas would let it write to every log of the account. */
  #role(logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return role;
  }

  #givesTable(table: Table, rights: TableRights): void {
    this.function.addEnvironment('TABLE_NAME', table.name);
    for (const statement of table.statements(rights)) this.function.addToRolePolicy(statement);
  }
}

type EndpointProperties = LambdaProperties & {
  readonly routes: readonly RouteKey[];
  readonly frontDoor: FrontDoor;
  /** The keys whose tokens it checks or publishes. */
  readonly verifies?: SigningKeys;
  /** The keys whose current one it signs with. */
  readonly signs?: SigningKeys;
  /** Other rights, such as to send mail. */
  readonly may?: readonly PolicyStatement[];
};

/** A Lambda behind the front door. Each right that it is given also sets the environment variable that goes with it. */
export class Endpoint extends Lambda {
  /** What the front door invokes: the newest version, or in the middle of a deployment two of them. */
  readonly live: Alias;

  constructor(scope: Construct, id: string, properties: EndpointProperties) {
    super(scope, id, properties);
    const { routes, frontDoor, verifies, signs, may = [] } = properties;
    this.live = this.function.addAlias(liveAlias);
    frontDoor.route(id, routes, this.live);
    this.function.addEnvironment('ISSUER', frontDoor.issuer);
    this.function.addEnvironment('ENDPOINT', properties.name);
    if (verifies) this.#givesVerifying(verifies);
    if (signs) this.#givesSigning(signs);
    for (const statement of may) this.function.addToRolePolicy(statement);
    acknowledge(this.function, {
      'Serverless-LambdaDLQ': 'API Gateway waits for the answer: no event is ever queued.',
    });
  }

  #givesVerifying(keys: SigningKeys): void {
    this.function.addEnvironment('PUBLIC_KEYS', keys.publicKeys);
    this.function.addEnvironment('SIGNING_KEYS', keys.fingerprint);
  }

  #givesSigning(keys: SigningKeys): void {
    this.function.addEnvironment('SIGNING_KEY_ID', keys.current.keyArn);
    keys.grantSign(this.function);
  }
}

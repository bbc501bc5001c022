import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type Alias,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RouteKey } from '../core/routes.ts';
import type { FrontDoor } from './front-door.ts';
import type { MailSender } from './mail.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Table, TableRights } from './table.ts';

type LambdaProperties = {
  /** The folder under `lambdas/`, which is also the bundle's. */
  readonly name: string;
  readonly bundles: string;
  readonly logRetentionDays: number;
  readonly timeoutSeconds?: number;
  /** Where events go that it failed to handle, again and again. Only what nobody waits for needs one. */
  readonly failures?: IQueue;
  /** What it may do in the table, if anything. */
  readonly table?: readonly [Table, TableRights];
};

/** One Lambda from its own bundle, with a log group of its own. */
export class Lambda extends Construct {
  readonly name: string;
  readonly function: LambdaFunction;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, properties: LambdaProperties) {
    super(scope, id);
    const { name, bundles, logRetentionDays, timeoutSeconds = 15, failures, table } = properties;
    this.name = name;
    this.logs = new LogGroup(this, 'Logs', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(timeoutSeconds),
      code: Code.fromAsset(join(bundles, name)),
      handler: 'index.handler',
      ...(failures && { deadLetterQueue: failures }),
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logs,
    });
    if (table) this.#givesTable(...table);
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
  /** Whose mail it sends. */
  readonly mails?: MailSender;
};

/** A Lambda behind the front door. Each right that it is given also sets the environment variable that goes with it. */
export class Endpoint extends Lambda {
  /** What the front door invokes: the newest version, or in the middle of a deployment two of them. */
  readonly live: Alias;

  constructor(scope: Construct, id: string, properties: EndpointProperties) {
    super(scope, id, properties);
    const { routes, frontDoor, verifies, signs, mails } = properties;
    this.live = this.function.addAlias('live');
    frontDoor.route(id, routes, this.live);
    this.function.addEnvironment('ISSUER', frontDoor.issuer);
    this.function.addEnvironment('ENDPOINT', properties.name);
    this.function.addEnvironment('POWERTOOLS_SERVICE_NAME', Stack.of(this).stackName);
    if (verifies) this.#givesVerifying(verifies);
    if (signs) this.#givesSigning(signs);
    if (mails) this.#givesMail(mails);
  }

  #givesVerifying(keys: SigningKeys): void {
    this.function.addEnvironment('PUBLIC_KEYS', keys.publicKeys);
    this.function.addEnvironment('SIGNING_KEYS', keys.fingerprint);
  }

  #givesMail(sender: MailSender): void {
    this.function.addEnvironment('CONFIGURATION_SET', sender.configurationSet);
    this.function.addToRolePolicy(sender.statement);
  }

  #givesSigning(keys: SigningKeys): void {
    this.function.addEnvironment('SIGNING_KEY_ID', keys.current.keyArn);
    keys.grantSign(this.function);
  }
}

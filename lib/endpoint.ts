import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { routes } from '../core/routes.ts';
import { functionVariable } from '../tools/upstream/server-variable.ts';
import { acknowledge } from './checks.ts';
import { liveAlias } from './door.ts';
import type { FrontDoor } from './front-door.ts';
import type { HostedServer } from './hosted-server.ts';
import type { MailSender } from './mail.ts';
import type { Settings } from './settings.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Table, TableRights } from './table.ts';

/** What all Lambdas of a server have in common. */
export type Made = {
  readonly bundles: string;
  readonly logRetentionDays: number;
  /** True to trace requests with X-Ray. */
  readonly tracing: boolean;
};

type LambdaProperties = Made & {
  /** The folder under `lambdas/`, which is also the bundle's. */
  readonly name: string;
  /** What it is for, in the list of Lambdas of the account. */
  readonly description: string;
  readonly timeoutSeconds?: number;
  /** Where events go that it failed to handle, again and again. Only what nobody waits for needs one. */
  readonly failures?: IQueue;
  /** What it may do in the table, if anything. */
  readonly table?: readonly [Table, TableRights];
};

const withoutTraces = {
  'Serverless-LambdaTracing': 'One Lambda answers each request, and its log line has the id that the access log has.',
};
const everyTrace = {
  'AwsSolutions-IAM5[Resource::*]': 'A trace is no resource: X-Ray knows the right to write traces for all or none.',
};

/** One Lambda from its own bundle, with a log group of its own. */
export class Lambda extends Construct {
  readonly name: string;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, properties: LambdaProperties) {
    super(scope, id);
    const { name, description, bundles, logRetentionDays, tracing, timeoutSeconds = 15, failures, table } = properties;
    this.name = name;
    const logGroup = new LogGroup(this, 'Logs', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    this.function = new LambdaFunction(this, 'Function', {
      role: this.#role(logGroup),
      description: `${Stack.of(this).stackName}: ${description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(timeoutSeconds),
      code: Code.fromAsset(join(bundles, name)),
      handler: 'index.handler',
      ...(failures && { deadLetterQueue: failures }),
      // A version of an update that failed is taken away again, or the same update could not be tried twice.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      loggingFormat: LoggingFormat.JSON,
      // Of each request that goes well it would write more than we do, and its metrics say the same.
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      ...(tracing && { tracing: Tracing.ACTIVE }),
    });
    if (table) this.#givesTable(...table);
    acknowledge(this, tracing ? everyTrace : withoutTraces);
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

  /** Who may read a parameter may have it decrypted too, as long as it is kept under the default key of SSM. */
  protected givesSecrets(secrets: Readonly<Record<string, string>>): void {
    for (const [name, parameter] of Object.entries(secrets)) {
      this.function.addEnvironment(`${name}_PARAMETER`, parameter);
      const arn = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameter.slice(1) });
      this.function.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [arn] }));
    }
  }
}

/** What the operator sets for tools: variables, and for the names of secrets the parameters in SSM. */
type ToolSettings = Pick<Settings['tools'], 'environment' | 'secrets'>;

/** What an endpoint is, what it may do, and what it is given for that. */
export type EndpointProperties = LambdaProperties & {
  readonly name: keyof typeof routes;
  readonly frontDoor: FrontDoor;
  /** The keys whose tokens it checks or publishes. */
  readonly verifies?: SigningKeys;
  /** The keys whose current one it signs with. */
  readonly signs?: SigningKeys;
  /** Whose mail it sends. */
  readonly mails?: MailSender;
  /** The variables and secrets that its tools are given. */
  readonly tools?: ToolSettings;
  /** The parameters in SSM that it reads, by the names that it knows them by. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The servers of others that it calls. */
  readonly calls?: readonly HostedServer[];
};

/** A Lambda behind the front door. Each right that it is given also sets the environment variable that goes with it. */
export class Endpoint extends Lambda {
  /** What the front door invokes: the newest version, or in the middle of a deployment two of them. */
  readonly live: Alias;

  constructor(scope: Construct, id: string, properties: EndpointProperties) {
    super(scope, id, properties);
    const { name, frontDoor, verifies, signs, mails, tools, secrets = {}, calls = [] } = properties;
    this.live = this.function.addAlias(liveAlias);
    frontDoor.route(id, name, this.live);
    this.function.addEnvironment('ISSUER', frontDoor.issuer);
    if (frontDoor.hasTwoHosts) this.function.addEnvironment('MCP_ORIGIN', frontDoor.mcpOrigin);
    if (frontDoor.edgeKey !== undefined) this.function.addEnvironment('EDGE_KEY', frontDoor.edgeKey);
    this.function.addEnvironment('ENDPOINT', name);
    this.function.addEnvironment('SERVICE_NAME', Stack.of(this).stackName);
    if (verifies) this.#givesVerifying(verifies);
    if (signs) this.#givesSigning(signs);
    if (mails) this.#givesMail(mails);
    if (tools) this.#givesToTools(tools);
    this.givesSecrets(secrets);
    for (const server of calls) this.#givesCalling(server);
    acknowledge(this.function, {
      'Serverless-LambdaDLQ': 'API Gateway waits for the answer: no event is ever queued.',
    });
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

  #givesToTools({ environment, secrets }: ToolSettings): void {
    for (const [name, value] of Object.entries(environment)) this.function.addEnvironment(name, value);
    this.givesSecrets(secrets);
  }

  /** Lets it invoke the Lambda of a server, and no other. */
  #givesCalling(server: HostedServer): void {
    this.function.addEnvironment(functionVariable(server.serverName), server.function.functionName);
    const resources = [server.function.functionArn];
    this.function.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
  }
}

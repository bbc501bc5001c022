import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { secretName } from '../core/oauth/provider.ts';
import { paths, routes } from '../core/routes.ts';
import { Bounces } from './bounces.ts';
import { bundle, placeholders } from './bundles.ts';
import { catalogue } from './catalogue.ts';
import { acknowledge } from './checks.ts';
import { Endpoint, type EndpointProperties, Lambda } from './endpoint.ts';
import { FrontDoor } from './front-door.ts';
import { hostedServers } from './hosted-server.ts';
import { MailSender } from './mail.ts';
import { Operations } from './operations/operations.ts';
import type { Settings } from './settings.ts';
import { SigningKeys } from './signing-keys.ts';
import { Table } from './table.ts';
import { tableRights } from './table-rights.ts';
import { VersionCheck } from './version-check.ts';

const leaving = 'https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html';

const mailsAnyone = {
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]':
    'In the sandbox SES also checks the identity of whom a mail goes to; a condition names the one sender.',
};

/** What the clock asks of the Lambda for the operator. */
const askedByClock = ['people delete-closed', 'reviewers end-expired'].map((command) => ({
  command,
  time: EventField.time,
}));

/** Under which name an assembly says what its tools do. `vestibule check` holds the template against it. */
const toolsMetadata = 'vestibule:tools';

/** An endpoint that works in the table, and what it has beyond that. */
type Working = Exclude<EndpointProperties['name'], 'discovery'>;
type More = Partial<EndpointProperties>;

/** What a server is made of. */
export type McpServerProperties = {
  readonly settings: Settings;
  /** The path of a module that exports `packs` and `scopes` as `tools/index.ts` does, to be served in its place. */
  readonly tools?: string;
};

/**
 * The authorization server and the MCP server: one Lambda for each endpoint, and what each may touch.
 * One for each stack, since the stack's outputs, by which the tools of an operator find it, have fixed names.
 */
export class McpServer extends Construct {
  constructor(scope: Construct, id: string, { settings, tools }: McpServerProperties) {
    super(scope, id);
    const served = catalogue(settings.tools.packs, tools);
    const hosting = served.servers.length > 0 ? ['stdio'] : [];
    const others = ['public-key', 'version-check', 'admin', 'bounces', ...hosting];
    const lambdas = [...Object.keys(routes), ...others];
    const made = {
      // As the CDK's own bundling does: what only lists or destroys stacks does not wait for it.
      bundles: Stack.of(this).bundlingRequired ? bundle(lambdas, settings, tools) : placeholders(lambdas),
      logRetentionDays: settings.logRetentionDays,
      tracing: settings.tracing,
    };
    const table = new Table(this, 'Table', settings.table);
    const rights = tableRights(served, settings);
    const sender = new MailSender(this, 'Sender', settings);
    const reader = new Lambda(this, 'PublicKeyReader', {
      ...made,
      name: 'public-key',
      description: 'Reads the public signing keys while the stack is deployed',
      timeoutSeconds: 90,
    });
    acknowledge(reader, { 'Serverless-LambdaDLQ': 'A deploy waits for its answer and fails without one.' });
    const keys = new SigningKeys(this, 'SigningKeys', settings.signingKeys, reader.function);
    const frontDoor = new FrontDoor(this, settings);
    const endpoint = (id: string, name: Working, description: string, more: More = {}) =>
      new Endpoint(this, id, { ...made, frontDoor, name, description, table: [table, rights[name]], ...more });
    const mailing = (id: string, name: Working, description: string, more: More = {}) => {
      const one = endpoint(id, name, description, { mails: sender, ...more });
      acknowledge(one, mailsAnyone);
      return one;
    };

    const discovery = new Endpoint(this, 'Discovery', {
      ...made,
      frontDoor,
      name: 'discovery',
      description: 'Metadata, keys, the setup page, and what no other route takes',
      verifies: keys,
    });
    const { providers } = settings.signIn;
    const endpoints = [
      discovery,
      endpoint('Register', 'register', 'Registers clients'),
      mailing('Authorize', 'authorize', 'Sign-in and consent'),
      endpoint('Logo', 'logo', 'Logos of clients, for the consent page'),
      mailing('Passkeys', 'passkeys', 'Sign-in by passkey, and the page of passkeys'),
      mailing('Provider', 'provider', 'Sign-in through outside providers', {
        // Longer than all that a provider may be asked in one request can take.
        timeoutSeconds: 28,
        secrets: Object.fromEntries(providers.map((one) => [secretName(one), one.clientSecret])),
      }),
      mailing('Account', 'account', 'The account page'),
      endpoint('Token', 'token', 'Issues access and refresh tokens', { verifies: keys, signs: keys }),
      endpoint('Revoke', 'revoke', 'Revokes tokens', { verifies: keys }),
      endpoint('Introspect', 'introspect', 'Tells resource servers about tokens', { verifies: keys }),
      endpoint('Mcp', 'mcp', 'The MCP endpoint with the tools', {
        timeoutSeconds: 25,
        verifies: keys,
        tools: settings.tools,
        calls: hostedServers(this, made, served.servers),
      }),
    ];
    this.node.addMetadata(toolsMetadata, served.effects);
    new VersionCheck(this, 'VersionCheck', { made, endpoints });
    const bounces = new Bounces(this, 'Bounces', { made, sender, table });
    const admin = new Lambda(this, 'Admin', {
      ...made,
      name: 'admin',
      description: "Carries out the operator's commands",
      table: [table, rights.admin],
    });
    // It reads the keys of issuers under the same rules as the endpoints.
    admin.function.addEnvironment('ISSUER', frontDoor.issuer);
    admin.function.addEnvironment('SERVICE_NAME', Stack.of(this).stackName);
    acknowledge(admin, {
      'Serverless-LambdaDLQ': 'The command line waits for the answer, and what it does by the clock it does again.',
    });
    const clock = new Rule(this, 'DeleteClosedAccounts', {
      description: 'Deletes what is kept of people whose account is closed, and ends what expired passwords began',
      schedule: Schedule.rate(Duration.minutes(10)),
      targets: askedByClock.map(
        (asked) => new LambdaFunction(admin.function, { event: RuleTargetInput.fromObject(asked) }),
      ),
    });
    acknowledge(clock, { 'Serverless-EventBusDLQ': 'What is lost is asked again ten minutes later.' });

    new Operations(this, 'Operations', { settings, frontDoor, table, sender, bounces });

    this.#output('McpUrl', `${frontDoor.mcpOrigin}${paths.mcp}`, 'Add this URL to your client');
    this.#output('Issuer', frontDoor.issuer, 'What its tokens name as their issuer');
    this.#output('SetupPage', frontDoor.mcpOrigin, 'How to connect each client');
    this.#output('TableName', table.name, 'Where everything is kept');
    this.#output('SenderAddress', settings.sender, 'Where sign-in codes come from');
    this.#output('AdminFunction', admin.function.functionName, 'What `npm run admin` invokes');
    this.#output('NextSteps', nextSteps(settings, sender), 'What is left for you to do');
  }

  #output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description }).overrideLogicalId(name);
  }
}

function nextSteps({ sender, alarms }: Settings, { isConfirmedByLink }: MailSender): string {
  const confirm = isConfirmedByLink ? [`Confirm ${sender} with the link that SES mails to it.`] : [];
  const subscription = alarms.enabled && alarms.email === undefined;
  return [
    ...confirm,
    `Until AWS takes this account out of the SES sandbox, mail reaches only confirmed addresses: ${leaving}`,
    'A new account runs few Lambdas at a time, often 10: ask for 1,000 concurrent executions in the Service Quotas console.',
    ...(subscription ? ['Nobody is notified of alarms: set alarms.email, or subscribe to the output AlarmTopic.'] : []),
  ].join(' ');
}

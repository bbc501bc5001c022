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
import { Endpoint, Lambda } from './endpoint.ts';
import { FrontDoor } from './front-door.ts';
import { hostedServers } from './hosted-server.ts';
import { MailSender } from './mail.ts';
import { Operations } from './operations/operations.ts';
import type { Settings } from './settings.ts';
import { SigningKeys } from './signing-keys.ts';
import { Table } from './table.ts';
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
    const { items, added, removed, listed, personalItems, tenantItems, effects } = served;
    const table = new Table(this, 'Table', settings.table);
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

    const discovery = new Endpoint(this, 'Discovery', {
      ...made,
      frontDoor,
      name: 'discovery',
      description: 'Metadata, keys, the setup page, and what no other route takes',
      verifies: keys,
    });
    const register = new Endpoint(this, 'Register', {
      ...made,
      frontDoor,
      name: 'register',
      description: 'Registers clients',
      table: [
        table,
        {
          GetItem: ['CLIENT#', 'SECRET#'],
          PutItem: ['CLIENT#', 'AUDIT#', 'SECRET#'],
          UpdateItem: ['CLIENT#', 'RATE#'],
          DeleteItem: ['CLIENT#'],
        },
      ],
    });
    const authorize = new Endpoint(this, 'Authorize', {
      ...made,
      frontDoor,
      name: 'authorize',
      description: 'Sign-in and consent',
      table: [
        table,
        {
          GetItem: ['SIGNIN#', 'SECRET#'],
          BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'EMAIL#', 'DOMAIN#', 'USER#', 'TENANT#'],
          ConditionCheckItem: ['USER#', 'SESSION#', 'CLIENT#', 'LINK#'],
          PutItem: ['SIGNIN#', 'CODE#', 'SESSION#', 'USER#', 'AUDIT#', 'SECRET#'],
          UpdateItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'RATE#', 'EMAIL#', 'TENANT#', 'LINK#', 'USER#'],
          DeleteItem: ['SESSION#', 'USER#'],
        },
      ],
      mails: sender,
    });
    acknowledge(authorize, mailsAnyone);
    const logo = new Endpoint(this, 'Logo', {
      ...made,
      frontDoor,
      name: 'logo',
      description: 'Logos of clients, for the consent page',
      table: [
        table,
        {
          GetItem: ['SIGNIN#'],
          BatchGetItem: ['LOGO#', 'CLIENT#'],
          UpdateItem: ['LOGO#', 'RATE#'],
        },
      ],
    });
    const passkeys = new Endpoint(this, 'Passkeys', {
      ...made,
      frontDoor,
      name: 'passkeys',
      description: 'Sign-in by passkey, and the page of passkeys',
      table: [
        table,
        {
          GetItem: ['SESSION#'],
          BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'USER#', 'EMAIL#', 'DOMAIN#', 'TENANT#'],
          ConditionCheckItem: ['USER#'],
          Query: ['USER#'],
          PutItem: ['SESSION#', 'USER#', 'AUDIT#'],
          UpdateItem: ['SIGNIN#', 'USER#', 'EMAIL#', 'RATE#'],
          DeleteItem: ['SESSION#', 'USER#'],
        },
      ],
      mails: sender,
    });
    acknowledge(passkeys, mailsAnyone);
    const { providers } = settings.signIn;
    const provider = new Endpoint(this, 'Provider', {
      ...made,
      frontDoor,
      name: 'provider',
      description: 'Sign-in through outside providers',
      // Longer than all that a provider may be asked in one request can take.
      timeoutSeconds: 28,
      table: [
        table,
        {
          GetItem: ['LINK#', 'USER#', 'EMAIL#', 'SECRET#', 'ASSERTION#'],
          BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'EMAIL#', 'DOMAIN#', 'TENANT#', 'GRANT#'],
          ConditionCheckItem: ['USER#', 'LINK#'],
          Query: ['USER#'],
          PutItem: ['SESSION#', 'USER#', 'TENANT#', 'AUDIT#', 'SECRET#'],
          UpdateItem: [
            ...['SIGNIN#', 'SESSION#', 'USER#', 'EMAIL#', 'TENANT#', 'LINK#', 'GRANT#', 'ASSERTION#', 'RATE#'],
          ],
          DeleteItem: ['SESSION#', 'USER#'],
        },
      ],
      mails: sender,
      secrets: Object.fromEntries(providers.map((one) => [secretName(one), one.clientSecret])),
    });
    acknowledge(provider, mailsAnyone);
    const account = new Endpoint(this, 'Account', {
      ...made,
      frontDoor,
      name: 'account',
      description: 'The account page',
      table: [
        table,
        {
          GetItem: ['SESSION#', 'GRANT#'],
          BatchGetItem: ['SESSION#', 'GRANT#', 'CLIENT#', 'LINK#', 'USER#', 'DOMAIN#', 'TENANT#'],
          Query: ['USER#', 'EMAIL#', 'AUDIT#', ...personalItems, ...tenantItems],
          ConditionCheckItem: ['USER#', 'SESSION#'],
          PutItem: ['AUDIT#', 'SIGNIN#', 'OPERATOR#CLOSED'],
          UpdateItem: ['USER#', 'EMAIL#', 'GRANT#', 'SESSION#', 'RATE#'],
          DeleteItem: ['SESSION#', 'USER#', 'EMAIL#', 'LINK#'],
        },
      ],
      mails: sender,
    });
    acknowledge(account, mailsAnyone);
    // Nonces are made with a key that is kept.
    const nonceKey = settings.dpop.nonce ? ['SECRET#'] : [];
    const token = new Endpoint(this, 'Token', {
      ...made,
      frontDoor,
      name: 'token',
      description: 'Issues access and refresh tokens',
      table: [
        table,
        {
          BatchGetItem: ['CLIENT#', 'CODE#', 'GRANT#', 'USER#', 'TENANT#', 'EMAIL#', 'DOMAIN#', 'LINK#', 'ASSERTION#'],
          GetItem: nonceKey,
          Query: ['ISSUER#'],
          ConditionCheckItem: ['USER#', 'SESSION#'],
          PutItem: ['GRANT#', 'USER#', 'ASSERTION#', 'AUDIT#', ...nonceKey],
          UpdateItem: ['CODE#', 'GRANT#', 'CLIENT#', 'EMAIL#', 'TENANT#', 'ISSUER#', 'LINK#', 'USER#', 'RATE#'],
        },
      ],
      verifies: keys,
      signs: keys,
    });
    const revoke = new Endpoint(this, 'Revoke', {
      ...made,
      frontDoor,
      name: 'revoke',
      description: 'Revokes tokens',
      table: [
        table,
        {
          BatchGetItem: ['CLIENT#', 'GRANT#'],
          PutItem: ['ASSERTION#', 'AUDIT#'],
          UpdateItem: ['CLIENT#', 'GRANT#', 'RATE#'],
        },
      ],
      verifies: keys,
    });
    const introspect = new Endpoint(this, 'Introspect', {
      ...made,
      frontDoor,
      name: 'introspect',
      description: 'Tells resource servers about tokens',
      table: [
        table,
        {
          BatchGetItem: ['CLIENT#', 'GRANT#', 'USER#', 'TENANT#'],
          PutItem: ['ASSERTION#', 'AUDIT#'],
          UpdateItem: ['CLIENT#', 'RATE#'],
        },
      ],
      verifies: keys,
    });
    this.node.addMetadata(toolsMetadata, effects);
    // Who calls without a token is on record by network, keyed.
    const ownKeys = settings.tools.public ? ['SECRET#'] : nonceKey;
    const mcp = new Endpoint(this, 'Mcp', {
      ...made,
      frontDoor,
      name: 'mcp',
      description: 'The MCP endpoint with the tools',
      timeoutSeconds: 25,
      table: [
        table,
        {
          BatchGetItem: ['GRANT#', 'USER#', 'TENANT#', ...items],
          ConditionCheckItem: added,
          GetItem: [...items, 'CANCELLATION#', ...ownKeys],
          Query: listed,
          PutItem: [...added, 'ASSERTION#', 'AUDIT#', 'CONFIRMATION#', ...ownKeys],
          UpdateItem: ['RATE#', 'QUOTA#', 'CANCELLATION#', ...added],
          DeleteItem: [...removed, 'CONFIRMATION#'],
        },
      ],
      verifies: keys,
      tools: settings.tools,
      calls: hostedServers(this, made, served.servers),
    });
    const endpoints = [
      ...[discovery, register, authorize, logo, passkeys, provider, account, token, revoke, introspect, mcp],
    ];
    new VersionCheck(this, 'VersionCheck', { made, endpoints });
    const bounces = new Bounces(this, 'Bounces', { made, sender, table });
    const admin = new Lambda(this, 'Admin', {
      ...made,
      name: 'admin',
      description: "Carries out the operator's commands",
      table: [
        table,
        {
          GetItem: ['CLIENT#', 'TENANT#', 'DOMAIN#', 'EMAIL#', 'USER#', 'GRANT#', 'OPERATOR#', 'SECRET#'],
          BatchGetItem: ['CLIENT#', 'TENANT#', 'DOMAIN#', 'EMAIL#', 'USER#', 'GRANT#', 'SESSION#', 'RATE#'],
          ConditionCheckItem: ['USER#', ...personalItems],
          Query: ['OPERATOR#', 'TENANT#', 'ISSUER#', 'USER#', 'EMAIL#', 'AUDIT#', ...personalItems, ...tenantItems],
          PutItem: [
            ...['CLIENT#', 'OPERATOR#', 'TENANT#', 'ISSUER#', 'DOMAIN#', 'USER#', 'AUDIT#', 'SECRET#'],
            ...personalItems,
          ],
          UpdateItem: [
            ...[
              'CLIENT#',
              'OPERATOR#REVIEWERS',
              'TENANT#',
              'DOMAIN#',
              'ISSUER#',
              'EMAIL#',
              'USER#',
              'GRANT#',
              'SESSION#',
            ],
          ],
          DeleteItem: [
            ...[
              'CLIENT#',
              'OPERATOR#',
              'TENANT#',
              'ISSUER#',
              'DOMAIN#',
              'USER#',
              'EMAIL#',
              'LINK#',
              'GRANT#',
              'SESSION#',
            ],
            ...['QUOTA#', 'RATE#'],
            ...personalItems,
            ...tenantItems,
          ],
        },
      ],
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

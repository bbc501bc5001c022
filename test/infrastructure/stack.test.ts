import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { assemblyOf } from '../support/assembly.ts';
import { resources, templateOf } from '../support/template.ts';

type Resource = {
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

/** Lambdas that no request from outside can reach. */
const withoutRoute = ['publicKeyReader', 'versionCheck', 'admin', 'bounces'];

const template = await templateOf({ signingKeys: { current: 'b', next: 'c', retired: 'a' } });

function all(type: string): Resource[] {
  return Object.values(template.findResources(type)) as Resource[];
}

describe('the front door', () => {
  test('serves every route of every endpoint, and no other', () => {
    const keys = all('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
    expect(keys.sort()).toEqual(Object.values(routes).flat().sort());
  });

  test('gives every challenge its name back: with 401 any, with 403 that of the MCP endpoint', () => {
    const restored = [{ Destination: 'overwrite:header.WWW-Authenticate', Source: '$response.header.x-challenge' }];
    const onlyUnauthorized = { 401: { ResponseParameters: restored } };
    const both = { ...onlyUnauthorized, 403: { ResponseParameters: restored } };
    const integrations = all('AWS::ApiGatewayV2::Integration');
    expect(integrations).toHaveLength(Object.keys(routes).length);
    const mappings = integrations.map(({ Properties }) => Properties.ResponseParameters);
    expect(mappings.filter((mapping) => '403' in (mapping as object))).toEqual([both]);
    for (const mapping of mappings) expect(mapping).toMatchObject(onlyUnauthorized);
  });

  test('may call each Lambda from any route, also from $default, which has no path', () => {
    const permissions = all('AWS::Lambda::Permission').map(({ Properties }) => Properties);
    const forApi = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
    const sources = forApi.map(({ SourceArn }) => JSON.stringify(SourceArn));
    expect(sources).toHaveLength(Object.keys(routes).length);
    for (const source of sources) expect(source).toMatch(/"\/\*\/\*"\]\]\}$/);
  });

  test('has a $default stage, so that the well-known paths are at the root', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: '$default', AutoDeploy: true });
  });
});

describe('the outputs', () => {
  test('name the sender, by which doctor asks SES', () => {
    template.hasOutput('SenderAddress', { Value: 'sign-in@example.com' });
  });
});

describe('the Lambdas', () => {
  test('run on arm64 and Node.js 24, log in JSON, and answer before the gateway gives up', () => {
    const lambdas = all('AWS::Lambda::Function');
    expect(lambdas).toHaveLength(Object.keys(routes).length + withoutRoute.length);
    for (const { Properties } of lambdas) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 512,
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      });
    }
    const endpoints = lambdas.filter(({ Properties }) => JSON.stringify(Properties).includes('"ENDPOINT"'));
    expect(endpoints).toHaveLength(Object.keys(routes).length);
    for (const { Properties } of endpoints) expect(Properties.Timeout).toBeLessThan(30);
  });

  test('learn the issuer from the API itself', () => {
    const issuers = all('AWS::Lambda::Function').flatMap(({ Properties }) => {
      const { Variables = {} } = (Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
      return 'ISSUER' in Variables ? [Variables.ISSUER] : [];
    });
    // Beside the endpoints, what reads the keys of issuers for the operator.
    expect(issuers).toHaveLength(Object.keys(routes).length + 1);
    for (const issuer of issuers)
      expect(issuer).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/Api/), 'ApiEndpoint'] });
  });
});

describe('what is kept', () => {
  test('the table expires items, can be restored, and outlives the stack', () => {
    const [table] = all('AWS::DynamoDB::GlobalTable');
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: expect.any(Number) },
      Replicas: [
        expect.objectContaining({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: expect.objectContaining({ PointInTimeRecoveryEnabled: true }),
        }),
      ],
    });
  });

  test('a table that was restored takes the place of the one of the stack', async () => {
    const restored = await templateOf({ table: { existing: 'restored-table' } });
    restored.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    restored.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ TABLE_NAME: 'restored-table', ENDPOINT: 'token' }) },
    });
    const policies = resources(restored, 'AWS::IAM::Policy').map(([, { Properties }]) => JSON.stringify(Properties));
    const inTable = policies.filter((policy) => policy.includes('dynamodb:'));
    expect(inTable.length).toBeGreaterThan(5);
    for (const policy of inTable) expect(policy).toContain(':table/restored-table');
  });

  test('each signing key is a P-256 key of its own that outlives the stack, but not a deploy that failed to make it', () => {
    const keys = all('AWS::KMS::Key');
    expect(keys).toHaveLength(3);
    for (const key of keys) {
      expect(key).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      expect(key.Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    }
  });
});

describe('who may do what', () => {
  function statementsOf(endpoint: string): { Action: unknown; Condition?: unknown }[] {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const own = policies.filter(([id]) => id.startsWith(endpoint)).map(([, { Properties }]) => Properties);
    return own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  }

  test('only the token endpoint signs, and only with the current key', () => {
    const signers = Object.keys(routes).filter((name) =>
      statementsOf(name[0]?.toUpperCase() + name.slice(1)).some(({ Action }) => Action === 'kms:Sign'),
    );
    expect(signers).toEqual(['token']);
  });

  test('discovery may only write its log', () => {
    expect(statementsOf('Discovery').flatMap(({ Action }) => Action)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  test('every right in the table is for keys of named prefixes, and never for a request without a key', () => {
    const names = [...Object.keys(routes), ...withoutRoute];
    const statements = names.flatMap((name) => statementsOf(name[0]?.toUpperCase() + name.slice(1)));
    const inTable = statements.filter(({ Action }) => String(Action).startsWith('dynamodb:'));
    expect(inTable.length).toBeGreaterThan(10);
    for (const { Action, Condition } of inTable) {
      expect(Action).toEqual(expect.any(String));
      expect(Condition).toEqual({
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': expect.arrayContaining([expect.stringMatching(/^[A-Z]+#\*$/)]),
        },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    }
  });

  test('nobody scans the table, writes in batches, or changes an audit item', () => {
    template.resourcePropertiesCountIs(
      'AWS::IAM::Policy',
      { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'dynamodb:Scan' })]) } },
      0,
    );
    template.resourcePropertiesCountIs(
      'AWS::IAM::Policy',
      { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'dynamodb:BatchWriteItem' })]) } },
      0,
    );
    for (const Action of ['dynamodb:UpdateItem', 'dynamodb:DeleteItem']) {
      const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': Match.arrayWith(['AUDIT#*']) } };
      const Statement = Match.arrayWith([Match.objectLike({ Action, Condition })]);
      template.resourcePropertiesCountIs('AWS::IAM::Policy', { PolicyDocument: { Statement } }, 0);
    }
  });

  test('the MCP endpoint reads the audit trail and the members of tenants, and only adds to the trail', () => {
    const actionsOn = (prefix: string) =>
      statementsOf('Mcp')
        .filter((statement) => JSON.stringify(statement).includes(`"${prefix}*"`))
        .map(({ Action }) => Action);
    expect(actionsOn('AUDIT#')).toEqual(['dynamodb:Query', 'dynamodb:PutItem']);
    expect(actionsOn('TENANT#')).toEqual(['dynamodb:BatchGetItem', 'dynamodb:Query']);
  });

  test('admin is called by no other service but the clock, with two commands, and only reads the audit and adds to it', () => {
    const callers = all('AWS::Lambda::Permission').filter(({ Properties }) =>
      JSON.stringify(Properties.FunctionName).includes('Admin'),
    );
    expect(new Set(callers.map(({ Properties }) => Properties.Principal))).toEqual(new Set(['events.amazonaws.com']));
    const rules = all('AWS::Events::Rule').filter(({ Properties }) => JSON.stringify(Properties).includes('Admin'));
    expect(rules.map(({ Properties }) => Properties)).toMatchObject([
      {
        ScheduleExpression: 'rate(10 minutes)',
        State: 'ENABLED',
        Targets: ['people delete-closed', 'reviewers end-expired'].map((command) => ({
          InputTransformer: {
            InputPathsMap: { time: '$.time' },
            InputTemplate: `{"command":"${command}","time":<time>}`,
          },
        })),
      },
    ]);
    const audit = statementsOf('Admin').filter((statement) => JSON.stringify(statement).includes('"AUDIT#*"'));
    expect(audit.map(({ Action }) => Action)).toEqual(['dynamodb:Query', 'dynamodb:PutItem']);
  });

  test('only the role of the token endpoint signs, whatever the account lets others do with its keys', () => {
    const lambdas = Object.entries(template.findResources('AWS::Lambda::Function'));
    const signers = lambdas.filter(
      ([, { Properties }]) => 'SIGNING_KEY_ID' in (Properties.Environment?.Variables ?? {}),
    );
    const roles = signers.map(([, { Properties }]) => Properties.Role);
    expect(roles).toHaveLength(1);
    const keys = all('AWS::KMS::Key');
    expect(keys).toHaveLength(3);
    for (const { Properties } of keys) {
      const { Statement } = Properties.KeyPolicy as { readonly Statement: readonly { readonly Effect: string }[] };
      expect(Statement.filter(({ Effect }) => Effect === 'Deny')).toEqual([
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'kms:Sign',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalArn': roles[0] } },
        },
      ]);
    }
  });

  test('only authorize sends mail, and only from the sender', () => {
    const mail = statementsOf('Authorize').filter(({ Action }) => Action === 'ses:SendEmail');
    expect(mail).toMatchObject([{ Condition: { StringEquals: { 'ses:FromAddress': 'sign-in@example.com' } } }]);
    expect(statementsOf('Mcp').some(({ Action }) => Action === 'ses:SendEmail')).toBe(false);
  });
});

const ofNotes = { name: 'Notes', tags: { CostCenter: '42' }, tracing: true };
const named = await templateOf(ofNotes);

describe('what an operator finds in the account', () => {
  test('is tagged by the stack’s name and what the settings add, for the bill, and is protected', async () => {
    const changes = { sender: 'sign-in@example.com', ...ofNotes };
    const folder = await assemblyOf({ changes, isForTemplate: true });
    const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const { tags, terminationProtection } = artifacts.Vestibule.properties;
    expect({ tags, terminationProtection }).toEqual({
      tags: { Application: 'Vestibule', CostCenter: '42' },
      terminationProtection: true,
    });
  });

  test('says whose it is and what it is for', () => {
    named.hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: 'Vestibule', IpAddressType: 'dualstack' });
    named.hasResourceProperties('AWS::KMS::Key', { Description: 'Vestibule: signs access tokens (first)' });
    for (const [, { Properties }] of resources(named, 'AWS::Lambda::Function'))
      expect(Properties.Description).toMatch(/^Vestibule: .{10,}/);
  });

  test('has traces of every Lambda where the settings want them, and else of none', () => {
    for (const [, { Properties }] of resources(named, 'AWS::Lambda::Function'))
      expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
    for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function'))
      expect(Properties).not.toHaveProperty('TracingConfig');
  });

  test('keeps its access log where API Gateway may write without a policy of its own', () => {
    const names = resources(named, 'AWS::Logs::LogGroup').flatMap(
      ([, { Properties }]) => Properties.LogGroupName ?? [],
    );
    expect(names).toEqual([
      { 'Fn::Join': ['', ['/aws/vendedlogs/Vestibule/access/', { Ref: expect.stringMatching(/Api/) }]] },
    ]);
  });
});

describe('a command of the CDK that deploys nothing', () => {
  test('does not wait for bundles, and gets the same template but for the hashes of the code', async () => {
    const folder = await assemblyOf({ changes: { sender: 'sign-in@example.com' }, isForTemplate: true });
    const code = globSync(join(folder, 'asset.*', 'index.js')).map((file) => readFileSync(file, 'utf8'));
    expect(code.filter((text) => text === '// token was not bundled.\n')).toHaveLength(1);
    expect(Math.max(...code.map((text) => text.length))).toBeLessThan(100);
    const withoutHashes = (one: Template) => JSON.stringify(one.toJSON()).replaceAll(/[0-9a-f]{32,}/g, '');
    expect(withoutHashes(await templateOf())).toBe(withoutHashes(await templateOf({}, { isBundled: true })));
  });
});

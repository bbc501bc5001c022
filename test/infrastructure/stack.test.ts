import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { routes } from '#core/routes.ts';
import { resources, templateOf } from '../support/template.ts';

type Resource = {
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

/** Lambdas that no request from outside can reach. */
const withoutRoute = ['publicKeyReader', 'admin', 'bounces'];

let template: Template;

function all(type: string): Resource[] {
  return Object.values(template.findResources(type)) as Resource[];
}

beforeAll(async () => {
  template = await templateOf({ signingKeys: { current: 'b', next: 'c', retired: 'a' } });
});

describe('the front door', () => {
  test('serves every route of every endpoint, and no other', () => {
    const keys = all('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
    expect(keys.sort()).toEqual(Object.values(routes).flat().sort());
  });

  test('gives every challenge its name back', () => {
    const restored = [{ Destination: 'overwrite:header.WWW-Authenticate', Source: '$response.header.x-challenge' }];
    const mapping = { 401: { ResponseParameters: restored }, 403: { ResponseParameters: restored } };
    const integrations = all('AWS::ApiGatewayV2::Integration');
    expect(integrations).toHaveLength(Object.keys(routes).length);
    for (const { Properties } of integrations) expect(Properties.ResponseParameters).toEqual(mapping);
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
        ...{ Runtime: 'nodejs24.x', Architectures: ['arm64'], MemorySize: 512 },
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      });
      expect(Properties.Timeout).toBeLessThan(30);
    }
  });

  test('learn the issuer from the API itself', () => {
    const issuers = all('AWS::Lambda::Function').flatMap(({ Properties }) => {
      const { Variables = {} } = (Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
      return 'ISSUER' in Variables ? [Variables.ISSUER] : [];
    });
    expect(issuers).toHaveLength(Object.keys(routes).length);
    for (const issuer of issuers)
      expect(issuer).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/Api/), 'ApiEndpoint'] });
  });
});

describe('what is kept', () => {
  test('the table expires items, can be restored, and outlives the stack', () => {
    const [table] = all('AWS::DynamoDB::GlobalTable');
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table?.Properties).toMatchObject({
      ...{ BillingMode: 'PAY_PER_REQUEST', TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } },
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

  test('each signing key is a P-256 key of its own that outlives the stack', () => {
    const keys = all('AWS::KMS::Key');
    expect(keys).toHaveLength(3);
    for (const key of keys) {
      expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
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

  test('admin is called by no other service, and only reads the audit and adds to it', () => {
    const called = all('AWS::Lambda::Permission').map(({ Properties }) => JSON.stringify(Properties.FunctionName));
    expect(called.filter((name) => name.includes('Admin'))).toEqual([]);
    const audit = statementsOf('Admin').filter((statement) => JSON.stringify(statement).includes('"AUDIT#*"'));
    expect(audit.map(({ Action }) => Action)).toEqual(['dynamodb:Query', 'dynamodb:PutItem']);
  });

  test('only authorize sends mail, and only from the sender', () => {
    const mail = statementsOf('Authorize').filter(({ Action }) => Action === 'ses:SendEmail');
    expect(mail).toMatchObject([{ Condition: { StringEquals: { 'ses:FromAddress': 'sign-in@example.com' } } }]);
    expect(statementsOf('Mcp').some(({ Action }) => Action === 'ses:SendEmail')).toBe(false);
  });
});

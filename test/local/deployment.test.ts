import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAssembly } from '../../local/assembly.ts';
import { Children } from '../../local/children.ts';
import { Deployment } from '../../local/deployment.ts';
import { startDynamoDb } from '../../local/services/dynamodb.ts';
import { Stack, type TableDefinition } from '../../local/stack.ts';
import { createTable, Database, sweep } from '../../local/table.ts';
import { watchSources } from '../../local/watch.ts';
import { tableClient } from '../support/items.ts';
import { writeAssembly } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-deployment-'));
const children = new Children(join(folder, 'pids'));
let database: Database;
let client: DynamoDBClient;

beforeAll(async () => {
  const url = await startDynamoDb(join(folder, 'dynamodb'), children);
  database = new Database(url);
  client = tableClient(url);
});
afterAll(() => children.end());

const pid = (comment: string) => `exports.handler = async () => process.pid; // ${comment}`;
const stackOf = (folder: string) => new Stack(readAssembly(folder), 'http://localhost:1');

describe('a deployment that changes', () => {
  test('restarts the Lambdas whose code or environment changed, and no others', async () => {
    const deployment = new Deployment(database, { spawn: children.spawn, environment: {}, print: () => undefined });
    const variables = (VALUE: string) => ({ Environment: { Variables: { VALUE } } });
    const lambdas = (code: string, value: string) => ({
      Same: { source: pid('same'), routes: ['GET /same'] },
      Code: { source: pid(code), routes: ['GET /code'] },
      Environment: { source: pid('same'), routes: ['GET /environment'], function: variables(value) },
    });
    const first = writeAssembly(lambdas('one', '1'));
    await deployment.deploy(stackOf(first));
    const pids = (names: string[]) => Promise.all(names.map((name) => deployment.invoke(name, '{}')));
    const names = ['Same', 'Code', 'Environment'];
    const [same, code, environment] = await pids(names);
    expect(await pids(names)).toEqual([same, code, environment]);

    writeAssembly({ ...lambdas('two', '2'), New: { source: pid('new'), routes: ['GET /new'] } }, {}, first);
    await deployment.deploy(stackOf(first));
    expect(deployment.routes.map(({ key }) => key)).toContain('GET /new');
    const [stillSame, newCode, newEnvironment] = await pids(names);
    expect(stillSame).toBe(same);
    expect(newCode).not.toBe(code);
    expect(newEnvironment).not.toBe(environment);
  });

  const asking = { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::GetAtt': ['Thing', 'Value'] } } };

  test('makes no custom resource of which nothing asks an attribute', () => {
    const Properties = { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] } };
    const Thing = { Type: 'Custom::Thing', Properties };
    const made = (others: object) =>
      stackOf(writeAssembly({ Maker: { source: '', routes: [] } }, { Thing, ...others })).customResources.map(
        ({ id }) => id,
      );
    expect(made({})).toEqual([]);
    expect(made({ Asking: asking })).toEqual(['Thing']);
  });

  test('lets the requests under way finish, those that still wait for a process too', async () => {
    const deployment = new Deployment(database, { spawn: children.spawn, environment: {}, print: () => undefined });
    const meeting = mkdtempSync(join(tmpdir(), 'vestibule-meeting-'));
    const waiting = (version: string) => `const { existsSync, writeFileSync } = require('node:fs');
      exports.handler = async ({ name }) => {
        writeFileSync(${JSON.stringify(meeting)} + '/' + name, '');
        while (!existsSync(${JSON.stringify(join(meeting, 'go'))})) await new Promise((go) => setTimeout(go, 10));
        return '${version}';
      };`;
    const folder = writeAssembly({ Waiting: { source: waiting('old'), routes: ['GET /'] } });
    await deployment.deploy(stackOf(folder));
    const names = Array.from({ length: 12 }, (_, at) => `request-${at}`);
    const answers = names.map((name) => deployment.invoke('Waiting', JSON.stringify({ name })));
    await expect.poll(() => readdirSync(meeting).length, { timeout: 30_000 }).toBe(8);
    writeAssembly({ Waiting: { source: waiting('new'), routes: ['GET /'] } }, {}, folder);
    await deployment.deploy(stackOf(folder));
    writeFileSync(join(meeting, 'go'), '');
    expect(await Promise.all(answers)).toEqual(names.map(() => '"old"'));
    expect(await deployment.invoke('Waiting', '{"name":"next"}')).toBe('"new"');
  });

  test('names a custom resource that fails, with its reason', async () => {
    const source = `exports.handler = async ({ ResponseURL }) => {
      await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'FAILED', Reason: 'no such key' }) });
    };`;
    const Properties = { ServiceToken: { 'Fn::GetAtt': ['Failing', 'Arn'] } };
    const assembly = writeAssembly(
      { Failing: { source, routes: [] } },
      { Thing: { Type: 'Custom::Thing', Properties }, Asking: asking },
    );
    const deployment = new Deployment(database, { spawn: children.spawn, environment: {}, print: () => undefined });
    await expect(deployment.deploy(stackOf(assembly))).rejects.toThrow(/Thing cannot be created.*no such key/);
  });
});

describe('a route that leads to an alias', () => {
  const Type = 'AWS::Lambda::Alias';
  const Alias = { Type, Properties: { FunctionName: { Ref: 'Aliased' }, FunctionVersion: '1', Name: 'live' } };
  const integration = { IntegrationUri: { Ref: 'Alias' } };
  const lambdas = { Aliased: { source: pid('aliased'), routes: ['GET /'], integration } };
  const permissionFor = (FunctionName: object) => ({
    AliasedPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName, Principal: 'apigateway.amazonaws.com' },
    },
  });

  test('is the Lambda’s, invoked by the ARN of the alias', () => {
    const { routes } = stackOf(writeAssembly(lambdas, { Alias }));
    const invokedArn = 'arn:aws:lambda:us-east-1:000000000000:function:Aliased:live';
    expect(routes).toEqual([expect.objectContaining({ key: 'GET /', functionId: 'Aliased', invokedArn })]);
  });

  test.for([{ Ref: 'Aliased' }, { 'Fn::GetAtt': ['Aliased', 'Arn'] }])(
    'is refused where API Gateway may only invoke the Lambda itself: %j',
    (FunctionName) => {
      const stack = stackOf(writeAssembly(lambdas, { Alias, ...permissionFor(FunctionName) }));
      expect(() => stack.routes).toThrow(/needs an AWS::Lambda::Permission for just .*:Aliased:live/);
    },
  );
});

describe('the sweep', () => {
  const table: TableDefinition = {
    name: 'Swept',
    properties: {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    },
    ttlAttribute: 'ttl',
  };
  const now = 2_000_000_000;
  const day = 24 * 60 * 60;

  test('deletes what expired more than a day ago, and keeps the rest', async () => {
    await createTable(database, table);
    await createTable(database, table);
    const items = { old: now - day - 1, recent: now - day + 60, future: now + day, forever: undefined };
    for (const [name, ttl] of Object.entries(items)) {
      const Item = { pk: { S: name }, sk: { S: 'x' }, ...(ttl && { ttl: { N: String(ttl) } }) };
      await client.send(new PutItemCommand({ TableName: 'Swept', Item }));
    }
    await sweep(database, table, now);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'Swept' }));
    expect(Items.map(({ pk }) => pk?.S).toSorted()).toEqual(['forever', 'future', 'recent']);
  });
});

describe('the watch', () => {
  test('notices sources and settings, once for changes that come together', async () => {
    const root = mkdtempSync(join(tmpdir(), 'vestibule-watch-'));
    mkdirSync(join(root, 'lambdas', 'token'), { recursive: true });
    let changes = 0;
    watchSources(root, async () => {
      changes++;
    });
    writeFileSync(join(root, 'README.md'), 'not a source');
    writeFileSync(join(root, 'lambdas', 'token', 'handler.ts'), '1');
    writeFileSync(join(root, 'lambdas', 'token', 'handler.ts'), '2');
    await expect.poll(() => changes).toBe(1);
    writeFileSync(join(root, 'vestibule.config.ts'), '3');
    await expect.poll(() => changes).toBe(2);
  });
});

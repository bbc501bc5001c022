import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, startStack } from '../support/stack.ts';
import { echo, writeAssembly } from './fixture.ts';

/** Does what the query asks for. */
const acting = `
const big = 'x'.repeat(6 * 1024 * 1024);
const actions = {
  pid: () => process.pid,
  throw: () => { throw new TypeError('thrown on purpose'); },
  exit: () => process.exit(0),
  abort: () => process.abort(),
  reject: () => { Promise.reject(new Error('nobody waits for this')); return new Promise(() => setInterval(() => {}, 1000)); },
  late: () => { setTimeout(() => { throw new Error('from a timer'); }); return new Promise(() => setInterval(() => {}, 1000)); },
  hang: () => new Promise(() => setInterval(() => {}, 1000)),
  spin: () => { for (;;); },
  settleNever: () => new Promise(() => {}),
  big: () => big,
  circular: () => { const loop = {}; loop.loop = loop; return loop; },
  environment: () => process.env,
  context: (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() }),
  log: () => {
    console.info({ nested: { object: true } });
    console.warn('%s has %d', 'text', 2);
    console.error('failed', new TypeError('logged error'));
    console.error(new RangeError('alone'));
    console.debug('debugging');
    return 'logged';
  },
};
exports.handler = async (event, context) => actions[event.queryStringParameters.do](event, context);
`;

/** Answers once as many invocations as asked for run at the same time, each in a process of its own. */
const meeting = `
const { readdirSync, writeFileSync } = require('node:fs');
let running = 0;
exports.handler = async ({ queryStringParameters: { folder, count } }) => {
  if (++running > 1) throw new Error('two at a time');
  writeFileSync(folder + '/' + process.pid, '');
  while (readdirSync(folder).length < Number(count)) await new Promise((resolve) => setTimeout(resolve, 5));
  running--;
  return process.pid;
};
`;

let stack: RunningStack;

beforeAll(async () => {
  const assembly = writeAssembly(
    {
      Health: { source: echo, routes: ['$default'] },
      Acting: {
        source: acting,
        routes: ['GET /act'],
        function: {
          Timeout: 1,
          Environment: { Variables: { GREETING: { 'Fn::Join': [' ', ['hello', { Ref: 'Table' }]] } } },
        },
      },
      Meeting: { source: meeting, routes: ['GET /meet'] },
      Broken: { source: "throw new Error('cannot load');", routes: ['GET /broken'] },
      Missing: { source: 'exports.other = 1;', routes: ['GET /missing'] },
      Aliased: {
        source: 'exports.handler = async (event, context) => context.invokedFunctionArn;',
        routes: ['GET /aliased'],
        integration: { IntegrationUri: { Ref: 'Alias' } },
      },
    },
    {
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Aliased' } } },
      Alias: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Aliased' },
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
          Name: 'live',
        },
      },
    },
  );
  stack = await startStack({
    env: { ASSEMBLY_DIR: assembly, OF_THE_PARENT: 'secret', TRUSTED_METADATA_HOSTS: 'localhost:1' },
  });
});
afterAll(() => stack?.stop());

const act = (action: string) => fetch(`${stack.issuer}/act?do=${action}`);
const read = async <T>(action: string) => (await (await act(action)).json()) as T;

describe('a failing Lambda', () => {
  test.for(['throw', 'exit', 'abort', 'reject', 'late', 'hang', 'spin', 'settleNever', 'big', 'circular'])(
    'that does "%s" is 500, and the next call works',
    { timeout: 20_000 },
    async (action) => {
      const response = await act(action);
      expect(response.status).toBe(500);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.text()).toBe('{"message":"Internal Server Error"}');
      expect((await act('pid')).status).toBe(200);
    },
  );

  test.for(['broken', 'missing'])('that does not load is 500 at every call: %s', async (path) => {
    for (const _ of [1, 2]) {
      const response = await fetch(`${stack.issuer}/${path}`);
      expect(response.status).toBe(500);
      expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    }
    expect(stack.logs()).toMatch(/Broken │ .*cannot load/);
  });

  test('is named in the output with the reason', () => {
    expect(stack.logs()).toMatch(/Acting │ .*thrown on purpose/);
    expect(stack.logs()).toContain('Acting │ Task timed out after 1.00 seconds');
    expect(stack.logs()).toContain('Acting │ The process ended with SIGABRT');
  });
});

describe('processes', () => {
  const meet = async (count: number, requests: number) => {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-meeting-'));
    const url = `${stack.issuer}/meet?folder=${folder}&count=${count}`;
    const responses = await Promise.all(Array.from({ length: requests }, () => fetch(url)));
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    return new Set(await Promise.all(responses.map((response) => response.text()))).size;
  };

  test('handle one event at a time, up to eight side by side', { timeout: 20_000 }, async () => {
    expect(await meet(8, 8)).toBe(8);
  });

  test('are never more than eight: the rest waits', { timeout: 20_000 }, async () => {
    expect(await meet(8, 40)).toBe(8);
  });

  test('that end do not take with them what waits', { timeout: 20_000 }, async () => {
    const actions = Array.from({ length: 40 }, (_, index) => (index % 2 ? 'pid' : 'exit'));
    const statuses = await Promise.all(actions.map(async (action) => (await act(action)).status));
    expect(statuses).toEqual(actions.map((action) => (action === 'pid' ? 200 : 500)));
  });

  test('are kept for the next event', async () => {
    expect(await read<number>('pid')).toBe(await read<number>('pid'));
  });
});

describe('the world of a handler', () => {
  test('has the environment that Lambda gives, and nothing of the runner', async () => {
    const environment = await read<Record<string, string>>('environment');
    expect(environment).toMatchObject({
      GREETING: 'hello Fixture-Table',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Acting',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      TRUSTED_METADATA_HOSTS: 'localhost:1',
      TZ: 'UTC',
    });
    for (const service of ['DYNAMODB', 'SESV2', 'KMS', 'SSM'])
      expect(environment[`AWS_ENDPOINT_URL_${service}`]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const name of ['OF_THE_PARENT', 'HOME', 'PORT', 'DATA_DIR', 'ASSEMBLY_DIR', 'NODE_ENV', 'NODE_COMPILE_CACHE'])
      expect(environment).not.toHaveProperty(name);
  });

  test('has the context that Lambda gives', async () => {
    const context = await read<Record<string, unknown>>('context');
    expect(context).toMatchObject({
      functionName: 'Acting',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Acting',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.remaining).toBeGreaterThan(0);
    expect(context.remaining).toBeLessThanOrEqual(1_000);
  });

  test('is reached through an alias too, and sees which', async () => {
    const response = await fetch(`${stack.issuer}/aliased`);
    expect(await response.text()).toBe('arn:aws:lambda:us-east-1:000000000000:function:Aliased:live');
  });

  test('writes lines in the JSON log format of Lambda', async () => {
    const before = stack.logs().length;
    expect(await (await act('log')).text()).toBe('logged');
    await expect.poll(() => stack.logs()).toContain('debugging');
    const printed = stack.logs().slice(before).trim().split('\n');
    const lines = printed.filter((line) => line.includes(' │ '));
    const written = lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
    expect(written).toEqual(
      [
        { level: 'INFO', message: { nested: { object: true } } },
        { level: 'WARN', message: 'text has 2' },
        {
          level: 'ERROR',
          message: expect.stringContaining('failed'),
          errorType: 'TypeError',
          errorMessage: 'logged error',
          stackTrace: expect.any(Array),
        },
        { level: 'ERROR', message: { errorType: 'RangeError', errorMessage: 'alone', stackTrace: expect.any(Array) } },
        { level: 'DEBUG', message: 'debugging' },
      ].map((line) => ({ ...line, timestamp: expect.any(String), requestId: expect.any(String) })),
    );
  });
});

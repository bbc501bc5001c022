import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { allowing } from '../../local/access/evaluate.ts';
import { startGuard } from '../../local/access/guard.ts';
import { requested } from '../../local/access/requested.ts';
import { readStatement } from '../../local/access/statement.ts';
import { listen } from '../../local/http.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/t';

function statement(action: string, prefixes: readonly string[]) {
  const keys = prefixes.map((prefix) => `${prefix}*`);
  return readStatement({
    Effect: 'Allow',
    Action: `dynamodb:${action}`,
    Resource: table,
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
}

const mail = readStatement({
  Effect: 'Allow',
  Action: 'ses:SendEmail',
  Resource: [
    'arn:aws:ses:us-east-1:000000000000:identity/*',
    'arn:aws:ses:us-east-1:000000000000:configuration-set/ours',
  ],
  Condition: { StringEquals: { 'ses:FromAddress': 'sign-in@example.com' } },
});
const statements = [
  statement('GetItem', ['A#', 'B#']),
  statement('PutItem', ['A#']),
  statement('BatchGetItem', ['A#']),
  mail,
];

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'X' } });
const dynamoDb = (operation: string, body: object) => ({
  method: 'POST',
  path: '/',
  target: `DynamoDB_20120810.${operation}`,
  body: { TableName: 't', ...body },
});
const email = (FromEmailAddress: string, ConfigurationSetName?: string) => ({
  method: 'POST',
  path: '/v2/email/outbound-emails',
  target: '',
  body: { FromEmailAddress, ConfigurationSetName },
});

describe('what a role allows, IAM policy evaluation logic', () => {
  test.for([
    ['an item of a prefix that is named', dynamoDb('GetItem', { Key: key('B#1') })],
    ['an item that is put', dynamoDb('PutItem', { Item: key('A#1') })],
    ['a batch of such items', dynamoDb('BatchGetItem', { RequestItems: { t: { Keys: [key('A#1'), key('A#2')] } } })],
    [
      'a transaction of parts that are each allowed',
      dynamoDb('TransactWriteItems', { TransactItems: [{ Put: { TableName: 't', Item: key('A#1') } }] }),
    ],
    ['mail from the sender', email('"Sign in" <sign-in@example.com>')],
    ['mail with the configuration set that is named', email('sign-in@example.com', 'ours')],
  ] as const)('%s', ([, call]) => {
    expect(requested(call)?.map((request) => allowing(statements, request) !== undefined)).not.toContain(false);
  });

  test.for([
    ['an item of another prefix', dynamoDb('GetItem', { Key: key('C#1') })],
    ['an item whose key only contains the prefix', dynamoDb('GetItem', { Key: key('XA#1') })],
    ['another action on the same item', dynamoDb('UpdateItem', { Key: key('A#1') })],
    ['another table', { ...dynamoDb('GetItem', { Key: key('A#1') }), body: { TableName: 'other', Key: key('A#1') } }],
    [
      'a batch with one key of another prefix',
      dynamoDb('BatchGetItem', { RequestItems: { t: { Keys: [key('A#1'), key('B#2')] } } }),
    ],
    [
      'a transaction with one part that is not',
      dynamoDb('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: 't', Item: key('A#1') } }, { Delete: { TableName: 't', Key: key('A#1') } }],
      }),
    ],
    [
      'a query',
      dynamoDb('Query', { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'A#1' } } }),
    ],
    ['a scan, which names no key', dynamoDb('Scan', {})],
    ['mail from another address', email('somebody@example.com')],
    ['mail with another configuration set', email('sign-in@example.com', 'theirs')],
  ] as const)('refuses %s', ([, call]) => {
    expect(requested(call)?.map((request) => allowing(statements, request) !== undefined)).toContain(false);
  });

  test('a request that names no key is refused even where the action is granted', () => {
    const scan = requested(dynamoDb('Scan', {}));
    expect(scan?.map((request) => allowing([statement('Scan', ['A#'])], request))).toEqual([undefined]);
  });

  test('an operator that is not known stops the runner, and lets nothing pass', () => {
    const odd = readStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Odd: { key: 'value' } } });
    const [request] = requested(dynamoDb('GetItem', { Key: key('A#1') })) ?? [];
    expect(() => request && allowing([odd], request)).toThrow('Odd');
  });

  test('a statement that does not simply allow is refused', () => {
    expect(() => readStatement({ Effect: 'Deny', Action: '*', Resource: '*' })).toThrow('Deny');
    expect(() => readStatement({ Effect: 'Allow', NotAction: 'x', Resource: '*' })).toThrow('NotAction');
  });
});

describe('the guard between the Lambdas and a service', () => {
  const upstream = createServer((request, response) => {
    if (request.url === '/broken') response.destroy();
    else request.pipe(response.writeHead(200, { 'x-seen': String(request.headers['x-amz-target']) }));
  });
  let guard: string;
  beforeAll(async () => {
    vi.stubEnv('RIGHTS_LOG', '');
    const endpoint = `http://127.0.0.1:${await listen(upstream, '127.0.0.1', 0)}`;
    guard = await startGuard(endpoint, (id) => (id === 'Allowed' ? statements : []));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    upstream.close();
  });

  const ask = (caller: string, path = '/') =>
    fetch(new URL(path, guard), {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${caller}/x`,
        'x-amz-target': 'DynamoDB_20120810.GetItem',
      },
      body: JSON.stringify({ TableName: 't', Key: key('A#1') }),
    });

  test('passes on what the caller may do, and the answer back', async () => {
    const response = await ask('Allowed');
    expect(response.headers.get('x-seen')).toBe('DynamoDB_20120810.GetItem');
    expect(await response.json()).toEqual({ TableName: 't', Key: key('A#1') });
  });

  test('refuses as DynamoDB does what another Lambda may do', async () => {
    const response = await ask('Other');
    expect(response.status).toBe(400);
    const { __type, message } = (await response.json()) as { readonly __type: string; readonly message: string };
    expect(__type).toBe('AccessDeniedException');
    expect(message).toBe(
      `Other is not authorized to perform dynamodb:GetItem on ${table} with dynamodb:LeadingKeys A#1`,
    );
  });

  test('breaks the connection where the service does', async () => {
    await expect(ask('Allowed', '/broken')).rejects.toThrow('fetch failed');
  });
});

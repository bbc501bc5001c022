import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AwsError } from '#core/aws/error.ts';
import { exchange } from '#core/aws/exchange.ts';
import { signer } from '#core/aws/sign.ts';
import { type Got, type Reply, type ServiceSite, startServiceSite } from '../support/service-site.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
let site: ServiceSite;

beforeAll(async () => {
  site = await startServiceSite();
});
afterAll(() => site.stop());

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  vi.stubEnv('AWS_ENDPOINT_URL', site.url);
  // No wait between two tries.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  site.got.length = 0;
  site.replies.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** The doors as a Lambda has them that starts in the environment of now. */
async function doors() {
  const { dynamoDb, cancellationReasons, failedCondition } = await import('#core/aws/dynamodb.ts');
  const { kms } = await import('#core/aws/kms.ts');
  const { sendEmail } = await import('#core/aws/ses.ts');
  const { getParameter } = await import('#core/aws/ssm.ts');
  return { dynamoDb, cancellationReasons, failedCondition, kms, sendEmail, getParameter };
}

/** One read of the table, after these replies. Returns the name of what it throws, or `done`. */
async function readAfter(...replies: readonly Reply[]): Promise<string> {
  const { dynamoDb } = await doors();
  site.replies.push(...replies);
  return dynamoDb('GetItem', { TableName: 'T', Key: {} }).then(
    () => 'done',
    (error: Error) => error.name,
  );
}

const refusal = (name: string, members: object = {}): Reply => ({
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws#${name}`, message: 'No', ...members }),
});
const dropped: Reply = (response) => response.destroy();
const attempts = () => site.got.length;

describe('a request', () => {
  const Message = new Uint8Array([0, 1, 250, 255]);
  const mail = {
    FromEmailAddress: 'Vestibule <a@example.com>',
    Destination: { ToAddresses: ['ü@example.com'] },
    Content: { Simple: { Subject: { Data: 'Code “1”', Charset: 'UTF-8' }, Body: { Text: { Data: 'a\nb' } } } },
  };
  const sdk = () => ({ region: 'eu-west-1', endpoint: site.url, credentials });
  const batch = { RequestItems: { T: { Keys: [{ pk: { S: 'é' }, sk: { N: '1' } }], ConsistentRead: true } } };
  type Doors = Awaited<ReturnType<typeof doors>>;

  test.for([
    [
      'dynamodb',
      ({ dynamoDb }: Doors) => dynamoDb('BatchGetItem', batch),
      () => new DynamoDBClient(sdk()).send(new BatchGetItemCommand(batch)),
    ],
    [
      'kms',
      ({ kms }: Doors) =>
        kms('Sign', { KeyId: 'k', Message: 'AAH6/w==', MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
      () =>
        new KMSClient(sdk()).send(
          new SignCommand({ KeyId: 'k', Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
        ),
    ],
    [
      'kms',
      ({ kms }: Doors) => kms('GetPublicKey', { KeyId: 'k' }),
      () => new KMSClient(sdk()).send(new GetPublicKeyCommand({ KeyId: 'k' })),
    ],
    [
      'ssm',
      ({ getParameter }: Doors) => getParameter({ Name: '/a', WithDecryption: true }),
      () => new SSMClient(sdk()).send(new GetParameterCommand({ Name: '/a', WithDecryption: true })),
    ],
    ['ses', ({ sendEmail }: Doors) => sendEmail(mail), () => new SESv2Client(sdk()).send(new SendEmailCommand(mail))],
  ] as const)('to %s is the one of the AWS SDK, which signs as we do', async ([service, ask, askSdk]) => {
    await ask(await doors());
    await askSdk();
    const [ours, theirs] = site.got;
    if (!ours || !theirs) throw new Error('It was not asked twice');
    expect(inEssence(ours)).toEqual(inEssence(theirs));
    for (const request of [ours, theirs]) expect(request.headers.authorization).toBe(signedAgain(request, service));
  });

  function inEssence({ method, path, headers, body }: Got) {
    const named = ['content-type', 'host', 'x-amz-target', 'x-amz-security-token'].map((name) => headers[name]);
    return { method, path, named, body: JSON.parse(body) };
  }

  /** The signature of a request, made once more from the headers that it says are signed. */
  function signedAgain({ method, path, headers, body }: Got, service: string): string | undefined {
    const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
    const time = String(headers['x-amz-date']).replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
    const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
    return signer('eu-west-1', service)({ method, path, headers: signed, body }, credentials, Date.parse(time))
      .authorization;
  }

  test('is signed with the credentials that are in the environment by then', async () => {
    const { dynamoDb } = await doors();
    await dynamoDb('GetItem', { TableName: 'T', Key: {} });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'NEXT');
    vi.stubEnv('AWS_SESSION_TOKEN', 'next');
    await dynamoDb('GetItem', { TableName: 'T', Key: {} });
    expect(site.got.map(({ headers }) => headers['x-amz-security-token'])).toEqual(['token', 'next']);
    expect(site.got[1]?.headers.authorization).toContain('Credential=NEXT/');
  });

  test('goes to the endpoint of its own service first', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ENDPOINT_URL_SSM', `${site.url}/below/`);
    const { getParameter } = await doors();
    await getParameter({ Name: '/a' });
    expect(site.got.map(({ path }) => path)).toEqual(['/below/']);
  });
});

describe('the host of a service', () => {
  const regions = ['us-east-1', 'eu-central-2', 'cn-north-1', 'cn-northwest-1', 'us-gov-west-1', 'us-iso-east-1'];
  const isolated = ['us-isob-east-1', 'us-isof-south-1', 'eu-isoe-west-1', 'eusc-de-east-1', 'xx-new-1'];
  const clients = {
    DYNAMODB: [DynamoDBClient, 'dynamodb'],
    KMS: [KMSClient, 'kms'],
    SSM: [SSMClient, 'ssm'],
    SESV2: [SESv2Client, 'email'],
  } as const;

  test.for([...regions, ...isolated])('in %s is the one of the AWS SDK', async (region) => {
    const { endpointOf } = await import('#core/aws/service.ts');
    for (const [variable, [Client, host]] of Object.entries(clients)) {
      vi.stubEnv('AWS_ENDPOINT_URL', '');
      const { url } = new Client({ region }).config.endpointProvider(
        { Region: region, UseFIPS: false, UseDualStack: false },
        {},
      );
      expect(new URL(endpointOf({ host, variable }, region)).href).toBe(url.href);
    }
  });
});

describe('a call is tried again', () => {
  test.for([
    ['throttled', refusal('ProvisionedThroughputExceededException')],
    ['throttled by status', { status: 429 }],
    ['that another transaction is in progress', refusal('TransactionInProgressException')],
    ['that a replica is being written', refusal('ReplicatedWriteConflictException')],
    ['broken', { status: 500, body: '{"__type":"InternalServerError"}' }],
    ['out of order, by a proxy', { status: 503, body: '<html>' }],
    ['dropped', dropped],
    ['cut off', (response) => response.writeHead(200, { 'content-length': '9' }).end('{}', () => response.destroy())],
    ['not JSON', { body: '{"Item":' }],
    ['damaged', { headers: { 'x-amz-crc32': String(crc32('{ }')) } }],
  ] as [string, Reply][])('when the answer is %s', async ([, reply]) => {
    expect(await readAfter(reply)).toBe('done');
    expect(attempts()).toBe(2);
  });

  test('three times at the table, and twice elsewhere', async () => {
    const broken = { status: 500, body: '{"__type":"KMSInternalException"}' };
    expect(await readAfter(dropped, dropped, dropped, dropped)).toBe('NetworkingError');
    expect(attempts()).toBe(4);
    const { kms } = await doors();
    site.replies.push(broken, broken, broken);
    await expect(kms('GetPublicKey', { KeyId: 'k' })).rejects.toMatchObject({
      name: 'KMSInternalException',
      status: 500,
    });
    expect(attempts()).toBe(4 + 3);
  });

  test('ever less while nothing is answered', async () => {
    const { dynamoDb } = await doors();
    const calls = 20;
    site.replies.push(...Array.from({ length: 4 * calls }, () => dropped));
    for (let call = 0; call < calls; call += 1) await dynamoDb('GetItem', { TableName: 'T', Key: {} }).catch(() => {});
    expect(attempts()).toBe(calls + Math.floor(500 / 14));
  });

  test.for([
    'ConditionalCheckFailedException',
    'ValidationException',
    'AccessDeniedException',
    'ExpiredTokenException',
  ])('not after %s', async (name) => {
    expect(await readAfter(refusal(name))).toBe(name);
    expect(attempts()).toBe(1);
  });
});

describe('an answer', () => {
  test('whose checksum is right is taken', async () => {
    const body = JSON.stringify({ Item: { pk: { S: 'é' } } });
    const { dynamoDb } = await doors();
    site.replies.push({ body, headers: { 'x-amz-crc32': String(crc32(body)) } });
    expect(await dynamoDb('GetItem', { TableName: 'T', Key: {} })).toEqual({ Item: { pk: { S: 'é' } } });
    expect(attempts()).toBe(1);
  });

  test.for([
    ['MessageRejected', { headers: { 'x-amzn-errortype': 'MessageRejected:http://internal.amazon.com/#x' } }],
    ['MessageRejected', { body: '{"__type":"com.amazonaws.ses#MessageRejected"}' }],
    ['MessageRejected', { body: '{"code":"MessageRejected"}' }],
    ['Unknown', { body: '' }],
    ['Unknown', { body: 'null' }],
  ])('that is a refusal is named %s', async ([name, reply]) => {
    const { sendEmail } = await doors();
    site.replies.push({ status: 400, ...(reply as object) });
    await expect(sendEmail({ Content: {} })).rejects.toMatchObject({ name, status: 400 });
  });

  test('tells what was in the way, but not to a log', async () => {
    const { dynamoDb, failedCondition, cancellationReasons } = await doors();
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'private' } } }];
    site.replies.push(refusal('TransactionCanceledException', { CancellationReasons }));
    const error = await dynamoDb('TransactWriteItems', { TransactItems: [] }).catch((cause: unknown) => cause);
    expect(cancellationReasons(error)).toEqual(CancellationReasons);
    expect(failedCondition(error)).toBeUndefined();
    expect(JSON.stringify(error) + Object.values(error as object)).not.toContain('private');
  });

  test.for([
    ['headers', (response) => response.flushHeaders()],
    ['a part', (response) => response.writeHead(200).write('{')],
  ] as [string, (response: ServerResponse) => void][])('that stops after %s is not waited for', async ([, reply]) => {
    site.replies.push(reply);
    const sent = { url: new URL(site.url), method: 'POST', headers: {}, body: '{}', milliseconds: 50 };
    await expect(exchange(sent)).rejects.toMatchObject({ name: 'TimeoutError', status: undefined });
    await expect(exchange(sent)).resolves.toMatchObject({ status: 200 });
  });
});

test('an answer that came while the process had no processor is read, although its time is over', async () => {
  site.replies.push((response) => {
    response.end('{}');
    const until = performance.now() + 100;
    while (performance.now() < until);
  });
  const sent = { url: new URL(site.url), method: 'POST', headers: {}, body: '{}', milliseconds: 50 };
  await expect(exchange(sent)).resolves.toMatchObject({ status: 200 });
});

describe('a clock that is wrong', () => {
  const hour = 3_600_000;
  const skewed = (at: number): Reply => ({
    status: 400,
    headers: { date: new Date(at).toUTCString() },
    body: '{"__type":"InvalidSignatureException"}',
  });

  test.for([hour, -hour])('by %i ms is corrected once, and stays so', async (difference) => {
    const { dynamoDb } = await doors();
    const told = Math.floor((Date.now() + difference) / 1_000) * 1_000;
    site.replies.push(skewed(told));
    await dynamoDb('GetItem', { TableName: 'T', Key: {} });
    await dynamoDb('GetItem', { TableName: 'T', Key: {} });
    const times = site.got.map(({ headers }) => secondsOf(String(headers['x-amz-date'])));
    expect(times).toHaveLength(3);
    expect(Math.abs((times[1] ?? 0) - told)).toBeLessThan(60_000);
    expect(Math.abs((times[2] ?? 0) - told)).toBeLessThan(60_000);
  });

  test('is not suspected when the signature is wrong for another reason', async () => {
    expect(await readAfter(skewed(Date.now() + 60_000))).toBe('InvalidSignatureException');
    expect(attempts()).toBe(1);
  });

  test('is not suspected twice in a call', async () => {
    expect(await readAfter(skewed(Date.now() + hour), skewed(Date.now() + hour))).toBe('InvalidSignatureException');
    expect(attempts()).toBe(2);
  });

  function secondsOf(time: string): number {
    return Date.parse(time.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
  }
});

test('an error says whose fault it is', () => {
  const faults = [undefined, 400, 500].map((status) => new AwsError('E', 'e', status ? { status } : {}).isServerFault);
  expect(faults).toEqual([true, false, true]);
});

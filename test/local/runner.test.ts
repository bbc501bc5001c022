import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { startOf } from '../../local/children.ts';
import { listen } from '../../local/http.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { echo, writeAssembly } from './fixture.ts';

/** A custom resource that reads a public key as the deployed one does, with no SDK in between. */
const keyReader = `
exports.handler = async ({ RequestType, ResponseURL, ResourceProperties: { KeyId, ServiceToken }, ...ids }) => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/';
  const headers = { authorization, 'x-amz-target': 'TrentService.GetPublicKey' };
  const answer = await fetch(process.env.AWS_ENDPOINT_URL_KMS, { method: 'POST', headers, body: JSON.stringify({ KeyId }) });
  const { PublicKey } = await answer.json();
  const body = JSON.stringify({ ...ids, Status: PublicKey ? 'SUCCESS' : 'FAILED', Reason: 'no key', Data: { PublicKey } });
  await fetch(ResponseURL, { method: 'PUT', body });
};
`;
const environment = {
  Environment: {
    Variables: { KEY: { 'Fn::GetAtt': ['Reader', 'PublicKey'] }, URL: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  },
};
const assembly = writeAssembly(
  {
    Health: { source: echo, routes: ['$default'] },
    Environment: {
      source: 'exports.handler = async () => process.env;',
      routes: ['GET /environment'],
      function: environment,
    },
    KeyReader: { source: keyReader, routes: [] },
    Hanging: {
      source:
        'exports.handler = () => { console.info("hanging"); setInterval(() => {}, 1000); return new Promise(() => {}); };',
      routes: ['GET /hang'],
    },
  },
  {
    Key: { Type: 'AWS::KMS::Key' },
    Reader: {
      Type: 'Custom::Reader',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['KeyReader', 'Arn'] }, KeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
    },
    Table: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      },
    },
  },
);
const env = { ASSEMBLY_DIR: assembly, RIGHTS_LOG: '' };
const newFolder = () => mkdtempSync(join(tmpdir(), 'vestibule-runner-'));

async function environmentOf(stack: RunningStack): Promise<Record<string, string>> {
  return (await (await fetch(`${stack.issuer}/environment`)).json()) as Record<string, string>;
}

/** The table as the operator reaches it, or as the Lambda of this name does. */
function databaseAt(endpoint: string | undefined, accessKeyId = 'local'): DynamoDBClient {
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint: endpoint ?? '', region: 'us-east-1', credentials });
}

function recordedPids(dataDir: string): number[] {
  return readdirSync(join(dataDir, 'pids')).map(Number);
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Runs a program of `local/` that is expected to end by itself. */
async function run(program: string, variables: Record<string, string>) {
  const file = fileURLToPath(new URL(`../../local/${program}`, import.meta.url));
  const child = spawn(process.execPath, [file], { env: { ...process.env, WATCH: 'off', ...env, ...variables } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('a run', { timeout: 30_000 }, () => {
  test('gives the Lambdas its own address and what custom resources returned', async () => {
    const stack = await startStack({ env });
    const { URL: issuer, KEY } = await environmentOf(stack);
    expect(issuer).toBe(stack.issuer);
    expect(KEY).toMatch(/^[\w+/=]{100,}$/);
    await stack.stop();
  });

  test('lets nobody but its Lambdas through to the services, and goes on', async () => {
    const stack = await startStack({ env });
    const { AWS_ENDPOINT_URL_DYNAMODB } = await environmentOf(stack);
    const read = new GetItemCommand({ TableName: 'Fixture-Table', Key: { pk: { S: 'any' } } });
    await expect(databaseAt(AWS_ENDPOINT_URL_DYNAMODB, 'Stranger').send(read)).rejects.toThrow('not authorized');
    expect((await fetch(`${stack.issuer}/healthz`)).status).toBe(200);
    await stack.stop();
  });

  test('leaves no process behind when it is told to stop, not even a busy one', async () => {
    const stack = await startStack({ env, dataDir: newFolder() });
    expect((await fetch(`${stack.issuer}/healthz`)).status).toBe(200);
    const hanging = fetch(`${stack.issuer}/hang`).catch(() => 'cut');
    await expect.poll(() => stack.logs(), { timeout: 10_000 }).toContain('hanging');
    const pids = recordedPids(stack.dataDir);
    expect(pids.length).toBeGreaterThanOrEqual(3);
    await stack.stop();
    expect(await hanging).toBe('cut');
    expect(pids.map(startOf)).toEqual(pids.map(() => undefined));
    expect(recordedPids(stack.dataDir)).toEqual([]);
  });

  test('ends its Lambdas at once when it is killed, even busy ones', async () => {
    const stack = await startStack({ env, dataDir: newFolder() });
    expect((await fetch(`${stack.issuer}/healthz`)).status).toBe(200);
    void fetch(`${stack.issuer}/hang`).catch(() => undefined);
    await expect.poll(() => stack.logs(), { timeout: 10_000 }).toContain('hanging');
    const pids = recordedPids(stack.dataDir);
    await stack.kill();
    await expect.poll(() => pids.filter(startOf).length, { timeout: 10_000 }).toBe(1);
    await (await startStack({ env, dataDir: stack.dataDir })).stop();
  });

  test('first ends what a killed run left behind, and nothing else', async () => {
    const first = await startStack({ env, dataDir: newFolder() });
    const pids = recordedPids(first.dataDir);
    await first.kill();
    const left = pids.filter(startOf);
    expect(left.length).toBeGreaterThan(0);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(join(first.dataDir, 'pids', String(stranger.pid)), 'started at another time');
    const second = await startStack({ env, dataDir: first.dataDir });
    expect(left.map(startOf)).toEqual(left.map(() => undefined));
    expect(startOf(stranger.pid ?? 0)).toBeDefined();
    await second.stop();
    stranger.kill();
  });

  test('keeps every acknowledged item and the keys after a kill', async () => {
    const first = await startStack({ env, dataDir: newFolder() });
    const before = await environmentOf(first);
    const database = databaseAt(before.AWS_ENDPOINT_URL_DYNAMODB, 'Environment');
    const item = (pk: string) => ({ TableName: 'Fixture-Table', Item: { pk: { S: pk } } });
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let index = 0; ; index++) {
        await database.send(new PutItemCommand(item(`item-${index}`)));
        acknowledged.push(`item-${index}`);
      }
    })();
    await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(50);
    const pids = recordedPids(first.dataDir);
    await first.kill();
    for (const pid of pids.filter(startOf)) process.kill(pid, 'SIGKILL');
    await expect(writing).rejects.toThrow();

    const second = await startStack({ env, dataDir: first.dataDir });
    const after = await environmentOf(second);
    expect(after.KEY).toBe(before.KEY);
    const again = databaseAt(after.AWS_ENDPOINT_URL_DYNAMODB, 'Environment');
    for (const pk of acknowledged) {
      const found = await again.send(new GetItemCommand({ TableName: 'Fixture-Table', Key: { pk: { S: pk } } }));
      expect(found.Item).toBeDefined();
    }
    await second.stop();
  });

  test('is refused in one sentence while another one uses the folder', async () => {
    const stack = await startStack({ env, dataDir: newFolder() });
    const refused = await run('server.ts', { PORT: '0', DATA_DIR: stack.dataDir });
    expect(refused.code).toBe(1);
    expect(refused.output).toBe(`Another runner uses ${stack.dataDir}: stop it, or set DATA_DIR to another folder.\n`);
    expect((await fetch(`${stack.issuer}/healthz`)).status).toBe(200);
    await stack.stop();
  });

  test('is refused in one sentence when the port is taken', async () => {
    const other = createServer();
    const PORT = String(await listen(other, '127.0.0.1', 0));
    const refused = await run('server.ts', { PORT, DATA_DIR: newFolder() });
    expect(refused.code).toBe(1);
    expect(refused.output).toBe(`Port ${PORT} is in use: stop what uses it, or set PORT to another one (0 for any).\n`);
    other.close();
  });

  test('answers 503 with Retry-After while the stack is made, and never 404', async () => {
    const gate = join(newFolder(), 'open');
    const source = `const { existsSync } = require('node:fs');
      exports.handler = async ({ ResponseURL }) => {
        while (!existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 10));
        await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'SUCCESS', Data: { Value: 'x' } }) });
      };`;
    const slow = writeAssembly(
      { Health: { source: echo, routes: ['$default'] }, Slow: { source, routes: [] } },
      {
        Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Slow', 'Arn'] } } },
        Asking: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::GetAtt': ['Thing', 'Value'] } } },
      },
    );
    const PORT = String(await freePort());
    const starting = startStack({ env: { ...env, ASSEMBLY_DIR: slow, PORT } });
    const statusOf = (path: string) =>
      fetch(`http://localhost:${PORT}${path}`).then(
        ({ status, headers }) => [status, headers.has('retry-after')],
        () => 'not there yet',
      );
    await expect.poll(() => statusOf('/healthz'), { timeout: 10_000 }).toEqual([503, true]);
    for (const path of ['/', '/mcp', '/local/mailbox', '/nowhere']) expect(await statusOf(path)).toEqual([503, true]);
    writeFileSync(gate, '');
    const stack = await starting;
    expect(await statusOf('/healthz')).toEqual([200, false]);
    await stack.stop();
  });

  test('ends with a reason when the server is not healthy', async () => {
    const ill = writeAssembly({ Health: { source: "throw new Error('ill');", routes: ['$default'] } });
    const { code, output } = await run('server.ts', { PORT: '0', DATA_DIR: newFolder(), ASSEMBLY_DIR: ill });
    expect(code).toBe(1);
    expect(output).toContain('ill');
    expect(output).toContain('/healthz answers 500');
  });
});

describe('the services alone', { timeout: 30_000 }, () => {
  test('print their addresses, and a run uses them instead of its own', async () => {
    const file = fileURLToPath(new URL('../../local/services.ts', import.meta.url));
    const services = spawn(process.execPath, [file], { env: { ...process.env, DATA_DIR: newFolder() } });
    const printed: Record<string, string> = {};
    const ended = once(services, 'exit');
    for await (const line of createInterface(services.stdout)) {
      const [name = '', url = ''] = line.split('=');
      printed[name] = url;
      if (Object.keys(printed).length === 4) break;
    }
    const stack = await startStack({ env: { ...env, ...printed } });
    const { AWS_ENDPOINT_URL_DYNAMODB } = await environmentOf(stack);
    const Item = { pk: { S: 'written by a Lambda' } };
    const ofLambda = databaseAt(AWS_ENDPOINT_URL_DYNAMODB, 'Environment');
    await ofLambda.send(new PutItemCommand({ TableName: 'Fixture-Table', Item }));
    expect(existsSync(join(stack.dataDir, 'dynamodb'))).toBe(false);
    const direct = databaseAt(printed.AWS_ENDPOINT_URL_DYNAMODB);
    expect(await direct.send(new GetItemCommand({ TableName: 'Fixture-Table', Key: Item }))).toMatchObject({ Item });
    await stack.stop();
    services.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

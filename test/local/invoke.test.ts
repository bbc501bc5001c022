import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, startStack } from '../support/stack.ts';
import { echo, writeAssembly } from './fixture.ts';

let stack: RunningStack;
let lambda: LambdaClient;

beforeAll(async () => {
  const assembly = writeAssembly({
    Front: { source: echo, routes: ['$default'] },
    Back: { source: 'exports.handler = async (event) => ({ got: event });', routes: [] },
    Throwing: { source: "exports.handler = async () => { throw new RangeError('too far'); };", routes: [] },
    Slow: {
      source: 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));',
      routes: [],
      function: { Timeout: 1 },
    },
  });
  stack = await startStack({ env: { ASSEMBLY_DIR: assembly } });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const endpoint = `${stack.issuer}/local/lambda`;
  lambda = new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  lambda.destroy();
  await stack.stop();
});

async function invoke(FunctionName: string, Payload = '{"a":1}') {
  const { Payload: payload, ...rest } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  return { ...rest, payload: JSON.parse(payload?.transformToString() ?? '') };
}

describe('the Invoke API', () => {
  test.for(['Back', 'arn:aws:lambda:us-east-1:000000000000:function:Back'])(
    'reaches %s without a route',
    async (name) => {
      const { StatusCode, FunctionError, payload } = await invoke(name);
      expect({ StatusCode, FunctionError, payload }).toEqual({ StatusCode: 200, payload: { got: { a: 1 } } });
    },
  );

  test('says in a header that the function failed, and in the payload why', async () => {
    expect(await invoke('Throwing')).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'too far' },
    });
    expect(await invoke('Slow')).toMatchObject({
      FunctionError: 'Unhandled',
      payload: { errorMessage: 'Task timed out after 1.00 seconds' },
    });
  });

  test('knows no other functions', async () => {
    await expect(invoke('Nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('is not for pages in a browser', async () => {
    const url = `${stack.issuer}/local/lambda/2015-03-31/functions/Back/invocations`;
    const headers = { origin: 'https://evil.example' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  });
});

describe('the outputs of the stack', () => {
  test('are an object, with nothing in it where there are none', async () => {
    const response = await fetch(`${stack.issuer}/local/outputs`);
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });
});

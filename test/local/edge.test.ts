import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probe } from '../../lambdas/version-check/probe.ts';
import { readAssembly } from '../../local/assembly.ts';
import { assemblyOf } from '../support/assembly.ts';
import { connect, isAccepted } from '../support/flow.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

let stack: RunningStack;
let lambda: LambdaClient;
beforeAll(async () => {
  stack = await startStackWith({ edge: true });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  lambda = new LambdaClient({ endpoint: `${stack.issuer}/local/lambda`, region: 'us-east-1', credentials });
});
afterAll(async () => {
  lambda?.destroy();
  await stack?.stop();
});

/** The names of the Lambdas that the front door leads to. */
async function endpoints(): Promise<string[]> {
  const { template } = readAssembly(await assemblyOf({ changes: { edge: true } }));
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::Lambda::Function' && JSON.stringify(Properties).includes('"ENDPOINT"') ? id : [],
  );
}

/** What a Lambda answers to an event, asked without the gateway. */
async function answered(FunctionName: string | undefined, event: object) {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  return { FunctionError, ...JSON.parse(Payload?.transformToString() ?? '') };
}

test('a server behind CloudFront runs here at the address of this machine', async () => {
  const metadata = await fetch(`${stack.issuer}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({ issuer: stack.issuer });
  const outputs = await fetch(`${stack.issuer}/local/outputs`);
  expect(await outputs.json()).toMatchObject({ Issuer: stack.issuer, McpUrl: `${stack.issuer}/mcp` });
  const { tokens } = await connect(stack.issuer);
  expect(await isAccepted(stack.issuer, tokens.access_token)).toBe(true);
});

test('every endpoint answers the request by which a new version is tried', async () => {
  const names = await endpoints();
  expect(names).toHaveLength(11);
  for (const name of names) {
    const { FunctionError, statusCode } = await answered(name, probe);
    expect({ name, FunctionError }).toEqual({ name, FunctionError: undefined });
    expect(statusCode).toBeLessThan(500);
  }
});

test('a call that API Gateway leads past /mcp/ is sent to the endpoint, with its method and body', async () => {
  const discovery = (await endpoints()).find((name) => name.startsWith('Discovery'));
  const http = { ...probe.requestContext.http, method: 'POST', path: '/mcp/' };
  const event = { ...probe, rawPath: '/mcp/', requestContext: { ...probe.requestContext, http } };
  const withToken = { ...event, headers: { authorization: 'Bearer x' } };
  expect(await answered(discovery, withToken)).toMatchObject({
    statusCode: 308,
    headers: { location: `${stack.issuer}/mcp` },
  });
  expect(await answered(discovery, event)).toMatchObject({ statusCode: 401 });
});

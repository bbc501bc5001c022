import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { serving } from '../support/loopback-server.ts';

afterEach(() => void vi.unstubAllEnvs());

type Answer = (response: ServerResponse) => unknown;
const ok: Answer = (response) => response.end('{"statusCode":404}');

/** What CloudFormation is told of a check of these versions, where Lambda answers so. */
async function toldOf(answers: Readonly<Record<string, Answer>>): Promise<{ Status: string; Reason?: string }> {
  let told = '';
  const invoked: string[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const [, name] = /functions\/([^/]+)\/invocations/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    if (name === undefined) {
      told = body;
      response.end();
      return;
    }
    invoked.push(name);
    answers[name]?.(response);
  };
  const url = await serving(listener);
  const env = {
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('../../lambdas/version-check/handler.ts');
  const Versions = Object.keys(answers);
  const ids = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l' };
  await handler({ ...ids, RequestType: 'Update', ResponseURL: `${url}/told`, ResourceProperties: { Versions } });
  expect(Versions.slice(0, invoked.length)).toEqual(invoked);
  return JSON.parse(told);
}

test('versions that all answer are told to be well', async () => {
  expect(await toldOf({ one: ok, two: ok })).toMatchObject({ Status: 'SUCCESS' });
});

test.for<[string, Answer, string]>([
  [
    'does not load',
    (response) => {
      response.setHeader('x-amz-function-error', 'Unhandled');
      response.end('{"errorMessage":"The environment variable ISSUER is not set"}');
    },
    'two does not work: The environment variable ISSUER is not set',
  ],
  ['answers with 500', (response) => response.end('{"statusCode":500}'), 'two answers a request with 500'],
  ['answers with nothing', (response) => response.end('null'), 'two answers a request with nothing'],
])('one that %s ends the deployment, and is named', async ([, answer, Reason]) => {
  expect(await toldOf({ one: ok, two: answer, three: ok })).toMatchObject({ Status: 'FAILED', Reason });
});

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, askModern, resultOf } from '../support/mcp.ts';
import { connected } from '../support/people.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let stack: RunningStack;
let url: URL;
let requestInit: { readonly headers: Record<string, string> };
let token: string;

beforeAll(async () => {
  stack = await startStackWithTools();
  ({ token } = await connected(stack.issuer));
  url = new URL(stack.mcpUrl);
  requestInit = { headers: { authorization: `Bearer ${token}` } };
});
afterAll(() => stack?.stop());

const call = { name: 'note_stepwise', arguments: {} };

/** Asks in either form, with what the request says of itself. */
const eras = [
  ['the 2025 revisions', (_meta: object) => ask(stack.issuer, token, 'tools/call', { ...call, _meta })],
  ['revision 2026-07-28', (meta: object) => askModern(stack.issuer, token, 'tools/call', call, { meta })],
] as const;

const steps = [1, 2, 3].map((progress) => ({ progress, total: 3, message: `Step ${progress}` }));

describe.for(eras)('how far a call is, in %s', ([, ask]) => {
  test.for(['of mine', 7, 0])('is told before the result to who asked under the token %j', async (progressToken) => {
    const answer = await ask({ progressToken });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.notifications.map(({ method, params }) => [method, params])).toEqual(
      steps.map((step) => ['notifications/progress', { progressToken, ...step }]),
    );
    expect(resultOf(answer).structuredContent).toEqual({ noted: 3 });
  });

  test('is told to nobody who did not ask', async () => {
    const answer = await ask({});
    expect(answer.notifications).toEqual([]);
    expect(resultOf(answer).structuredContent).toEqual({ noted: 3 });
  });

  test('comes with the files that the tool adds, beside its output', async () => {
    expect(resultOf(await ask({})).content).toEqual([
      { type: 'text', text: '{"noted":3}' },
      { type: 'resource', resource: { uri: 'notes://steps.csv', mimeType: 'text/csv', text: 'step\n1\n2\n3\n' } },
    ]);
  });
});

describe('the SDKs’ own clients', () => {
  test('hear how far a call is: version 2', async () => {
    const client = new Client(
      { name: 'vestibule-tests', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    const heard: unknown[] = [];
    await client.callTool(call, { onprogress: (step) => void heard.push(step) });
    await client.close();
    expect(heard).toEqual(steps);
  });

  test('hear how far a call is: version 1', async () => {
    const client = new Client1({ name: 'vestibule-tests', version: '1' });
    await client.connect(new Transport1(url, { requestInit }));
    const heard: unknown[] = [];
    await client.callTool(call, undefined, { onprogress: (step) => void heard.push(step) });
    await client.close();
    expect(heard).toEqual(steps);
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { connect, newSourceIp, postMcp, refresh, requestTokens, type Tokens } from '../support/flow.ts';
import { callTool, newTodo } from '../support/mcp.ts';
import { counted, metricLines, metricsIn } from '../support/metrics.ts';
import { later, newRedemption, redeem, redeemed } from '../support/redemption.ts';
import { revoke } from '../support/revoke.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let issuer: string;
let tokens: Tokens;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStack({ env: aws.env });
  issuer = stack.issuer;
  const metrics = await during(async () => {
    ({ tokens } = await connect(issuer, { byPages: true }));
  });
  await vi.waitUntil(() => metrics().includes('Grants'));
});
afterAll(async () => {
  await stack.stop();
  await aws.stop();
});

const during = (work: () => Promise<unknown>) => counted(stack, work);
const call = (name: string, args: object = {}, token = tokens.access_token) => callTool(issuer, token, name, args);

describe('what a request leaves in the log, Embedded Metric Format', () => {
  test('is one whole line that CloudWatch finds metrics in, and nothing of Lambda’s own around it', async () => {
    const before = stack.logs().length;
    await fetch(`${issuer}/healthz`);
    const lines = () => metricLines(stack.logs().slice(before));
    await expect.poll(lines).toHaveLength(1);
    expect(JSON.parse(lines()[0] ?? '')).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Vestibule',
            Dimensions: [['service', 'endpoint', 'status']],
            Metrics: [{ Name: 'Requests', Unit: 'Count' }],
          },
        ],
      },
      service: 'Vestibule',
      endpoint: 'discovery',
      status: '2xx',
      Requests: 1,
      request: expect.any(String),
      method: 'GET',
      path: '/healthz',
    });
  });

  test('is one line, whatever is counted of it, where it went well', async () => {
    const before = stack.logs().length;
    await call('list_todos');
    const lines = () =>
      stack
        .logs()
        .slice(before)
        .match(/^Mcp │ .*$/gm) ?? [];
    await expect.poll(lines).toHaveLength(1);
    expect(metricsIn(metricLines(lines()[0] ?? '')[0] ?? '').map(({ name }) => name)).toEqual([
      'Requests',
      'ToolCalls',
    ]);
  });

  test.for<[string, () => Promise<unknown>, string]>([
    ['an answer', () => fetch(`${issuer}/`), 'Requests endpoint=discovery status=2xx'],
    ['a refusal', () => fetch(`${issuer}/nowhere`), 'Requests endpoint=discovery status=4xx'],
    ['a page', () => fetch(`${issuer}/authorize`), 'Requests endpoint=authorize status=4xx'],
    ['no token', () => fetch(`${issuer}/mcp`, { method: 'POST' }), 'Requests endpoint=mcp status=4xx'],
    ['no form', () => fetch(`${issuer}/token`, { method: 'POST' }), 'Requests endpoint=token status=4xx'],
  ])('counts it by endpoint and status: %s', async ([, work, metric]) => {
    await expect.poll(await during(work)).toEqual([metric]);
  });

  test('counts a failure of ours as such', async () => {
    aws.spoil('BatchGetItem', 'broken');
    await expect.poll(await during(() => refresh(issuer, 'x', 'x'))).toEqual(['Requests endpoint=token status=5xx']);
    aws.heal();
  });

  test('counts those who are refused for asking too often apart from other refusals', async () => {
    const headers = newSourceIp();
    const madeUp = { grant_type: 'authorization_code', client_id: 'x', code: 'x' };
    const { client } = await newRedemption(issuer);
    const ask = () => requestTokens(issuer, { ...madeUp, client_id: client.client_id }, headers);
    const askTooOften = async () => {
      while ((await ask()).status !== 429);
    };
    await expect.poll(await during(askTooOften)).toContain('Requests endpoint=token status=429');
    await expect.poll(await during(ask)).toEqual(['Requests endpoint=token status=429']);
  });
});

describe('what is counted beside requests', () => {
  test('a sign-in and a grant', async () => {
    const metrics = await during(() => connect(issuer, { byPages: true }));
    const others = () => metrics().filter((metric) => !metric.startsWith('Requests'));
    await expect.poll(others).toEqual(['Grants', 'SignIns']);
  });

  test('a refresh token that turns up long after it was spent, and none that is repeated at once', async () => {
    const redemption = await newRedemption(issuer);
    const { refresh_token } = await redeemed(issuer, redemption);
    const spend = (seconds: number) =>
      requestTokens(
        issuer,
        { grant_type: 'refresh_token', client_id: redemption.client.client_id, refresh_token },
        later(seconds),
      );
    await spend(0);
    await expect.poll(await during(() => spend(1))).toEqual(['Requests endpoint=token status=2xx']);
    await expect.poll(await during(() => spend(600))).toEqual(['RefreshThefts', 'Requests endpoint=token status=4xx']);
  });

  test.for<[string, string, object, string, string]>([
    ['a tool that ran', 'list_todos', {}, 'tool=list_todos outcome=allowed', '2xx'],
    ['a tool that refused', 'get_todo', { id: 'none' }, 'tool=get_todo outcome=failed', '2xx'],
    ['a tool that there is not, without its name', 'mine-all-mine', {}, 'tool=none outcome=failed', '2xx'],
    ['a tool that was not reached', 'create_todo', { title: 7 }, 'tool=create_todo outcome=failed', '2xx'],
  ])('%s', async ([, name, args, metric, status]) => {
    await expect
      .poll(await during(() => call(name, args)))
      .toEqual([`Requests endpoint=mcp status=${status}`, `ToolCalls ${metric}`]);
  });

  test('a tool that the token may not use', async () => {
    const { tokens: reading } = await connect(issuer, { scopes: ['todos:read'] });
    await expect
      .poll(await during(() => call('create_todo', { title: 'x' }, reading.access_token)))
      .toEqual(['Requests endpoint=mcp status=4xx', 'ToolCalls tool=create_todo outcome=denied']);
  });

  test('nothing of a message that calls no tool', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    await expect
      .poll(await during(() => postMcp(issuer, tokens.access_token, ping)))
      .toEqual(['Requests endpoint=mcp status=2xx']);
  });
});

describe('what cannot be recorded is counted, and does not happen', () => {
  test('a tool call that writes', async () => {
    aws.spoil('TransactWriteItems', 'throttled');
    await expect
      .poll(await during(() => call('create_todo', { title: 'x' })))
      .toEqual(['AuditFailures', 'Requests endpoint=mcp status=5xx']);
    aws.heal();
    await newTodo(issuer, tokens.access_token);
  });

  test('a tool call that reads', async () => {
    aws.spoil('PutItem', 'broken');
    await expect
      .poll(await during(() => call('list_todos')))
      .toEqual(['AuditFailures', 'Requests endpoint=mcp status=5xx']);
    aws.heal();
  });

  const refused = (clientId: string, token: string) => revoke(issuer, clientId, token).catch((error: Error) => error);

  test('a grant, and its revocation', async () => {
    const redemption = await newRedemption(issuer);
    aws.spoil('TransactWriteItems', 'throttled');
    await expect
      .poll(await during(() => redeem(issuer, redemption)))
      .toEqual(['AuditFailures', 'Requests endpoint=token status=5xx']);
    aws.heal();
    const { refresh_token } = await redeemed(issuer, redemption);
    aws.spoil('TransactWriteItems', 'throttled');
    await expect
      .poll(await during(() => refused(redemption.client.client_id, refresh_token)))
      .toEqual(['AuditFailures', 'Requests endpoint=revoke status=5xx']);
    aws.heal();
  });
});

test('no dimension takes a value that a client chose', () => {
  const metrics = metricLines(stack.logs()).flatMap(metricsIn);
  expect(metrics.length).toBeGreaterThan(50);
  const values = new Set(metrics.flatMap(({ dimensions }) => Object.values(dimensions)));
  expect([...values].filter((value) => !/^(Vestibule|[a-z_]{3,20}|[2345]xx|429)$/.test(value))).toEqual([]);
  expect(values).not.toContain('mine-all-mine');
});

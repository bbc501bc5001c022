import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, heading, hiddenFields } from '../support/browser.ts';
import { authorizePath, newAddress, newPkce, newSourceIp, register } from '../support/flow.ts';
import { counted } from '../support/metrics.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const ses = createServer((socket) => socket.destroy());
let stack: RunningStack;

beforeAll(async () => {
  ses.listen(0, '127.0.0.1');
  await once(ses, 'listening');
  const address = ses.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  stack = await startStack({ env: { AWS_ENDPOINT_URL_SESV2: `http://127.0.0.1:${port}` } });
});

afterAll(async () => {
  await stack?.stop();
  ses.close();
});

test('says that the mail could not be sent, and when to try again, when SES is out of reach', async () => {
  const { client_id } = await register(stack.issuer);
  const browser = new Browser(stack.issuer, newSourceIp());
  const first = await browser.open(authorizePath(client_id, newPkce().challenge));
  const post = () => browser.post('/authorize/email', { ...hiddenFields(first), email: newAddress() });
  const page = await post();
  expect([page.status, heading(page)]).toEqual([503, 'Something went wrong']);
  expect(page.headers.get('retry-after')).toBe('60');
  expect(page.html).toContain('The mail could not be sent.');
  const metrics = ['MailFailures', 'Requests endpoint=authorize status=5xx'];
  await expect.poll(await counted(stack, post)).toEqual(metrics);
});

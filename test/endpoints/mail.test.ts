import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heading } from '../support/browser.ts';
import { beginSignIn, newAddress } from '../support/flow.ts';
import { counted } from '../support/metrics.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

/** What SES was sent, and whether it is out of reach. */
const sent: unknown[] = [];
let isOut = false;
const ses = createServer(async (request, response) => {
  if (isOut) return void request.socket.destroy();
  sent.push(await json(request));
  response.setHeader('content-type', 'application/json').end('{"MessageId":"1"}');
});
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

async function asking(email: string) {
  const { browser, fields } = await beginSignIn(stack.issuer);
  return () => browser.post('/authorize/email', { ...fields, email });
}

test('SES gets one recipient, text and HTML, the configuration set, and that a machine made it, RFC 3834 §5', async () => {
  const email = newAddress();
  expect((await (await asking(email))()).status).toBe(200);
  const [mail, ...others] = sent;
  expect(others).toEqual([]);
  expect(mail).toEqual({
    FromEmailAddress: '"Vestibule" <sign-in@vestibule.example>',
    Destination: { ToAddresses: [email] },
    ConfigurationSetName: expect.stringMatching(/^Vestibule-SenderConfigurationSet/),
    Content: {
      Simple: {
        Subject: { Data: expect.stringMatching(/^[A-Z2-9]{4}-[A-Z2-9]{4} /), Charset: 'UTF-8' },
        Body: {
          Text: { Data: expect.stringContaining(email), Charset: 'UTF-8' },
          Html: { Data: expect.stringContaining('<!doctype html>'), Charset: 'UTF-8' },
        },
        Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
      },
    },
  });
});

test('a person is told that the mail could not be sent, and when to try again, when SES is out of reach', async () => {
  isOut = true;
  const post = await asking(newAddress());
  const page = await post();
  expect([page.status, heading(page)]).toEqual([503, 'Something went wrong']);
  expect(page.headers.get('retry-after')).toBe('60');
  expect(page.html).toContain('The mail could not be sent.');
  const metrics = ['MailFailures', 'Requests endpoint=authorize status=5xx'];
  await expect.poll(await counted(stack, post)).toEqual(metrics);
});

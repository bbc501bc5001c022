import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../local/http.ts';
import { send as sendRaw } from '../support/browser.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { echo, writeAssembly } from './fixture.ts';

/** Sends the mail that the body of the request describes, with no SDK in between. */
const sender = `
exports.handler = async ({ body }) => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/';
  const headers = { 'content-type': 'application/json', authorization };
  const response = await fetch(process.env.AWS_ENDPOINT_URL_SESV2 + '/v2/email/outbound-emails', { method: 'POST', headers, body });
  return { statusCode: response.status };
};
`;

type Mail = { id: string; to: string; subject: string; text: string; html: string; sentAt: string };

const assembly = writeAssembly({
  Health: { source: echo, routes: ['$default'] },
  Sender: { source: sender, routes: ['POST /send'] },
});
let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack({ env: { ASSEMBLY_DIR: assembly, AWS_ENDPOINT_URL_SESV2: undefined } });
});
afterAll(() => stack?.stop());

async function send(to: string, subject: string): Promise<void> {
  const Body = { Text: { Data: `Text for ${to}` }, Html: { Data: '<b>Html</b>' } };
  const content = { Simple: { Subject: { Data: subject }, Body } };
  const mail = { FromEmailAddress: 'from@example.com', Destination: { ToAddresses: [to] }, Content: content };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${stack.issuer}/send`, { method: 'POST', headers, body: JSON.stringify(mail) });
  expect(response.status).toBe(200);
}

async function mails(query = ''): Promise<Mail[]> {
  const response = await fetch(`${stack.issuer}/local/mailbox${query}`, { headers: { accept: 'application/json' } });
  return (await response.json()) as Mail[];
}

describe('the mailbox', () => {
  test.for([
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example:80', 421],
    ['192.168.1.7', 421],
    ['localhost', 200],
    ['app.localhost:3000', 200],
    ['127.0.0.1:3000', 200],
    ['[::1]:3000', 200],
  ] as const)('is for this machine alone: a request for %s gets %i, RFC 9110 §7.4', async ([host, status]) => {
    expect((await sendRaw(stack.issuer, { path: '/local/mailbox', headers: { host } })).status).toBe(status);
    expect((await sendRaw(stack.issuer, { path: '/local/outputs', headers: { host } })).status).toBe(status);
  });

  test('lists mail as JSON, newest first, and one recipient alone if asked to', async () => {
    expect(await mails()).toEqual([]);
    await send('ada@example.com', 'ABCD-EFGH is your code');
    await send('bob@example.com', '<script>alert("&\'")</script>');
    const all = await mails();
    expect(all.map(({ to }) => to)).toEqual(['bob@example.com', 'ada@example.com']);
    const [mail] = await mails('?to=Ada%40example.com');
    expect(mail).toEqual({
      id: expect.any(String),
      to: 'ada@example.com',
      subject: 'ABCD-EFGH is your code',
      text: 'Text for ada@example.com',
      html: '<b>Html</b>',
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(await mails('?to=nobody@example.com')).toEqual([]);
  });

  test('shows a page to a browser, with nothing of a mail as markup', async () => {
    const response = await fetch(`${stack.issuer}/local/mailbox`, { headers: { accept: 'text/html,*/*' } });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    expect(page).toContain('ABCD-EFGH is your code');
    expect(page).not.toContain('<script');
    expect(page).toContain('&#60;script&#62;alert(&#34;&#38;&#39;&#34;)');
    expect(page.indexOf('bob@example.com')).toBeLessThan(page.indexOf('ada@example.com'));
  });

  test('says so when a mail service of its own does not show its mail', async () => {
    const other: Server = createServer((_, response) => response.writeHead(404).end());
    const url = `http://127.0.0.1:${await listen(other, '127.0.0.1', 0)}`;
    const second = await startStack({ env: { ASSEMBLY_DIR: assembly, AWS_ENDPOINT_URL_SESV2: url } });
    const response = await fetch(`${second.issuer}/local/mailbox`, { headers: { accept: 'application/json' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: `The mail service at ${url} does not show its mail` });
    await second.stop();
    other.close();
  });
});

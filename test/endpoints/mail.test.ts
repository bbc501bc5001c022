import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heading, type Page } from '../support/browser.ts';
import { approve, beginSignIn, newAddress } from '../support/flow.ts';
import { counted } from '../support/metrics.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

type Sent = {
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly Content: { readonly Simple: { readonly Subject: { readonly Data: string } } };
};

/** What SES was sent, whether it is out of reach, and whom it takes no mail for. */
const sent: Sent[] = [];
let isOut = false;
let isSilent = false;
let refused = '';
const ses = createServer(async (request, response) => {
  if (isOut) return void request.socket.destroy();
  if (isSilent) return;
  const mail = (await json(request)) as Sent;
  sent.push(mail);
  if (mail.Destination.ToAddresses.includes(refused)) {
    const message = `Email address is not verified. The following identities failed the check in region US-EAST-1: ${refused}`;
    response.writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'MessageRejected' });
    return void response.end(JSON.stringify({ message }));
  }
  response.setHeader('content-type', 'application/json').end('{"MessageId":"1"}');
});
let stack: RunningStack;

beforeAll(async () => {
  ses.listen(0, '127.0.0.1');
  await once(ses, 'listening');
  const address = ses.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const signIn = { allowedDomains: ['example.com'], passkeys: false };
  stack = await startStackWith({ signIn }, { env: { AWS_ENDPOINT_URL_SESV2: `http://127.0.0.1:${port}` } });
});

afterAll(async () => {
  await stack?.stop();
  ses.close();
});

async function asking(email: string) {
  const { browser, fields } = await beginSignIn(stack.issuer);
  return () => browser.post('/authorize/email', { ...fields, email });
}

test('SES gets one recipient, text and HTML, the configuration set, where it was asked for, and that a machine made it, RFC 3834 §5', async () => {
  const email = newAddress();
  const askedFrom = '2001:db8::25';
  const { browser, fields } = await beginSignIn(stack.issuer);
  const page = await browser.post('/authorize/email', { ...fields, email }, { 'x-local-source-ip': askedFrom });
  expect(page.status).toBe(200);
  const [mail, ...others] = sent;
  expect(others).toEqual([]);
  expect(mail).toEqual({
    FromEmailAddress: '"Vestibule" <sign-in@vestibule.example>',
    Destination: { ToAddresses: [email] },
    ConfigurationSetName: expect.stringMatching(/^Vestibule-SenderConfigurationSet/),
    EmailTags: [{ Name: 'asked-from', Value: Buffer.from(askedFrom).toString('base64url') }],
    Content: {
      Simple: {
        Subject: { Data: expect.stringMatching(/^[A-Z2-9]{4}-[A-Z2-9]{4} /), Charset: 'UTF-8' },
        Body: {
          Text: { Data: expect.stringContaining(email.replace(/[.@]/g, '$&\u2060')), Charset: 'UTF-8' },
          Html: { Data: expect.stringContaining('<!doctype html>'), Charset: 'UTF-8' },
        },
        Headers: [
          { Name: 'Auto-Submitted', Value: 'auto-generated' },
          { Name: 'Content-Language', Value: 'en' },
        ],
      },
    },
  });
});

/** What a page shows, but for what each of them has of its own. */
function words({ status, html }: Page): unknown {
  return [status, html.replaceAll(/value="[^"]*"|<bdi>[^<]*/g, '')];
}

test('an address to which no mail may go is not told by SES being asked for less, or failing', async () => {
  sent.length = 0;
  const [allowed, other] = [newAddress(), newAddress().replace('example.com', 'example.org')];
  const pages = [await (await asking(allowed))(), await (await asking(other))()];
  expect(words(pages[1] as Page)).toEqual(words(pages[0] as Page));
  expect(sent.map(({ Destination }) => Destination.ToAddresses)).toEqual([
    [allowed],
    ['success@simulator.amazonses.com'],
  ]);
  expect(JSON.stringify(sent[1])).not.toContain(other);
  isOut = true;
  const failures = [await (await asking(allowed))(), await (await asking(other))()];
  isOut = false;
  expect(failures.map(({ status }) => status)).toEqual([503, 503]);
  expect(words(failures[1] as Page)).toEqual(words(failures[0] as Page));
});

test('an address that SES takes no mail for is not told either, and stands in no log', async () => {
  refused = newAddress().replace('person-', "o'person=");
  const page = await (await asking(refused))();
  const other = await (await asking(newAddress()))();
  expect(words(page)).toEqual(words(other));
  expect(page.html).toContain('can sign in here');
  await expect.poll(stack.logs).toContain('MessageRejected');
  const [local = ''] = refused.split('@');
  expect(stack.logs()).not.toContain(local.slice(2));
  refused = '';
});

test.for(['is out of reach', 'says nothing'])('an approval goes on at once when SES %s', async (how) => {
  const address = newAddress();
  const { browser, fields } = await beginSignIn(stack.issuer);
  await browser.post('/authorize/email', { ...fields, email: address });
  const [code = ''] = sent.at(-1)?.Content.Simple.Subject.Data.split(' ') ?? [];
  const page = await browser.post('/authorize/code', { ...fields, code });
  isOut = how === 'is out of reach';
  isSilent = !isOut;
  const redirect = await approve(browser, { page, fields });
  isOut = false;
  isSilent = false;
  expect(redirect.searchParams.has('code')).toBe(true);
});

test('a person is told that the mail could not be sent, and when to try again, when SES is out of reach', async () => {
  isOut = true;
  const post = await asking(newAddress());
  const page = await post();
  expect([page.status, heading(page)]).toEqual([503, 'We couldn’t send your email']);
  expect(page.headers.get('retry-after')).toBe('60');
  expect(page.html).toContain('We couldn’t send your email');
  const metrics = ['MailFailures', 'Requests endpoint=authorize status=5xx'];
  await expect.poll(await counted(stack, post)).toEqual(metrics);
});

test('where passkeys are turned off, the page asks for an address alone, and nothing else is answered', async () => {
  const { browser, page, fields } = await beginSignIn(stack.issuer);
  expect(page.html).not.toContain('passkey');
  isOut = false;
  const email = newAddress();
  await browser.post('/authorize/email', { ...fields, email });
  const mail = sent.find(({ Destination }) => Destination.ToAddresses.includes(email));
  const code = mail?.Content.Simple.Subject.Data.split(' ')[0] ?? '';
  const consent = await browser.post('/authorize/code', { ...fields, code });
  expect(consent.html).toContain('value="approve"');
  expect(consent.html).not.toContain('data-offer');
  const answers = [
    await browser.open('/account/passkeys'),
    await browser.post('/account/passkeys', fields),
    await browser.post('/authorize/passkey', { ...fields, passkey: '{}' }),
  ];
  expect(answers.map((answer) => [answer.status, heading(answer)])).toEqual(
    Array(3).fill([404, 'Passkeys are turned off']),
  );
});

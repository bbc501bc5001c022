import { describe, expect, inject, test } from 'vitest';
import { Browser, hiddenFields, type Page } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  connect,
  type Mail,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';

const issuer = inject('issuer');

/** The mails to an address that carry no code, the oldest first. */
async function noticesTo(address: string): Promise<readonly Mail[]> {
  const mails = await mailsTo(issuer, address);
  return mails.filter(({ subject }) => !/^[A-Z2-9]{4}-[A-Z2-9]{4} /.test(subject)).toReversed();
}

const subjects = async (address: string) => (await noticesTo(address)).map(({ subject }) => subject);

/** What is told. An answer does not wait long for its notice to be sent. */
const told = (address: string) => expect.poll(() => subjects(address));

async function visit(browser: Browser, request: Record<string, string> = {}): Promise<Page> {
  const { client_id } = await register(issuer);
  return browser.open(authorizePath(client_id, newPkce().challenge, request));
}

describe('a new connection', () => {
  test('is told to its person, once for each client', async () => {
    const address = newAddress();
    await connect(issuer, { address, isOwnClient: true, byPages: true });
    await told(address).toEqual([expect.stringMatching(/^New connection to /)]);
    const { browser, page, clientId } = await beginSignIn(issuer);
    await approve(browser, await reachConsent(issuer, browser, page, address));
    await told(address).toHaveLength(3);
    const again = await browser.open(authorizePath(clientId, newPkce().challenge));
    await approve(browser, { page: again, fields: hiddenFields(again) });
    expect(await subjects(address)).toHaveLength(3);
  });

  test('that is denied is none', async () => {
    const address = newAddress();
    const { browser, page } = await beginSignIn(issuer);
    const { fields } = await reachConsent(issuer, browser, page, address);
    await browser.post('/authorize/consent', { ...fields, decision: 'deny' });
    expect(await subjects(address)).toEqual([]);
  });

  test('is told in plain words, with nothing to click and nothing that the client says of itself', async () => {
    const address = newAddress();
    const redirect_uri = 'https://client.example/callback';
    const metadata = { redirect_uris: [redirect_uri], client_name: 'Call 555 now' };
    const { browser, page } = await beginSignIn(issuer, { metadata, request: { redirect_uri } });
    await approve(browser, await reachConsent(issuer, browser, page, address), ['todos:read']);
    await told(address).toHaveLength(1);
    const [notice] = await noticesTo(address);
    for (const body of [notice?.text ?? '', notice?.html.replace(/<(style|title)>.*?<\/\1>/gs, '') ?? '']) {
      expect(body.replaceAll('\u2060', '')).toContain('You connected client.example to');
      expect(body).toContain('See your to-dos');
      expect(body).not.toMatch(/href|https?:|www\.|Call 555/);
      expect(body.replace(/style="[^"]*"/g, '')).not.toMatch(/[a-z0-9-][.@][a-z0-9]/i);
    }
  });

  test('is told no oftener than a mailbox bears, and goes on all the same', async () => {
    const address = newAddress();
    const { browser, page } = await beginSignIn(issuer);
    await approve(browser, await reachConsent(issuer, browser, page, address));
    for (let time = 0; time < 7; time += 1) {
      const next = await visit(browser);
      expect((await approve(browser, { page: next, fields: hiddenFields(next) })).searchParams.has('code')).toBe(true);
    }
    await told(address).toHaveLength(5);
  });
});

describe('a sign-in', () => {
  const signIn = async (browser: Browser, address: string) =>
    reachConsent(issuer, browser, await visit(browser, { prompt: 'login' }), address);

  test('from a browser that was not seen before is told, and from one that was seen is not, after a sign-out too', async () => {
    const [address, first, second] = [
      newAddress(),
      new Browser(issuer, newSourceIp()),
      new Browser(issuer, newSourceIp()),
    ];
    const { fields } = await signIn(first, address);
    expect(await subjects(address)).toEqual([]);
    await first.post('/authorize/sign-out', fields);
    await signIn(first, address);
    expect(await subjects(address)).toEqual([]);
    await signIn(second, address);
    await signIn(second, newAddress());
    await told(address).toEqual([expect.stringMatching(/^New sign-in to /)]);
    await signIn(second, address);
    expect(await subjects(address)).toHaveLength(1);
  });
});

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAssembly } from '../../local/assembly.ts';
import { assemblyOf } from '../support/assembly.ts';
import { Browser, heading, hiddenFields, type Page } from '../support/browser.ts';
import { authorizePath, mailsTo, newAddress, newPkce, newSourceIp, reachConsent, register } from '../support/flow.ts';
import { tableOf } from '../support/items.ts';
import { counted } from '../support/metrics.ts';
import { Operator } from '../support/operator.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

type Headers = Record<string, string>;

const DAY = 86_400;
const contact = 'help@vestibule.example';
let stack: RunningStack;
let issuer: string;
let operator: Operator;
let lambda: LambdaClient;
let bounces: string;
let clientId: string;

/** Each test has days of its own, as the budget is one for all. */
let days = 0;

beforeAll(async () => {
  const changes = {
    limits: { mailsToStrangers: { hour: 8, day: 14 }, mailsToStrangersPerNetwork: { day: 5 } },
    contact,
  };
  stack = await startStackWith(changes);
  issuer = stack.issuer;
  operator = new Operator(tableOf(issuer));
  const { template } = readAssembly(await assemblyOf({ changes }));
  const ids = Object.entries(template.Resources).flatMap(([id, { Type }]) =>
    Type === 'AWS::Lambda::Function' ? id : [],
  );
  bounces = ids.find((id) => id.startsWith('Bounces')) ?? '';
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  lambda = new LambdaClient({ endpoint: `${issuer}/local/lambda`, region: 'us-east-1', credentials });
  clientId = (await register(issuer)).client_id;
});
beforeEach(() => {
  days += 4;
});
afterAll(async () => {
  lambda?.destroy();
  await stack?.stop();
});

const midnight = () => (Math.floor(Date.now() / 1_000 / DAY) + 1 + days) * DAY;

/** Shifts the server's clock to so many seconds after midnight, on the first day of the test. */
function at(seconds: number): Headers {
  return { 'x-local-clock-offset': String(midnight() + seconds - Math.floor(Date.now() / 1_000)) };
}

type Asking = { readonly ip?: Headers; readonly seconds?: number };

/** Asks for a code in a new browser: the page, and how many mails that brought. */
async function ask(address: string, { ip = newSourceIp(), seconds = 1 }: Asking = {}) {
  const browser = new Browser(issuer, { ...ip, ...at(seconds) });
  const fields = hiddenFields(await browser.open(authorizePath(clientId, newPkce().challenge)));
  const before = (await mailsTo(issuer, address)).length;
  const page: Page = await browser.post('/authorize/email', { ...fields, email: address });
  return { page, mails: (await mailsTo(issuer, address)).length - before };
}

/** How many of so many new people get a mail. */
async function newcomers(count: number, asking: Asking = {}): Promise<number> {
  let mails = 0;
  for (let person = 0; person < count; person += 1) {
    const asked = await ask(newAddress(), asking);
    expect([asked.page.status, heading(asked.page)]).toEqual([200, 'Check your email']);
    mails += asked.mails;
  }
  return mails;
}

/** Somebody who signed in before the days of the test. */
async function somebodyKnown(): Promise<string> {
  const address = newAddress();
  const browser = new Browser(issuer, { ...newSourceIp(), ...at(-2 * DAY) });
  await reachConsent(issuer, browser, await browser.open(authorizePath(clientId, newPkce().challenge)), address);
  return address;
}

type Returned = { readonly address?: string; readonly askedFrom?: string };

/** Has something come back of a mail, so many seconds after midnight, that was asked for from somewhere. */
async function comesBack(
  kind: 'bounce' | 'complaint',
  seconds: number,
  { address = newAddress(), askedFrom = newSourceIp()['x-local-source-ip'] ?? '' }: Returned = {},
): Promise<void> {
  const time = new Date((midnight() + seconds) * 1_000).toISOString();
  const detail =
    kind === 'bounce'
      ? { eventType: 'Bounce', bounce: { bounceType: 'Permanent' } }
      : { eventType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } };
  const tags = { 'asked-from': [Buffer.from(askedFrom).toString('base64url')] };
  const event = { time, detail: { ...detail, mail: { destination: [address], tags } } };
  const { FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: bounces, Payload: JSON.stringify(event) }),
  );
  expect(FunctionError).toBeUndefined();
}

describe('mail to people who have never signed in', () => {
  test('has one budget for all of them, an hour and a day, from however many networks', async () => {
    expect(await newcomers(10)).toBe(8);
    expect(await newcomers(8, { seconds: 3_600 })).toBe(6);
    expect(await newcomers(2, { seconds: 3_600 * 2 })).toBe(0);
    expect(await newcomers(1, { seconds: DAY })).toBe(1);
  });

  test('that is not sent counts for nothing, and leaves a page with the same words', async () => {
    const words = ({ page }: Awaited<ReturnType<typeof ask>>, address: string) =>
      page.html.replaceAll(address, '').replaceAll(/value="[^"]*"/g, '');
    const [first, last] = [newAddress(), newAddress()];
    const sent = await ask(first);
    await newcomers(9);
    const unsent = await ask(last);
    expect([sent.mails, unsent.mails]).toEqual([1, 0]);
    expect(words(unsent, last)).toBe(words(sent, first));
    expect((await ask(last, { seconds: 3_600 })).mails).toBe(1);
  });

  test('is counted where it is not sent, and the alarm hears of it', async () => {
    await newcomers(8);
    const metrics = await counted(stack, () => ask(newAddress()));
    await expect.poll(metrics).toContain('MailsHeldBack');
  });

  test('leaves somebody known theirs, and whoever the operator has entered', async () => {
    const [known, entered] = [await somebodyKnown(), newAddress()];
    await operator.enterAddress(entered, await operator.newTenant());
    expect(await newcomers(9)).toBe(8);
    expect((await ask(known)).mails).toBe(1);
    expect((await ask(entered)).mails).toBe(1);
    expect((await ask(newAddress())).mails).toBe(0);
  });

  test('keeps half for networks that have brought few, so that one network cannot use up all', async () => {
    const ip = newSourceIp();
    expect(await newcomers(8, { ip })).toBe(4);
    expect(await newcomers(5)).toBe(4);
  });

  test('has a limit of its own for a network', async () => {
    const ip = newSourceIp();
    expect(await newcomers(3, { ip })).toBe(3);
    expect(await newcomers(2, { ip, seconds: 3_600 })).toBe(2);
    expect(await newcomers(1, { ip, seconds: 7_200 })).toBe(0);
    expect(await newcomers(1, { seconds: 7_200 })).toBe(1);
  });
});

describe('what comes back of mail', () => {
  test('takes from the budget of that day, a bounce a little and a complaint more', async () => {
    await comesBack('bounce', 1);
    expect(await newcomers(9)).toBe(7);
    await comesBack('complaint', 3_600);
    expect(await newcomers(6, { seconds: 3_600 })).toBe(4);
  });

  test('takes from the next day too, up to a half', async () => {
    for (let times = 0; times < 9; times += 1) await comesBack('bounce', 1);
    expect(await newcomers(2)).toBe(0);
    expect(await newcomers(9, { seconds: DAY })).toBe(7);
    expect(await newcomers(9, { seconds: 2 * DAY })).toBe(8);
  });

  test('takes once, however often it is told', async () => {
    const address = newAddress();
    for (let times = 0; times < 3; times += 1) await comesBack('bounce', 1, { address });
    expect(await newcomers(9)).toBe(7);
  });

  test.for([
    ['192.0.2.77', '192.0.2.77'],
    ['2001:db8:77:1::1', '2001:db8:77:2::1'],
  ])('takes no more than a tenth from all for one network: %s', async ([first, then]) => {
    for (let times = 0; times < 9; times += 1)
      await comesBack('bounce', 1, { askedFrom: times % 2 === 0 ? String(first) : String(then) });
    expect(await newcomers(9)).toBe(3);
    expect(await newcomers(9, { seconds: DAY })).toBe(8);
  });

  test('does so too when it is complained of', async () => {
    for (let times = 0; times < 9; times += 1) await comesBack('complaint', 1, { askedFrom: '192.0.2.78' });
    expect(await newcomers(9)).toBe(7);
  });

  test('keeps its network from bringing more, and no other', async () => {
    const ip = { 'x-local-source-ip': '192.0.2.79' };
    for (let times = 0; times < 4; times += 1) await comesBack('bounce', 1, { askedFrom: '192.0.2.79' });
    expect(await newcomers(2, { ip, seconds: 3_600 })).toBe(1);
    expect(await newcomers(2, { seconds: 3_600 })).toBe(2);
    expect(await newcomers(1, { ip, seconds: DAY })).toBe(1);
  });

  test('tells everybody alike what to do when no mail arrives', async () => {
    const [suppressed, other] = [newAddress(), newAddress()];
    await comesBack('complaint', 1, { address: suppressed });
    const pages = [await ask(suppressed), await ask(other)];
    expect(pages.map(({ mails }) => mails)).toEqual([0, 1]);
    const [one = '', another = ''] = pages.map(({ page }) => page.html.replaceAll(/value="[^"]*"|person-[\w-]+/g, ''));
    expect(one).toBe(another);
    expect(one).toContain(`Contact ${contact} to turn it back on.`);
  });
});

describe('a domain that takes no mail, by the DNS', () => {
  test.for([
    ['is not there', 'nowhere.invalid'],
    ['says so itself, RFC 7505 §3', 'null-mx.example.com'],
    ['has neither a mail exchange nor an address, RFC 5321 §5.1', 'no-mail.example.com'],
  ])('is told where the address is typed, and nothing is counted: it %s', async ([, domain]) => {
    for (let times = 0; times < 3; times += 1) {
      const { page, mails } = await ask(`somebody-${times}@${domain}`);
      expect([page.status, mails]).toEqual([400, 0]);
      expect(page.html).toContain(`${domain} doesn’t accept email. Check the part after the @.`);
    }
    expect(await newcomers(9)).toBe(8);
  });

  test('is not one that has an address alone, and neither is one of which the DNS says nothing', async () => {
    expect((await ask(`${newAddress().split('@')[0]}@address-only.example.com`)).mails).toBe(1);
    const silent = await startStackWith({}, { env: { DNS_SERVER: '127.0.0.1:9' } });
    const browser = new Browser(silent.issuer, newSourceIp());
    const { client_id } = await register(silent.issuer);
    const first = await browser.open(authorizePath(client_id, newPkce().challenge));
    expect((await reachConsent(silent.issuer, browser, first)).page.html).toContain('name="decision"');
    await silent.stop();
  });
});

import { createHash, randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readAssembly } from '../../local/assembly.ts';
import { assemblyOf } from '../support/assembly.ts';
import { auditedDuring } from '../support/audit.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { heading } from '../support/browser.ts';
import { beginSignIn, connect, mailedCode, mailsTo, newAddress } from '../support/flow.ts';
import { tableName } from '../support/items.ts';
import { Operator } from '../support/operator.ts';
import { ago, bounce, complaint, type MailEvent, sesEvent } from '../support/ses-events.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let lambda: LambdaClient;
let bounces: string;
let operator: Operator;

/** What comes back uses up the budget for mail to people who are new, which `mail-budget.test.ts` is about. */
const changes = { limits: { mailsToStrangers: {} } };

beforeAll(async () => {
  aws = await startAws();
  stack = await startStackWith(changes, { env: aws.env });
  operator = new Operator(aws.table);
  const { template } = readAssembly(await assemblyOf({ changes }));
  const ids = Object.entries(template.Resources).flatMap(([id, { Type }]) =>
    Type === 'AWS::Lambda::Function' ? id : [],
  );
  bounces = ids.find((id) => id.startsWith('Bounces')) ?? '';
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  lambda = new LambdaClient({ endpoint: `${stack.issuer}/local/lambda`, region: 'us-east-1', credentials });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  lambda.destroy();
  await stack.stop();
  await aws.stop();
});

const hashOf = (address: string) => createHash('sha256').update(address).digest('base64url');

/** Has the Lambda handle an event. Gives its error, if it throws one. */
async function tell(message: unknown): Promise<string | undefined> {
  const { FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: bounces, Payload: JSON.stringify(message) }),
  );
  return FunctionError;
}

/** Asks for a code, and says how many mails that brought. The answer must not tell the difference. */
async function mailsSent(address: string): Promise<number> {
  const before = (await mailsTo(stack.issuer, address)).length;
  const { browser, fields } = await beginSignIn(stack.issuer);
  const page = await browser.post('/authorize/email', { ...fields, email: address });
  expect([page.status, heading(page)]).toEqual([200, 'Check your email']);
  return (await mailsTo(stack.issuer, address)).length - before;
}

describe('mail to an address', () => {
  test.for<[string, MailEvent]>([
    ['a permanent bounce', bounce('Permanent')],
    ['a complaint', complaint('abuse')],
    ['a complaint that does not say of what', complaint()],
  ])('stops after %s, though nobody has signed in with it', async ([, detail]) => {
    const address = newAddress();
    expect(await tell(sesEvent(address, detail))).toBeUndefined();
    expect(await mailsSent(address)).toBe(0);
  });

  test.for<[string, MailEvent]>([
    ['a transient bounce', bounce('Transient')],
    ['a bounce of which nobody knows what it means', bounce('Undetermined')],
    ['somebody said that it is no spam', complaint('not-spam')],
    ['a mail was rejected', { eventType: 'Reject', reject: { reason: 'Bad content' } }],
    ['a delay', { eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'TransientCommunicationFailure' } }],
  ])('goes on after %s', async ([, detail]) => {
    const address = newAddress();
    const audited = await auditedDuring(aws.table, () => tell(sesEvent(address, detail)));
    expect(audited).toEqual([]);
    expect(await mailsSent(address)).toBe(1);
  });

  test('stops for a person who has signed in with it, and for nobody else', async () => {
    const [address, other] = [newAddress(), newAddress()];
    await connect(stack.issuer, { address });
    await tell(sesEvent(address, bounce('Permanent', other)));
    expect(await mailsSent(address)).toBe(0);
    expect(await mailsSent(other)).toBe(1);
  });
});

describe('what is recorded', () => {
  test('is that and why mail stopped, once however often it is told, with the time of the event and without the address', async () => {
    const address = newAddress();
    const time = ago(3_600);
    const told = sesEvent(address, bounce('Permanent'), time);
    const items = await auditedDuring(aws.table, async () => {
      await Promise.all([tell(told), tell(told), tell(told)]);
      await tell(sesEvent(address, complaint('abuse')));
    });
    expect(items).toEqual([
      {
        pk: expect.stringMatching(new RegExp(`^AUDIT#operator#${time.slice(0, 10)}#\\d+$`)),
        sk: expect.stringContaining(time.slice(0, 19)),
        event: 'suppression',
        reason: 'bounce',
        address: await operator.hidden('address', address),
        subject: 'operator',
        tenant: 'operator',
        at: time.replace('Z', '.000Z'),
        ttl: expect.any(Number),
      },
    ]);
    expect(JSON.stringify(items)).not.toContain(address);
  });

  test('is nothing of the address in the log, whatever is told', async () => {
    const address = newAddress();
    await tell(sesEvent(address, bounce('Permanent')));
    await tell(sesEvent(address, { eventType: 'DeliveryDelay' }));
    await tell(sesEvent(address, { eventType: 'Bounce', bounce: { bounceType: 7 } }));
    await expect.poll(stack.logs).toContain(await operator.hidden('address', address));
    expect(stack.logs()).not.toContain(address);
  });
});

describe('an event that is not as SES sends it', () => {
  const whole = () => sesEvent(newAddress(), bounce('Permanent')) as { detail: { mail: object } };
  test.for<[string, () => unknown]>([
    ['nothing', () => null],
    ['a word', () => 'bounce'],
    ['no detail', () => ({ ...whole(), detail: undefined })],
    ['no time', () => ({ ...whole(), time: undefined })],
    ['a time that is none', () => ({ ...whole(), time: 'yesterday' })],
    ['another event', () => sesEvent(newAddress(), { eventType: 'Open' })],
    ['no recipient', () => ({ ...whole(), detail: { ...whole().detail, mail: { destination: [] } } })],
    ['a recipient that is no text', () => ({ ...whole(), detail: { ...whole().detail, mail: { destination: [7] } } })],
    ['no kind of bounce', () => sesEvent(newAddress(), { eventType: 'Bounce', bounce: {} })],
  ])('fails, so that it is kept for somebody to look at: %s', async ([, make]) => {
    const audited = await auditedDuring(aws.table, async () => expect(await tell(make())).toBe('Unhandled'));
    expect(audited).toEqual([]);
  });

  test('fails too when the table is out of order, and works when it is told again', async () => {
    const address = newAddress();
    aws.spoil('TransactWriteItems', 'broken');
    expect(await tell(sesEvent(address, bounce('Permanent')))).toBe('Unhandled');
    aws.heal();
    expect(await tell(sesEvent(address, bounce('Permanent')))).toBeUndefined();
    expect(await mailsSent(address)).toBe(0);
  });
});

describe('a sign-in with an address that mail no longer goes to', () => {
  test('makes a person, when the code came before the complaint', async () => {
    const address = newAddress();
    const { browser, fields } = await beginSignIn(stack.issuer);
    await browser.post('/authorize/email', { ...fields, email: address });
    await tell(sesEvent(address, complaint('abuse')));
    const code = await mailedCode(stack.issuer, address);
    const signIn = await auditedDuring(aws.table, async () => {
      expect((await browser.post('/authorize/code', { ...fields, code })).html).toContain('name="decision"');
    });
    expect(signIn).toMatchObject([{ event: 'sign_in', subject: expect.stringMatching(/^[0-9A-Za-z]{22}$/) }]);
    expect(await mailsSent(address)).toBe(0);
  });
});

describe('an address that an operator lets mail go to again', () => {
  test('gets mail, also when an old event is told once more, until something new happens', async () => {
    const [TABLE_NAME, address] = [await tableName(aws.table), newAddress()];
    for (const [name, value] of Object.entries({ ...aws.env, TABLE_NAME, AWS_REGION: 'us-east-1' }))
      vi.stubEnv(name, value);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'any');
    const { liftSuppression } = await import('#core/store/people.ts');
    const lift = () => {
      const audit = { pk: `AUDIT#operator#${address}`, sk: randomUUID(), put: { event: 'admin_change' } };
      return liftSuppression(hashOf(address), Math.floor(Date.now() / 1_000) - 30, audit);
    };
    expect(await lift()).toBe(false);
    await tell(sesEvent(address, bounce('Permanent'), ago(60)));
    expect(await lift()).toBe(true);
    expect(await mailsSent(address)).toBe(1);
    await tell(sesEvent(address, bounce('Permanent'), ago(60)));
    expect(await mailsSent(address)).toBe(1);
    await tell(sesEvent(address, bounce('Permanent'), ago(0)));
    expect(await mailsSent(address)).toBe(0);
  });
});

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Certificate, newCertificate } from '../support/certificate.ts';
import { serving } from '../support/loopback-server.ts';
import { alteredServer } from './altered-server.ts';
import { examineAs, type Finding } from './doctor-process.ts';

const real = inject('issuer');
let certificate: Certificate;
beforeAll(async () => {
  certificate = await newCertificate({ days: 30 });
});
afterAll(async () => {
  certificate?.remove();
});

/** How many Lambdas the account may run at a time, unless a test says otherwise. */
const PLENTY = 1_000;
const SENDER = 'sign-in@mail.vestibule.example';

type Answer = { readonly status: number; readonly type?: string; readonly body: string };

/** What AWS says of the account, its identities and its stack. */
type Account = {
  readonly account: object;
  readonly concurrency?: number;
  /** By name, whether it is confirmed. */
  readonly identities: Readonly<Record<string, boolean>>;
  readonly outputs: (mcpUrl: string) => Readonly<Record<string, string>>;
  readonly hasStack: boolean;
  readonly refusal: Answer | undefined;
};

const working = {
  SendingEnabled: true,
  EnforcementStatus: 'HEALTHY',
  ProductionAccessEnabled: true,
  SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 120 },
};

/** Stands in for SES and CloudFormation, on a free port. Gives its origin. */
function startAws(mcpUrl: string, account: Account): Promise<string> {
  return serving(({ url = '' }, response) => {
    const { status, type, body } = account.refusal ?? answerOf(decodeURIComponent(url), mcpUrl, account);
    response.writeHead(status, type ? { 'x-amzn-errortype': type } : {}).end(body);
  });
}

function answerOf(url: string, mcpUrl: string, of: Account): Answer {
  const { account, identities, outputs, hasStack, concurrency = PLENTY } = of;
  const [, identity] = /^\/v2\/email\/identities\/(.+)$/.exec(url) ?? [];
  if (url === '/v2/email/account') return { status: 200, body: JSON.stringify({ ...working, ...account }) };
  if (url.includes('/account-settings'))
    return { status: 200, body: JSON.stringify({ AccountLimit: { ConcurrentExecutions: concurrency } }) };
  if (identity === undefined) return hasStack ? described(outputs(mcpUrl)) : missing;
  const VerifiedForSendingStatus = identities[identity];
  if (VerifiedForSendingStatus === undefined) return { status: 404, type: 'NotFoundException', body: '{}' };
  return { status: 200, body: JSON.stringify({ VerifiedForSendingStatus }) };
}

const missing: Answer = {
  status: 400,
  body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>No such stack</Message></Error></ErrorResponse>',
};

/** The answer of DescribeStacks. */
function described(outputs: Readonly<Record<string, string>>): Answer {
  const members = Object.entries(outputs).map(
    ([name, value]) => `<member><OutputKey>${name}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const body = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>
    <Stacks><member><StackName>Vestibule</StackName><Outputs>${members.join('')}</Outputs></member></Stacks>
  </DescribeStacksResult></DescribeStacksResponse>`;
  return { status: 200, body };
}

/** What doctor says of the mail of a deployment in such an account. Everything else must pass. */
async function mailOf(changes: Partial<Account>, ...args: string[]): Promise<Finding | undefined> {
  const { key, cert, caFile } = certificate;
  const { issuer, url } = await alteredServer(real, { tls: { key, cert } });
  const aws = await startAws(url, {
    account: {},
    identities: { [SENDER]: true },
    hasStack: true,
    refusal: undefined,
    outputs: (McpUrl) => ({ McpUrl, SenderAddress: SENDER }),
    ...changes,
  });
  const env = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SESV2: aws,
    AWS_ENDPOINT_URL_CLOUDFORMATION: aws,
    AWS_ENDPOINT_URL_LAMBDA: aws,
  };
  const report = await examineAs(['--url', issuer, ...args], env, caFile);
  expect(report.checks.filter(({ name, outcome }) => outcome === 'failed' && name !== 'mail')).toEqual([]);
  const mail = report.checks.find(({ name }) => name === 'mail');
  expect(report.code).toBe(mail?.outcome === 'failed' ? 1 : 0);
  return mail;
}

describe('with AWS credentials, mail', () => {
  test('that is sent passes, and the sender and what is left of the day are told', async () => {
    const says = `from ${SENDER}, 120 of 50000 mails sent today`;
    expect(await mailOf({})).toMatchObject({ outcome: 'passed', says });
  });

  test('without a limit passes', async () => {
    const account = { SendQuota: { Max24HourSend: -1, SentLast24Hours: 7 } };
    expect(await mailOf({ account })).toMatchObject({
      outcome: 'passed',
      says: expect.stringContaining('7 of unlimited'),
    });
  });

  test('of the sandbox passes, and it is said whom it reaches', async () => {
    const says = expect.stringMatching(
      /in the sandbox, where SES mails confirmed addresses alone: ask AWS for production/,
    );
    expect(await mailOf({ account: { ProductionAccessEnabled: false } })).toMatchObject({ outcome: 'passed', says });
  });

  test('of an account that runs few Lambdas at a time passes, and that is said', async () => {
    const says = expect.stringContaining('This account runs at most 10 Lambdas at a time');
    expect(await mailOf({ concurrency: 10 })).toMatchObject({ outcome: 'passed', says });
  });

  test('of a sender at a webmail provider passes, and it is said why it will not arrive', async () => {
    const outputs = (McpUrl: string) => ({ McpUrl, SenderAddress: 'me@gmail.com' });
    expect(await mailOf({ outputs, identities: { 'me@gmail.com': true } })).toMatchObject({
      outcome: 'passed',
      says: expect.stringContaining('fails DMARC'),
    });
  });

  test('of an account under review passes, and that is said', async () => {
    const says = expect.stringContaining('AWS is reviewing the account');
    expect(await mailOf({ account: { EnforcementStatus: 'PROBATION' } })).toMatchObject({ outcome: 'passed', says });
  });

  const wrong = [
    {
      what: 'of an account that AWS has stopped',
      account: { EnforcementStatus: 'SHUTDOWN', SendingEnabled: false },
      says: 'AWS has stopped mail from this account',
      remedy: 'appeal',
    },
    {
      what: 'that is paused',
      account: { SendingEnabled: false },
      says: 'sending is paused for this account',
      remedy: 'Account dashboard',
    },
    {
      what: 'beyond the quota',
      account: { SendQuota: { Max24HourSend: 200, SentLast24Hours: 200 } },
      says: 'all 200 mails of a day are sent',
      remedy: 'Service Quotas',
    },
  ];
  test.for(wrong)('$what is named, with its remedy', async ({ account, says, remedy }) => {
    const found = await mailOf({ account });
    expect(found).toMatchObject({ outcome: 'failed', says, remedy: expect.stringContaining(remedy) });
  });

  test.for([{ [SENDER]: false }, { [SENDER]: false, 'mail.vestibule.example': false }, {}])(
    'whose sender is not confirmed is named, with its remedy: %o',
    async (identities) => {
      expect(await mailOf({ identities })).toMatchObject({
        outcome: 'failed',
        says: `${SENDER} is not confirmed`,
        remedy: expect.stringContaining('Open the link'),
      });
    },
  );

  test.for(['mail.vestibule.example', 'vestibule.example'])(
    'whose sender is confirmed by %s passes',
    async (domain) => {
      expect(await mailOf({ identities: { [domain]: true } })).toMatchObject({ outcome: 'passed' });
    },
  );
});

describe('with AWS credentials for something else, mail', () => {
  const outputs = () => ({ McpUrl: 'https://other.example/mcp', SenderAddress: SENDER });
  const other = 'the stack Vestibule serves https://other.example/mcp';
  const none = 'there is no stack Vestibule in this account and region';

  test.for([
    { account: { outputs }, sentence: other },
    { account: { hasStack: false }, sentence: none },
  ])('is not checked: $sentence', async ({ account, sentence }) => {
    const says = `${sentence}; --stack names another`;
    expect(await mailOf(account)).toMatchObject({ outcome: 'not checked', says });
  });

  test.for([
    { account: { outputs }, says: other },
    { account: { hasStack: false }, says: none },
  ])('is wrong when somebody named the stack: $says', async ({ account, says }) => {
    const found = await mailOf(account, '--stack', 'Vestibule');
    expect(found).toMatchObject({ outcome: 'failed', says, remedy: expect.stringContaining('AWS_PROFILE') });
  });

  test('is not checked without a sender', async () => {
    const found = await mailOf({ outputs: (McpUrl) => ({ McpUrl }) });
    expect(found).toMatchObject({ outcome: 'not checked', says: expect.stringContaining('SenderAddress') });
  });

  test('is not checked when AWS does not tell', async () => {
    const found = await mailOf({ refusal: { status: 403, type: 'AccessDeniedException', body: '{}' } });
    expect(found).toMatchObject({ outcome: 'not checked', says: expect.stringContaining('AWS did not tell') });
  });
});

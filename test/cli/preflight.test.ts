import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { preflight } from '../../cli/deploy/preflight.ts';
import { defineSettings } from '../../lib/settings.ts';
import { type Account, accountWith } from '../support/account.ts';
import type { SettingChanges } from '../support/assembly.ts';
import { serving } from '../support/loopback-server.ts';

const sender = 'sign-in@example.com';
const domain = { name: 'mcp.example.com', hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } };
/** Nothing of these is worth saying. */
const quiet: SettingChanges = { sender, alarms: { email: 'ops@example.com', monthlyBudgetUsd: 20 } };

afterEach(() => void vi.unstubAllEnvs());

/** What is found before a deploy with these settings to such an account. */
async function found(changes: SettingChanges, account: Partial<Account> = {}, region = 'eu-central-1') {
  for (const [name, value] of Object.entries(await accountWith(account))) vi.stubEnv(name, value);
  const settings = defineSettings({ ...quiet, sender, ...changes });
  const findings = await preflight({ region, profile: undefined, settings });
  for (const { sentence } of findings) expect(sentence).toMatch(/^[^\n]+$/);
  return findings.map(({ kind, sentence }) => `${kind} ${sentence}`);
}

/** A provider that says this of itself. */
function providerSaying(metadata: object, path = '/.well-known/openid-configuration'): Promise<string> {
  return serving(({ url, headers }, response) => {
    const issuer = `http://${headers.host}`;
    const urls = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'].map((name) => [name, `${issuer}/${name}`]);
    const body = JSON.stringify({ issuer, ...Object.fromEntries(urls), ...metadata });
    response.writeHead(url === path ? 200 : 404).end(body);
  });
}

describe('an outside provider, before a deploy', () => {
  const parameters = { '/cdk-bootstrap/hnb659fds/version': '21', '/corp': 'secret' };
  const p8 = (curve: string) =>
    generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const apple = { kind: 'apple', teamId: 'TEAM', keyId: 'KEY' } as const;

  function foundOf(issuer: string, more: object = {}, secret = 'secret') {
    const provider = { id: 'corp', name: 'Corp', issuer, clientId: 'x', clientSecret: '/corp', ...more };
    const changes = { signIn: { providers: [provider] } } as SettingChanges;
    return found(changes, { parameters: { ...parameters, '/corp': secret } });
  }

  test('that is as it should be gives nothing to say', async () => {
    expect(await foundOf(await providerSaying({}))).toEqual([]);
    expect(await foundOf('https://github.com')).toEqual([]);
    expect(await foundOf(await providerSaying({}), apple, p8('prime256v1'))).toEqual([]);
  });

  test.for<[string, object, string, RegExp]>([
    [
      'whose secret is missing',
      { clientSecret: '/none' },
      'x',
      /no parameter \/none: aws ssm put-parameter .*--name \/none/,
    ],
    ['whose key is no key', apple, 'hello', /no private key as Apple's \.p8 files have it: aws ssm put-parameter/],
    ['whose key is of another curve', apple, p8('secp384r1'), /no private key as Apple's/],
  ])('%s', async ([, more, secret, sentence]) => {
    const [only = '', ...others] = await foundOf(await providerSaying({}), more, secret);
    expect(others).toEqual([]);
    expect(only).toMatch(/^note signIn\.providers, corp: /);
    expect(only).toMatch(sentence);
  });

  test.for<[string, () => Promise<string>, RegExp]>([
    ['that cannot be reached', async () => 'http://127.0.0.1:9', /openid-configuration cannot be read/],
    ['that has no metadata', () => providerSaying({}, '/elsewhere'), /answers with 404/],
    [
      'of another issuer',
      () => providerSaying({ issuer: 'https://id.example/' }),
      /another issuer: https:\/\/id\.example\/.*exactly/,
    ],
    ['that is no OpenID provider', () => providerSaying({ jwks_uri: 7 }), /not that of an OpenID provider/],
  ])('%s', async ([, start, sentence]) => {
    const [only = '', ...others] = await foundOf(await start());
    expect(others).toEqual([]);
    expect(only).toMatch(sentence);
  });
});

describe('before a deploy', () => {
  test('nothing is said of an account that is ready', async () => {
    expect(await found({})).toEqual([]);
  });

  test('nothing is said of the earliest bootstrap stack that will do', async () => {
    expect(await found({}, { parameters: { '/cdk-bootstrap/hnb659fds/version': '6' } })).toEqual([]);
  });

  test.for<[string, SettingChanges, Partial<Account>, RegExp]>([
    ['another account', { account: '210987654321' }, {}, /^account: .* for 123456789012, not 210987654321; use others/],
    ['another region', { region: 'us-east-1' }, {}, /^region: .* to eu-central-1, not us-east-1; set AWS_REGION/],
    ['a region that is not bootstrapped', {}, { parameters: {} }, /not set up .* eu-central-1: run npx cdk bootstrap/],
    [
      'an old bootstrap stack',
      {},
      { parameters: { '/cdk-bootstrap/hnb659fds/version': '5' } },
      /old version \(5\): run npx cdk bootstrap/,
    ],
    [
      'a region without SES',
      {},
      { lacks: ['AWS::SES::ConfigurationSet'] },
      /^CloudFormation does not support SES in eu-central-1: set AWS_REGION/,
    ],
    [
      'a budget where none can be made',
      {},
      { lacks: ['AWS::Budgets::Budget'] },
      /^alarms\.monthlyBudgetUsd: .* no budget in eu-central-1: leave it out/,
    ],
    [
      'CloudFront where there is none',
      { edge: true, firewall: { webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/mine/1' } },
      { lacks: ['AWS::CloudFront::Function'] },
      /^edge: CloudFormation has no CloudFront in eu-central-1: leave it out/,
    ],
    [
      'an identity that exists',
      {},
      { identities: { [sender]: true } },
      /^senderIdentity: SES has an identity sign-in@example\.com already: set senderIdentity: 'existing'/,
    ],
    [
      'an identity of the domain that exists',
      { domain },
      { identities: { 'example.com': false } },
      /^senderIdentity: SES has an identity example\.com already/,
    ],
    [
      'an identity of another stack',
      {},
      { identities: { [sender]: true }, stacks: { Vestibule: { identities: ['other@example.com'] } } },
      /^senderIdentity: /,
    ],
    [
      'an identity that should exist',
      { senderIdentity: 'existing' },
      {},
      /^senderIdentity: SES knows neither sign-in@example\.com nor its domain in eu-central-1/,
    ],
    ['a zone that there is not', { domain }, { zones: {} }, /^domain\.hostedZone\.id: there is no hosted zone Z0123/],
    [
      'a zone of another name',
      { domain },
      { zones: { Z0123456789ABC: { name: 'example.org' } } },
      /^domain\.hostedZone\.name: the zone Z0123456789ABC is example\.org, not example\.com/,
    ],
    [
      'a private zone',
      { domain },
      { zones: { Z0123456789ABC: { name: 'example.com', isPrivate: true } } },
      /^domain\.hostedZone\.id: Z0123456789ABC is a private zone/,
    ],
    [
      'a table that there is not',
      { table: { existing: 'old-one' } },
      {},
      /^table\.existing: there is no table old-one/,
    ],
    ['a busy stack', {}, { stacks: { Vestibule: { status: 'UPDATE_IN_PROGRESS' } } }, /Vestibule is busy/],
    ['a stack that is stuck', {}, { stacks: { Vestibule: { status: 'UPDATE_ROLLBACK_FAILED' } } }, /npx cdk rollback/],
    [
      'a stack that could not be deleted',
      {},
      { stacks: { Vestibule: { status: 'DELETE_FAILED', isProtected: true } } },
      /--no-enable-termination-protection --stack-name Vestibule$/,
    ],
    [
      'a region without CloudFront',
      { edge: true },
      {},
      /^edge: .*us-east-1 alone.* eu-central-1, .*set firewall\.webAclArn\.$/,
    ],
    [
      'a region without CloudFront and its certificate',
      { edge: true, domain },
      {},
      /set firewall\.webAclArn and domain\.edgeCertificateArn\.$/,
    ],
  ])('%s ends it, and the sentence says what to do', async ([, settings, account, sentence]) => {
    const [first = '', ...others] = await found(settings, account);
    expect(first.replace(/^stop /, '')).toMatch(sentence);
    expect(first).toMatch(/^stop /);
    expect(others.filter((other) => other.startsWith('stop '))).toEqual([]);
  });

  test.for<[string, SettingChanges, Partial<Account>, RegExp]>([
    ['the sandbox', {}, { ses: { SendingEnabled: true } }, /sandbox .* ask AWS for production access, https:/],
    ['mail that is stopped', {}, { ses: { SendingEnabled: false } }, /SES sends no mail/],
    ['few Lambdas', {}, { concurrency: 10 }, /at most 10 Lambdas at a time.* Service Quotas/],
    [
      'a sender that is not confirmed',
      { senderIdentity: 'existing' },
      { identities: { 'example.com': false } },
      /not confirmed in SES yet/,
    ],
    [
      'alarms that nobody hears',
      { alarms: { monthlyBudgetUsd: 20 } },
      {},
      /Nobody is notified of alarms: set alarms\.email/,
    ],
    [
      'no budget',
      { alarms: { email: 'a@example.com' } },
      {},
      /\$[\d,]+ for the 550 requests a second .*alarms\.monthlyBudgetUsd/,
    ],
    [
      'a sender at a webmail provider',
      { sender: 'me@gmail.com' },
      {},
      /from me@gmail\.com .* DMARC.*domain of your own/,
    ],
    [
      'more calls than the table takes',
      { table: { maxWriteUnits: 100 } },
      {},
      /throttles\.mcp .* raise table\.maxWriteUnits/,
    ],
    [
      'a name of CloudFront’s own, which speaks old TLS',
      { edge: true, firewall: { webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/mine/1' } },
      {},
      /TLS 1\.0 .*set domain\.$/,
    ],
    [
      'a secret that is not there yet',
      { tools: { secrets: { SEARCH_KEY: '/key' } } },
      {},
      /tools\.secrets\.SEARCH_KEY: there is no parameter \/key yet/,
    ],
  ])('%s is told, and the deploy goes on', async ([, settings, account, sentence]) => {
    const [only = '', ...others] = await found(settings, account);
    expect(others).toEqual([]);
    expect(only).toMatch(/^note /);
    expect(only).toMatch(sentence);
  });

  test('an identity that the stack itself has made stands in nobody’s way', async () => {
    const stacks = { Vestibule: { identities: [sender] } };
    expect(await found({}, { identities: { [sender]: true }, stacks })).toEqual([]);
  });

  test.for([
    { status: 'ROLLBACK_COMPLETE', isProtected: true },
    { status: 'ROLLBACK_FAILED', isProtected: true },
    { status: 'DELETE_FAILED' },
  ])('a stack that is only there to be deleted is left to the deploy: $status', async (Vestibule) => {
    expect(await found({}, { stacks: { Vestibule } })).toEqual([]);
  });

  test('what may not be asked is said to be unanswered, with the right that it takes, and nothing is assumed', async () => {
    const sentences = await found({}, { refused: ['*'] });
    const rights = sentences.map(
      (sentence) => /^note Could not check .+: these credentials lack (.+)\.$/.exec(sentence)?.[1],
    );
    expect(rights).toEqual([
      'sts:GetCallerIdentity',
      'cloudformation:DescribeStacks',
      expect.stringContaining('ssm:GetParameter'),
      'cloudformation:DescribeType',
      'ses:GetEmailIdentity',
      'ses:GetAccount',
      'lambda:GetAccountSettings',
    ]);
  });

  test('an AWS that cannot be reached ends it in one sentence', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const settings = defineSettings({ ...quiet, sender });
    const findings = await preflight({ region: 'eu-centra-1', profile: undefined, settings });
    expect(findings).toEqual([
      {
        kind: 'stop',
        sentence:
          'AWS in eu-centra-1 cannot be reached: nothing listens there. If the region is wrong, set AWS_REGION.',
      },
    ]);
  });
});

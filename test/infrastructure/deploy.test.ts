import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { requireSameAddresses } from '../../cli/deploy/addresses.ts';
import { readOptions } from '../../cli/deploy/options.ts';
import { root } from '../../local/assembly.ts';
import { type Account, accountWith } from '../support/account.ts';
import { assemblyOf, type SettingChanges } from '../support/assembly.ts';
import { checkoutWith } from '../support/checkout.ts';

const sender = 'sign-in@example.com';
const domain = { name: 'mcp.example.com', hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } };
const scripts = readJson('package.json').scripts as { readonly deploy: string };
const { app } = readJson('cdk.json') as { readonly app: string };
/** An option that the CDK refuses, so that nothing is deployed once our own script has agreed. */
const stopAtCdk = '--method=none';
const agreed = 'Given: "none"';

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** Runs a command of this project to its end, in a checkout of it. */
async function run(command: string, cwd: string, env: Record<string, string> = {}) {
  const child = spawn(command, {
    cwd,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill());
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, stdout, stderr };
}

/** Deploys with these settings to such an account. */
async function deploy(settings: object, account: Partial<Account> = {}, ...args: string[]) {
  const env = await accountWith(account);
  return run([scripts.deploy, ...args].join(' '), checkoutWith({ sender, ...settings }), env);
}

/** The same, where the app of the checkout gives what other tests had synthesised already. */
async function deploySynthesised(changes: SettingChanges, account: Partial<Account>, ...args: string[]) {
  const folder = checkoutWith({ sender, ...changes });
  const copy = 'fs.cpSync(process.argv[1], process.env.CDK_OUTDIR, { recursive: true })';
  const app = `node -e "${copy}" '${await assemblyOf({ changes })}'`;
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ ...readJson('cdk.json'), app }));
  return run([scripts.deploy, ...args].join(' '), folder, await accountWith(account));
}

describe('a deploy is refused in one sentence', () => {
  test('with the sender that serves the local runner', async () => {
    const { code, stdout, stderr } = await deploy({ sender: 'sign-in@vestibule.example' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Nobody can read mail at sign-in@vestibule\.example: set sender [^\n]+\.\n$/);
  });

  test('with settings that are not valid', async () => {
    const { code, stderr } = await deploy({ colour: 'red' }).catch((error) => error);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^vestibule\.config\.ts is not valid:[^\n]+\n$/);
  });

  test('for a stage that there is not', async () => {
    const outcome = await deploy({ stages: { prod: { sender: 'a@example.com' } } }, {}, '--stage', 'live');
    expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'vestibule.config.ts has no stage "live"; it has prod\n' });
  });

  test('without the name that --stage needs', async () => {
    expect(await deploy({}, {}, '--stage')).toMatchObject({ code: 2, stderr: '--stage needs a name.\n' });
  });

  test('without a region', async () => {
    const elsewhere = { AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_CONFIG_FILE: '/dev/null' };
    const { code, stderr } = await run(scripts.deploy, checkoutWith({ sender }), elsewhere);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^No AWS region is set: [^\n]+\n$/) });
  });

  test.for([
    ['npm run deploy', scripts.deploy],
    ['cdk deploy', app],
  ] as const)('by an older Node: %s', async ([, command]) => {
    const folder = checkoutWith({ sender });
    const pretended = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.20.0' } });`;
    writeFileSync(join(folder, 'older.cjs'), pretended);
    const { code, stdout, stderr } = await run(command, folder, { NODE_OPTIONS: '--require ./older.cjs' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('Vestibule needs Node.js 24 or later; this is 22.20.0.\n');
  });
});

const issuer = 'https://abc123.execute-api.eu-central-1.amazonaws.com';
const outputs = { Issuer: issuer, McpUrl: `${issuer}/mcp` };
const live = { outputs, resources: { FrontDoorApi9446D656: 'abc123' } };
const apis = { abc123: issuer };

describe('a deploy to a stack that is live', { timeout: 180_000 }, () => {
  test('goes on with the same arguments when its addresses stay, whatever form the API has them in', async () => {
    const there = 'http://abc123.execute-api.localhost:4566';
    const stacks = { Vestibule: { ...live, outputs: { Issuer: there, McpUrl: `${there}/mcp` } } };
    const { stderr } = await deploySynthesised({}, { stacks, apis: { abc123: there } }, stopAtCdk);
    expect(stderr).toContain(agreed);
    expect(stderr).toContain('Nobody is notified of alarms');
  });

  test('ends before anything is synthesised when the account is not ready, and says all that is wrong', async () => {
    const folder = checkoutWith({ sender, account: '210987654321', region: 'us-east-1' });
    const { code, stdout, stderr } = await run(scripts.deploy, folder, await accountWith());
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^account: /),
      expect.stringMatching(/^region: /),
    ]);
    expect(existsSync(join(folder, 'cdk.out'))).toBe(false);
  });

  test('is refused when it would move it, with the reason and the setting that confirms it', async () => {
    const { code, stderr } = await deploySynthesised({ domain }, { stacks: { Vestibule: live }, apis }, stopAtCdk);
    expect(code).toBe(1);
    expect(stderr).toContain(`change the issuer from ${issuer} to https://mcp.example.com, which signs everybody out`);
    expect(stderr).toContain(`set replacesIssuer: '${issuer}' in vestibule.config.ts.\n`);
    expect(stderr).not.toContain(agreed);
  });

  test('goes on when the settings of the stage name the issuer that is given up', async () => {
    const stages = { prod: { domain, replacesIssuer: issuer } };
    const account = { stacks: { 'Vestibule-prod': live }, apis };
    const { stderr } = await deploy({ stages }, account, '--stage', 'prod', stopAtCdk);
    expect(stderr).toContain(agreed);
  });
});

describe('the command line', () => {
  test('shows a difference in place of a deploy, and leaves everything else to the CDK', () => {
    const options = readOptions(['--diff', '--stage', 'prod', '--profile', 'p', '--method=template']);
    const forCdk = ['--profile', 'p', '--method=template'];
    expect(options).toEqual({ stage: 'prod', profile: 'p', showsDifference: true, forCdk });
  });

  test('deploys without it', () => {
    expect(readOptions([])).toMatchObject({ showsDifference: false, forCdk: [] });
  });
});

describe('an address of a live server', () => {
  const endpoint = { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] };
  const kept = { Issuer: { Value: endpoint }, McpUrl: { Value: { 'Fn::Join': ['', [endpoint, '/mcp']] } } };
  const moved = { Issuer: { Value: 'https://mcp.example.com' }, McpUrl: { Value: 'https://mcp.example.com/mcp' } };
  const otherPath = { ...kept, McpUrl: { Value: { 'Fn::Join': ['', [endpoint, '/v2']] } } };

  test('stays when the API stays', () => {
    expect(() => requireSameAddresses(kept, { outputs, apiEndpoint: issuer }, undefined)).not.toThrow();
  });

  test('stays when CloudFront stays, whatever the API', () => {
    const name = { 'Fn::GetAtt': ['Edge', 'DomainName'] };
    const edge = { Issuer: { Value: { 'Fn::Join': ['', ['https://', name]] } } };
    const behind = { Issuer: 'https://d1.cloudfront.net', EdgeDomain: 'd1.cloudfront.net' };
    expect(() => requireSameAddresses(edge, { outputs: behind, apiEndpoint: undefined }, undefined)).not.toThrow();
    expect(() => requireSameAddresses(edge, { outputs, apiEndpoint: issuer }, undefined)).toThrow('to a new one');
  });

  test.for<[string, Parameters<typeof requireSameAddresses>, string]>([
    ['to a new API', [kept, { outputs, apiEndpoint: undefined }, undefined], 'to a new one'],
    ['to another path', [otherPath, { outputs, apiEndpoint: issuer }, undefined], `the MCP URL from ${issuer}/mcp to`],
    [
      'when another move is confirmed',
      [moved, { outputs, apiEndpoint: issuer }, 'https://old.example.com'],
      'to https',
    ],
    [
      'from a domain',
      [kept, { outputs: { Issuer: 'https://a.example' }, apiEndpoint: issuer }, undefined],
      'https://a',
    ],
  ])('does not move %s', ([, [planned, stack, replacesIssuer], message]) => {
    expect(() => requireSameAddresses(planned, stack, replacesIssuer)).toThrow(message);
  });
});

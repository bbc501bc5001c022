import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { requireSameAddresses } from '../../cli/deploy/addresses.ts';
import { root } from '../../local/assembly.ts';
import { checkoutWith } from '../support/checkout.ts';
import { cloudFormationWith, type DeployedStack } from '../support/cloudformation.ts';

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

/** Deploys with these settings to an account with these stacks. */
async function deploy(settings: object, stacks: Record<string, DeployedStack> = {}, ...args: string[]) {
  const env = await cloudFormationWith(stacks);
  return run([scripts.deploy, ...args].join(' '), checkoutWith({ sender, ...settings }), env);
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
    const outcome = await deploy({ stages: { prod: {} } }, {}, '--stage', 'live');
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

describe('a deploy to a stack that is live', { timeout: 180_000 }, () => {
  test('goes on with the same arguments when its addresses stay', async () => {
    const { stderr } = await deploy({}, { Vestibule: live }, stopAtCdk);
    expect(stderr).toContain(agreed);
  });

  test('is refused when it would move it, with the reason and the setting that confirms it', async () => {
    const { code, stderr } = await deploy({ domain }, { Vestibule: live }, stopAtCdk);
    expect(code).toBe(1);
    expect(stderr).toContain(`change the issuer from ${issuer} to https://mcp.example.com, which signs everybody out`);
    expect(stderr).toContain(`set replacesIssuer: '${issuer}' in vestibule.config.ts.\n`);
    expect(stderr).not.toContain(agreed);
  });

  test('goes on when the settings of the stage name the issuer that is given up', async () => {
    const stages = { prod: { domain, replacesIssuer: issuer } };
    const { stderr } = await deploy({ stages }, { 'Vestibule-prod': live }, '--stage', 'prod', stopAtCdk);
    expect(stderr).toContain(agreed);
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

  test.for<[string, Parameters<typeof requireSameAddresses>, string]>([
    ['to a new API', [kept, { outputs, apiEndpoint: undefined }, undefined], 'to that of a new API'],
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

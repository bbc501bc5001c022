import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { acknowledge, addChecks } from '../../lib/checks.ts';
import { featureFlags } from '../../lib/feature-flags.ts';
import { defineSettings, settingsOf } from '../../lib/settings.ts';
import { VestibuleStack } from '../../lib/stack.ts';

const servers = fileURLToPath(new URL('../support/servers/tools.ts', import.meta.url));

let app: App;

beforeEach(async () => {
  vi.stubEnv('CDK_VALIDATION', 'true');
  app = new App({ context: featureFlags });
  await addChecks(app);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What the CDK and cdk-nag find, errors and warnings, that nobody has acknowledged. */
function findings(): string[] {
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const all = report.pluginReports.flatMap(({ violations }: { violations: object[] }) => violations);
  return all.map((violation: object) => JSON.stringify(violation));
}

test('nothing is left to acknowledge, whatever the settings', { timeout: 180_000 }, () => {
  const settings = defineSettings({
    sender: 'sign-in@example.com',
    stages: {
      prod: {
        senderIdentity: 'existing',
        logs: { access: false },
        restoreChallenge: false,
        alarms: { email: 'ops@example.com', monthlyBudgetUsd: 20 },
        signingKeys: { current: 'second', next: 'third', retired: 'first' },
        domain: { name: 'mcp.example.com', hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } },
      },
      edge: { sender: 'edge@example.com', edge: true, tracing: true },
      named: {
        sender: 'named@example.org',
        edge: true,
        hostedClients: { ranges: [] },
        domain: {
          name: 'b.example.com',
          authorization: 'auth.b.example.com',
          hostedZone: { id: 'Z0123456789ABC', name: 'example.com' },
        },
      },
    },
  });
  for (const stage of [undefined, 'prod', 'edge', 'named']) {
    const chosen = settingsOf(settings, stage);
    new VestibuleStack(app, chosen.stackName, chosen);
  }
  // With a server of others.
  new VestibuleStack(app, 'Asking', settingsOf(defineSettings({ sender: 'sign-in@example.com' }), undefined), servers);
  expect(findings()).toEqual([]);
});

test('what is not acknowledged is found, by both packs', () => {
  const stack = new Stack(app, 'Other');
  new Queue(stack, 'Queue');
  acknowledge(new Queue(stack, 'Known'), {
    'AwsSolutions-SQS3': 'A reason',
    'AwsSolutions-SQS4': 'Another',
    'Serverless-SQSRedrivePolicy': 'A third',
  });
  const found = findings().join('\n');
  expect(found).toContain('AwsSolutions-SQS4');
  expect(found).toContain('Serverless-SQSRedrivePolicy');
  expect(found).not.toContain('Other/Known');
});

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Settings } from '../../lib/settings.ts';
import { Failure } from '../shared/failure.ts';
import { stageSettings } from '../shared/project.ts';
import { oneLine } from '../shared/terminal.ts';
import { requireSameAddresses } from './addresses.ts';
import { apiIn, readTemplate } from './assembly.ts';
import { cdk } from './cdk.ts';
import { clearFailedCreation, leftOver, whatItDiffersFrom } from './failed-creation.ts';
import type { Finding } from './finding.ts';
import { LiveStacks } from './live-stack.ts';
import { help, readOptions } from './options.ts';
import { preflight } from './preflight.ts';

const assembly = 'cdk.out';

/** Deploys a stage, unless that would do harm. Gives the exit code of the CDK; throws a failure that says what is wrong. */
export async function deploy(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') return print(help);
  const { stage, profile, showsDifference, forCdk } = options;
  const settings = await stageSettings(stage);
  requireOwnSender(settings);
  const region = await regionOf(profile);
  const place = { region, profile, settings };
  if (!isReady(await preflight(place))) return 1;
  const env = { ...process.env, AWS_REGION: region };
  const context = stage === undefined ? [] : ['--context', `stage=${stage}`];
  const synthesised = await cdk(['synth', '--quiet', '--output', assembly, ...context], env);
  if (synthesised !== 0) return synthesised;
  const template = readTemplate(assembly, settings.stackName);
  const stacks = new LiveStacks(place);
  const stack = await stacks.find(settings.stackName, apiIn(template));
  if (stack) requireSameAddresses(template.Outputs, stack, settings.replacesIssuer);
  if (showsDifference) {
    const compared = await cdk(['diff', '--app', assembly, ...forCdk], env);
    tell(await whatItDiffersFrom(stacks, settings.stackName));
    return compared;
  }
  await clearFailedCreation(stacks, settings.stackName);
  const deployed = await cdk(['deploy', '--app', assembly, ...forCdk], env);
  if (deployed !== 0) tell(await leftOver(stacks, settings.stackName));
  return deployed;
}

function tell(sentence: string | undefined): void {
  if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
}

/** Prints what the preflight found, a line each. True if nothing of it ends the deploy. */
function isReady(findings: readonly Finding[]): boolean {
  for (const { sentence } of findings) process.stderr.write(`${oneLine(sentence)}\n`);
  return findings.every(({ kind }) => kind !== 'stop');
}

/** The region of the profile or the environment. Throws a failure when neither has one. */
function regionOf(profile: string | undefined): Promise<string> {
  const client = new CloudFormationClient(profile === undefined ? {} : { profile });
  return client.config.region().catch(() => {
    throw new Failure('No AWS region is set: set AWS_REGION, or name a profile that has one.');
  });
}

/** Names below `.example` lead nowhere. RFC 2606 §2. */
function requireOwnSender({ sender }: Settings): void {
  if (!sender.endsWith('.example')) return;
  throw new Failure(
    `Nobody can read mail at ${sender}: set sender in vestibule.config.ts to an address of yours, which sign-in codes come from.`,
  );
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

import { type Settings, settingsOf } from '../../lib/settings.ts';
import { Failure } from '../shared/failure.ts';
import { requireSameAddresses } from './addresses.ts';
import { apiIn, readTemplate } from './assembly.ts';
import { cdk } from './cdk.ts';
import { LiveStacks } from './live-stack.ts';
import { help, readOptions } from './options.ts';

const assembly = 'cdk.out';

/** Deploys a stage, unless that would do harm. Gives the exit code of the CDK; throws a failure that says what is wrong. */
export async function deploy(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') return print(help);
  const { stage, profile, forCdk } = options;
  const settings = await chosenSettings(stage);
  requireOwnSender(settings);
  const live = new LiveStacks(profile);
  const env = { ...process.env, AWS_REGION: await live.region() };
  const context = stage === undefined ? [] : ['--context', `stage=${stage}`];
  const synthesised = await cdk(['synth', '--quiet', '--output', assembly, ...context], env);
  if (synthesised !== 0) return synthesised;
  const template = readTemplate(assembly, settings.stackName);
  const stack = await live.find(settings.stackName, apiIn(template));
  if (stack) requireSameAddresses(template.Outputs, stack, settings.replacesIssuer);
  return cdk(['deploy', '--app', assembly, ...forCdk], env);
}

/** Loaded only now, so that settings which are not valid are told like every other reason not to deploy. */
async function chosenSettings(stage: string | undefined): Promise<Settings> {
  try {
    const { settings } = await import('../../vestibule.config.ts');
    return settingsOf(settings, stage);
  } catch (error) {
    throw error instanceof Error ? new Failure(error.message) : error;
  }
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

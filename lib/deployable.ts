import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { addChecks } from './checks.ts';
import { regionProblem } from './edge-region.ts';
import { featureFlags } from './feature-flags.ts';
import { type StagedSettings, settingsOf } from './settings.ts';
import { VestibuleStack } from './stack.ts';

type Deployable = {
  readonly settings: StagedSettings;
  /** The module with the tools, which exports `packs` and `scopes`. Without it, the packs that come along are served. */
  readonly tools?: string | URL;
};

/**
 * The whole of a CDK app: the stack of the settings, of the stage that `--context stage=…` names. With `checks` in the
 * context of `cdk.json`, synthesis fails on what cdk-nag finds.
 */
export async function deployable({ settings, tools }: Deployable): Promise<App> {
  const app = new App({ context: featureFlags });
  const chosen = settingsOf(settings, app.node.tryGetContext('stage'));
  // The CDK's command line says where it would deploy to. The local runner has no region.
  const region = process.env.CDK_DEFAULT_REGION;
  const problem = region && regionProblem(chosen, region);
  if (problem) throw new Error(problem);
  const module = tools instanceof URL ? fileURLToPath(tools) : tools;
  new VestibuleStack(app, chosen.stackName, chosen, module);
  if (app.node.tryGetContext('checks') === true) await addChecks(app);
  app.synth();
  return app;
}

import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks.ts';
import { regionProblem } from '../lib/edge-region.ts';
import { featureFlags } from '../lib/feature-flags.ts';
import { settingsOf } from '../lib/settings.ts';
import { VestibuleStack } from '../lib/stack.ts';
import { settings } from '../vestibule.config.ts';

const app = new App({ context: featureFlags });
const chosen = settingsOf(settings, app.node.tryGetContext('stage'));
// The CDK's command line says where it would deploy to. The local runner has no region.
const region = process.env.CDK_DEFAULT_REGION;
const problem = region && regionProblem(chosen, region);
if (problem) throw new Error(problem);
new VestibuleStack(app, chosen.stackName, chosen);
if (app.node.tryGetContext('checks') === true) await addChecks(app);
app.synth();

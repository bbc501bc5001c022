import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks.ts';
import { settingsOf } from '../lib/settings.ts';
import { VestibuleStack } from '../lib/stack.ts';
import { settings } from '../vestibule.config.ts';

const app = new App();
const chosen = settingsOf(settings, app.node.tryGetContext('stage'));
new VestibuleStack(app, chosen.stackName, chosen);
if (app.node.tryGetContext('checks') === true) await addChecks(app);
app.synth();

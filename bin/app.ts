import { App } from 'aws-cdk-lib';
import { VestibuleStack } from '../lib/stack.ts';
import { settings } from '../vestibule.config.ts';

const app = new App();
new VestibuleStack(app, 'Vestibule', settings);
app.synth();

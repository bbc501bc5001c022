import { join } from 'node:path';
import { built, step } from '../support/machine.ts';
import { sources } from './sources.ts';
import { describeLanguage } from './suite.ts';

const target = built('sdks/rust');

describeLanguage({
  tools: [{ command: 'cargo', args: ['--version'], oldest: '1.88' }],
  build: () => step('cargo', ['build', '--quiet', '--locked', '--target-dir', target], sources('rust')),
  sdks: [
    {
      name: 'rmcp 3.11.0 for Rust',
      command: [join(target, 'debug', 'sdks')],
      revision: '2026-07-28',
      expiry: 'when the server refuses it',
    },
  ],
});

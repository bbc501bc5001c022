import { join } from 'node:path';
import { built, step } from '../support/machine.ts';
import { sources } from './sources.ts';
import { describeLanguage } from './suite.ts';

const program = join(built('sdks/go'), 'program');

describeLanguage({
  tools: [{ command: 'go', args: ['version'], oldest: '1.25' }],
  // No other Go is fetched than the one that is there, and go.sum is not changed.
  build: () => step('go', ['build', '-mod=readonly', '-o', program, '.'], sources('go'), { GOTOOLCHAIN: 'local' }),
  sdks: [{ name: 'go-sdk 1.8.0', command: [program], revision: '2026-07-28', expiry: 'by its own clock' }],
});

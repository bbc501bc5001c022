import { delimiter, join } from 'node:path';
import { built, step } from '../support/machine.ts';
import { sources } from './sources.ts';
import { describeLanguage } from './suite.ts';

const classPath = [join(built('sdks/java'), 'classes'), join(built('sdks/java'), 'lib', '*')].join(delimiter);

describeLanguage({
  tools: [
    { command: 'javac', args: ['-version'], oldest: '17' },
    { command: 'mvn', args: ['--version'], oldest: '3.6.3' },
  ],
  build: () => step('mvn', ['--batch-mode', '--quiet', '--no-transfer-progress', 'compile'], sources('java')),
  sdks: [
    {
      name: 'io.modelcontextprotocol.sdk 2.1.0 for Java, with the OAuth client of Nimbus 11.32',
      // Starts in half the time, and is as quick for so short a life.
      command: ['java', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'Main'],
      revision: '2025-11-25',
      expiry: 'when the server refuses it',
    },
  ],
});

import { java, javaClassPath } from './languages.ts';
import { describeLanguage } from './suite.ts';

describeLanguage(java, [
  {
    name: 'io.modelcontextprotocol.sdk 2.1.0 for Java, with the OAuth client of Nimbus 11.32',
    // Starts in half the time, and is as quick for so short a life.
    command: ['java', '-XX:TieredStopAtLevel=1', '-cp', javaClassPath, 'Main'],
    revision: '2025-11-25',
    expiry: 'when the server refuses it',
  },
]);

import { go, goProgram } from './languages.ts';
import { describeLanguage } from './suite.ts';

describeLanguage(go, [
  { name: 'go-sdk 1.8.0', command: [goProgram], revision: '2026-07-28', expiry: 'by its own clock' },
]);

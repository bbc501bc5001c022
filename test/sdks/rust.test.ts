import { rust, rustProgram } from './languages.ts';
import { describeLanguage } from './suite.ts';

describeLanguage(rust, [
  {
    name: 'rmcp 3.11.0 for Rust',
    command: [rustProgram],
    revision: '2026-07-28',
    expiry: 'when the server refuses it',
  },
]);

import { join } from 'node:path';
import { makeEnvironment, programsOf, pythonTools } from '../support/python.ts';
import type { Command } from './program.ts';
import { sources } from './sources.ts';
import { describeLanguage } from './suite.ts';

const environment = 'sdks/python';
const python = join(programsOf(environment), 'python');
const program = (name: string): Command => [python, join(sources('python'), name)];

describeLanguage({
  tools: pythonTools('3.11'),
  build: () => makeEnvironment(environment, sources('python')),
  sdks: [
    {
      name: 'mcp 2.3.0 for Python',
      command: program('with_mcp.py'),
      revision: '2026-07-28',
      expiry: 'by its own clock',
    },
    {
      name: 'FastMCP 4.2.3',
      command: program('with_fastmcp.py'),
      revision: '2026-07-28',
      expiry: 'by its own clock',
    },
  ],
});

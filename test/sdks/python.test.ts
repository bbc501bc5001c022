import { join } from 'node:path';
import { python, pythonProgram } from './languages.ts';
import type { Command } from './program.ts';
import { sources } from './sources.ts';
import { describeLanguage } from './suite.ts';

const program = (name: string): Command => [pythonProgram, join(sources('python'), name)];

describeLanguage(python, [
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
]);

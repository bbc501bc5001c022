import { join } from 'node:path';
import { built, sources, step } from './build.ts';
import type { Command } from './program.ts';
import { describeLanguage } from './suite.ts';

const environment = built('python');
const python = join(environment, 'bin', 'python');
const program = (name: string): Command => [python, join(sources('python'), name)];

describeLanguage({
  tools: [
    { command: 'python3', args: ['--version'], oldest: '3.11' },
    { command: 'python3', args: ['-m', 'pip', '--version'], oldest: '22.3' },
  ],
  build: async () => {
    const install = ['--python', python, 'install', '--quiet', '--disable-pip-version-check'];
    const locked = ['--require-hashes', '--only-binary', ':all:', '--requirement', 'requirements.txt'];
    await step('python3', ['-m', 'venv', '--without-pip', environment], sources('python'));
    await step('python3', ['-m', 'pip', ...install, ...locked], sources('python'));
  },
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

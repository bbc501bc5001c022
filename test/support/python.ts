import { join } from 'node:path';
import { built, step, type Tool } from './machine.ts';

/** What it takes to make a Python environment, with the oldest Python for its packages. */
export function pythonTools(oldest: string): readonly Tool[] {
  return [
    { command: 'python3', args: ['--version'], oldest },
    { command: 'python3', args: ['-m', 'pip', '--version'], oldest: '22.3' },
  ];
}

/** Its programs keep what they compile, even where the environment says not to: that is half of the time of each start. */
export const keepsCompiled = { PYTHONDONTWRITEBYTECODE: '' };

/** The folder with the programs of an environment. */
export function programsOf(environment: string): string {
  return join(built(environment), 'bin');
}

/** Makes an environment of its own with what `requirements.txt` in a folder locks, each file by its hash. */
export async function makeEnvironment(environment: string, folder: string): Promise<void> {
  const python = join(programsOf(environment), 'python');
  const install = ['--python', python, 'install', '--quiet', '--no-compile', '--disable-pip-version-check'];
  const locked = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '--requirement', 'requirements.txt'];
  await step('python3', ['-m', 'venv', '--without-pip', built(environment)], folder);
  await step('python3', ['-m', 'pip', ...install, ...locked], folder);
}

import { delimiter, join } from 'node:path';
import { built, step, type Tool } from '../support/machine.ts';
import { makeEnvironment, programsOf, pythonTools } from '../support/python.ts';
import { sources } from './sources.ts';

/** What programs in a language need on the machine, and how they are built. */
export type Language = { readonly tools: readonly Tool[]; readonly build: () => Promise<void> };

export const goProgram = join(built('sdks/go'), 'program');

export const go: Language = {
  tools: [{ command: 'go', args: ['version'], oldest: '1.25' }],
  // No other Go is fetched than the one that is there, and go.sum is not changed.
  build: () => step('go', ['build', '-mod=readonly', '-o', goProgram, '.'], sources('go'), { GOTOOLCHAIN: 'local' }),
};

export const javaClassPath = [join(built('sdks/java'), 'classes'), join(built('sdks/java'), 'lib', '*')].join(
  delimiter,
);

export const java: Language = {
  tools: [
    { command: 'javac', args: ['-version'], oldest: '17' },
    { command: 'mvn', args: ['--version'], oldest: '3.6.3' },
  ],
  build: () => step('mvn', ['--batch-mode', '--quiet', '--no-transfer-progress', 'compile'], sources('java')),
};

const pythonEnvironment = 'sdks/python';
export const pythonProgram = join(programsOf(pythonEnvironment), 'python');

export const python: Language = {
  tools: pythonTools('3.11'),
  build: () => makeEnvironment(pythonEnvironment, sources('python')),
};

const rustTarget = built('sdks/rust');
export const rustProgram = join(rustTarget, 'debug', 'sdks');

export const rust: Language = {
  tools: [{ command: 'cargo', args: ['--version'], oldest: '1.88' }],
  build: () => step('cargo', ['build', '--quiet', '--locked', '--target-dir', rustTarget], sources('rust')),
};

import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { missing } from '../support/machine.ts';
import { makeEnvironment, pythonTools } from '../support/python.ts';
import { type Emulator, startEmulator } from './emulator.ts';

declare module 'vitest' {
  interface ProvidedContext {
    emulator: Emulator | { readonly missing: string };
  }
}

/** Starts an emulator of AWS with nothing in it, where there is a Python that can run it. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const reason = missing(pythonTools('3.10'));
  if (reason) {
    project.provide('emulator', { missing: reason });
    return;
  }
  await makeEnvironment('aws-emulator', fileURLToPath(new URL('.', import.meta.url)));
  const { emulator, stop } = await startEmulator();
  project.provide('emulator', emulator);
  return stop;
}

import type { TestProject } from 'vitest/node';
import { startStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    issuer: string;
  }
}

/** Starts the local stack for a suite, or takes the deployed one that `ISSUER` names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { ISSUER } = process.env;
  if (ISSUER) {
    project.provide('issuer', ISSUER);
    return async () => undefined;
  }
  const stack = await startStack();
  project.provide('issuer', stack.issuer);
  return stack.stop;
}

import type { TestProject } from 'vitest/node';
import { startStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    issuer: string;
  }
}

/**
 * Gives a suite the stack that it shares with others: the deployed one that `ISSUER` names, or a local one, which the
 * first suite to be set up starts.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env.ISSUER ?? process.env.SHARED_ISSUER;
  if (running) {
    project.provide('issuer', running);
    return undefined;
  }
  const { issuer, stop } = await startStack();
  process.env.SHARED_ISSUER = issuer;
  project.provide('issuer', issuer);
  return stop;
}

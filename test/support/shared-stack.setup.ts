import type { TestProject } from 'vitest/node';
import { startStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    issuer: string;
  }
}

/** Suites whose programs all come from this machine's own address, so that together they would exceed its limits. */
const apart = ['cli', 'clients'];

/**
 * Gives a suite the stack that it shares with others: the deployed one that `ISSUER` names, or a local one, which the
 * first suite to be set up starts.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const variable = apart.includes(project.name) ? `ISSUER_FOR_${project.name}` : 'ISSUER_FOR_ALL';
  const running = process.env.ISSUER ?? process.env[variable];
  if (running) {
    project.provide('issuer', running);
    return undefined;
  }
  const { issuer, stop } = await startStack();
  process.env[variable] = issuer;
  project.provide('issuer', issuer);
  return stop;
}

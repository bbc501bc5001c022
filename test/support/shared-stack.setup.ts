import type { TestProject } from 'vitest/node';
import { startStackWith } from './settings-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    issuer: string;
  }
}

/** Every test brings people who are new: the budget for mail to such people is the subject of tests with a stack of their own. */
const limits = { mailsToStrangers: {} };

/** Suites whose programs all come from this machine's own address, and which are not about the limits of a network. */
const apart = ['cli', 'clients'];
const often = { minute: 10_000 };
const limitsApart = {
  ...limits,
  mailsPerIp: often,
  mailsToStrangersPerNetwork: often,
  authorizationsPerIp: often,
  registrationsPerIp: often,
  metadataFetchesPerIp: often,
  madeUpTokensPerIp: often,
};

/**
 * Gives a suite the stack that it shares with others: the deployed one that `ISSUER` names, or a local one, which the
 * first suite to be set up starts.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const isApart = apart.includes(project.name);
  const variable = isApart ? `ISSUER_FOR_${project.name}` : 'ISSUER_FOR_ALL';
  const running = process.env.ISSUER ?? process.env[variable];
  if (running) {
    project.provide('issuer', running);
    return undefined;
  }
  const { issuer, stop } = await startStackWith({ limits: isApart ? limitsApart : limits });
  process.env[variable] = issuer;
  project.provide('issuer', issuer);
  return stop;
}

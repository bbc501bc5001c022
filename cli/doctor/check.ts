import type { Deployment } from './deployment.ts';
import type { Options } from './options.ts';

/** One thing that is true of a deployment that works. */
export type Check = {
  readonly name: string;
  /** What holds when it passes, as the end of "It should be that …". */
  readonly proves: string;
  /** What to do when it fails, unless the fault knows better. */
  readonly remedy: string;
  /** Gives a text if there is something worth telling. Throws a `Fault` when it fails, `NotChecked` if it cannot tell. */
  readonly run: (deployment: Deployment) => Promise<unknown>;
  /** How long it may take, where that is not up to the server alone. */
  readonly limitSeconds?: (options: Options) => number;
  /** Runs even after an interruption, for it takes away what others left. */
  readonly tidiesUp?: true;
};

/** Checks that belong together, in the order in which they run. */
export type Group = { readonly title: string; readonly checks: readonly Check[] };

/** What is wrong, in one sentence, and what to do about it where that differs from the check's own remedy. */
export class Fault extends Error {
  readonly remedy: string | undefined;

  constructor(found: string, remedy?: string) {
    super(found);
    this.remedy = remedy;
  }
}

/** Says why there is no telling whether a check would pass. */
export class NotChecked extends Error {}

/** Goes on only if the condition holds. Throws a fault otherwise, with what was found. */
export function must(condition: boolean, found: string, remedy?: string): asserts condition {
  if (!condition) throw new Fault(found, remedy);
}

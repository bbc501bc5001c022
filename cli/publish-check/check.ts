import { Fault, NotChecked } from '../doctor/check.ts';
import type { List } from './options.ts';
import type { Seen } from './seen.ts';

/** One thing that a registry or a directory asks for, told from what was seen alone. */
export type Check = {
  readonly name: string;
  /** Who asks for it. */
  readonly lists: readonly List[];
  readonly remedy: string;
  /** Nobody refuses a listing for it, but a reviewer may object. */
  readonly isAdvice?: true;
  /** Gives what is worth telling. Throws a `Fault` when it fails, `NotChecked` where only a person can tell. */
  readonly judge: (seen: Seen) => string | undefined;
};

/** What a check came to. */
export type Verdict = {
  readonly name: string;
  readonly lists: readonly List[];
  readonly level: 'ok' | 'error' | 'warning' | 'by hand';
  readonly saw: string;
  readonly remedy?: string;
};

/** Judges what was seen, for the lists that were asked for. */
export function verdictsOf(checks: readonly Check[], seen: Seen, asked: readonly List[]): readonly Verdict[] {
  return checks
    .map((check) => ({ ...check, lists: check.lists.filter((list) => asked.includes(list)) }))
    .filter(({ lists }) => lists.length > 0)
    .map((check) => verdictOf(check, seen));
}

function verdictOf({ name, lists, remedy, isAdvice, judge }: Check, seen: Seen): Verdict {
  try {
    return { name, lists, level: 'ok', saw: judge(seen) ?? 'as it should be' };
  } catch (error) {
    if (error instanceof NotChecked) return { name, lists, level: 'by hand', saw: error.message, remedy };
    if (!(error instanceof Fault)) throw error;
    const level = isAdvice ? 'warning' : 'error';
    return { name, lists, level, saw: error.message, remedy: error.remedy ?? remedy };
  }
}

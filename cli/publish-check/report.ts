import { oneLine } from '../shared/terminal.ts';
import type { Verdict } from './check.ts';

const marks = { ok: 'ok     ', error: 'ERROR  ', warning: 'WARNING', 'by hand': 'BY HAND' } as const;

/** A verdict in one line: its level, what it is about, for whom, what was seen and what to do. */
export function shownVerdict({ level, name, lists, saw, remedy }: Verdict): string {
  const told = remedy === undefined ? saw : `${saw} → ${remedy}`;
  return oneLine(`${marks[level]}  ${name} (${lists.join(', ')}) · ${told}`);
}

/** How many checks came to what, in one sentence. */
export function shownSummary(verdicts: readonly Verdict[]): string {
  const { errors, warnings, byHand } = countsOf(verdicts);
  return `${errors} errors, ${warnings} warnings, ${byHand} to be checked by hand.`;
}

/** The whole report, for a program. */
export function reportOf(url: string, verdicts: readonly Verdict[]): object {
  return { url, ...countsOf(verdicts), checks: verdicts };
}

/** True if a listing would be refused. */
export function hasErrors(verdicts: readonly Verdict[]): boolean {
  return countsOf(verdicts).errors > 0;
}

function countsOf(verdicts: readonly Verdict[]) {
  const count = (wanted: Verdict['level']) => verdicts.filter(({ level }) => level === wanted).length;
  return { errors: count('error'), warnings: count('warning'), byHand: count('by hand') };
}

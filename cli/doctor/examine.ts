import { sentenceFor } from '../shared/failure.ts';
import { oneLine } from '../shared/terminal.ts';
import { type Check, Fault, type Group, NotChecked } from './check.ts';
import type { Deployment } from './deployment.ts';

/** What came of a check. */
type Outcome =
  | { readonly outcome: 'passed'; readonly says: string | undefined }
  | { readonly outcome: 'failed'; readonly says: string; readonly remedy: string }
  | { readonly outcome: 'not checked'; readonly says: string };

/** One check, with what came of it and how long that took. */
export type Finding = Pick<Check, 'name' | 'proves'> &
  Outcome & { readonly group: string; readonly milliseconds: number };

type Examination = {
  readonly groups: readonly Group[];
  readonly deployment: Deployment;
  /** Once aborted, only what tidies up still runs. */
  readonly interruption: AbortSignal;
  /** Takes secrets out of a text. */
  readonly masked: (text: string) => string;
  readonly tell: (finding: Finding) => void;
};

/** Runs every check in turn, whatever the others came to, and tells of each as it ends. */
export async function examine(examination: Examination): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { title, checks } of examination.groups)
    for (const check of checks) {
      const begun = performance.now();
      const outcome = shown(await outcomeOf(check, examination), examination.masked);
      const milliseconds = Math.round(performance.now() - begun);
      const finding = { group: title, name: check.name, proves: check.proves, ...outcome, milliseconds };
      examination.tell(finding);
      findings.push(finding);
    }
  return findings;
}

async function outcomeOf(check: Check, { deployment, interruption }: Examination): Promise<Outcome> {
  try {
    const signal = check.tidiesUp ? undefined : interruption;
    const said = await limited(check, deployment, signal);
    return { outcome: 'passed', says: typeof said === 'string' ? said : undefined };
  } catch (error) {
    if (error instanceof NotChecked) return { outcome: 'not checked', says: error.message };
    const { remedy = check.remedy } = error instanceof Fault ? error : {};
    const says = error instanceof Fault ? error.message : sentenceFor(error, deployment.issuer);
    return { outcome: 'failed', says, remedy };
  }
}

async function limited(check: Check, deployment: Deployment, interruption: AbortSignal | undefined) {
  if (interruption?.aborted) throw interrupted();
  const limit = check.limitSeconds?.(deployment.options) ?? deployment.options.limitSeconds;
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => ended.reject(tooSlow(limit)), limit * 1_000);
  const stop = () => ended.reject(interrupted());
  interruption?.addEventListener('abort', stop);
  return await Promise.race([check.run(deployment), ended.promise]).finally(() => {
    clearTimeout(timer);
    interruption?.removeEventListener('abort', stop);
  });
}

function tooSlow(limit: number): Fault {
  const remedy =
    'Run it again: the first request after a deploy is slow. Then look for timeouts in the log of the Lambda.';
  return new Fault(`there was no answer within ${limit} seconds`, remedy);
}

function interrupted(): NotChecked {
  return new NotChecked('interrupted');
}

/** What came from a server may hold a secret, or something that steers the terminal. */
function shown(outcome: Outcome, masked: (text: string) => string): Outcome {
  const clean = (text: string) => oneLine(masked(text));
  switch (outcome.outcome) {
    case 'passed':
      return { ...outcome, says: outcome.says === undefined ? undefined : clean(outcome.says) };
    case 'failed':
      return { ...outcome, says: clean(outcome.says), remedy: clean(outcome.remedy) };
    case 'not checked':
      return { ...outcome, says: clean(outcome.says) };
  }
}

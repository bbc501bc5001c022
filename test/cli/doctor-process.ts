import { doctor as doctorHere } from '../../cli/doctor/doctor.ts';
import { temporaryFolder } from './client-process.ts';
import { type Outcome, type Run, startProgram } from './program.ts';

/** What a check came to, as `--json` tells it. */
export type Finding = {
  readonly group: string;
  readonly name: string;
  readonly proves: string;
  readonly outcome: 'passed' | 'failed' | 'not checked';
  readonly says?: string;
  readonly remedy?: string;
  readonly milliseconds: number;
};

/** A report of a run with `--json`. */
export type Report = {
  readonly issuer: string;
  readonly passed: number;
  readonly failed: number;
  readonly notChecked: number;
  readonly checks: readonly Finding[];
};

type Result = Report & { readonly code: number | null };

/** Starts doctor, on a machine that has no AWS credentials but those of the test. */
export function startDoctor(args: readonly string[], env: Record<string, string> = {}): Run {
  const home = temporaryFolder();
  const nothing = {
    AWS_PROFILE: '',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return startProgram('doctor', args, { ...nothing, HOME: home, ...env });
}

/** Runs doctor to its end. */
export function doctor(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return startDoctor(args, env).ended;
}

/** Has doctor examine a server, as the program of its own that it is. Gives its report, with the exit code. */
export async function examineAlone(args: readonly string[], env: Record<string, string>): Promise<Result> {
  const { code, stdout, stderr } = await doctor([...args, '--json'], env);
  return resultOf(code, stdout, stderr);
}

/** The same in this process, which takes a fraction of the time. */
export async function examine(args: readonly string[]): Promise<Result> {
  const printed: string[] = [];
  const told: string[] = [];
  const code = await doctorHere([...args, '--json'], {
    print: (text) => void printed.push(text),
    tell: (text) => void told.push(text),
    interruption: new AbortController().signal,
  });
  return resultOf(code, printed.join('\n'), told.join('\n'));
}

function resultOf(code: number | null, stdout: string, stderr: string): Result {
  if (stderr !== '') throw new Error(`Doctor said: ${stderr}`);
  return { code, ...(JSON.parse(stdout) as Report) };
}

/** The names of the checks that came to this. */
export function namesOf({ checks }: Report, outcome: Finding['outcome']): string[] {
  return checks.filter((check) => check.outcome === outcome).map(({ name }) => name);
}

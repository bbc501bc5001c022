import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { vi } from 'vitest';
import { doctor as doctorHere } from '../../cli/doctor/doctor.ts';
import { temporaryFolder } from './client-process.ts';
import { type Outcome, type Run, runHere, startProgram } from './program.ts';

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

/** What keeps AWS credentials of this machine away. */
export function withoutCredentials(): Record<string, string> {
  return {
    AWS_PROFILE: '',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    HOME: temporaryFolder(),
  };
}

/** Starts doctor, on a machine that has no AWS credentials but those of the test. */
export function startDoctor(args: readonly string[], env: Record<string, string> = {}): Run {
  return startProgram('doctor', args, { ...withoutCredentials(), ...env });
}

/** Runs doctor to its end. */
export function doctor(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return startDoctor(args, env).ended;
}

/** Has doctor examine a server, in this process. Gives its report, with the exit code. */
export async function examine(args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await runHere(doctorHere, [...args, '--json']);
  return resultOf(code, stdout, stderr);
}

/** The same with AWS credentials of the test, and with certificates that it made. */
export async function examineAs(args: readonly string[], env: Record<string, string>, caFile: string): Promise<Result> {
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, readFileSync(caFile, 'utf8')]);
  for (const [name, value] of Object.entries({ ...withoutCredentials(), ...env })) vi.stubEnv(name, value);
  try {
    return await examine(args);
  } finally {
    vi.unstubAllEnvs();
    setDefaultCACertificates(trusted);
  }
}

function resultOf(code: number | null, stdout: string, stderr: string): Result {
  if (stderr !== '') throw new Error(`Doctor said: ${stderr}`);
  return { code, ...(JSON.parse(stdout) as Report) };
}

/** The names of the checks that came to this. */
export function namesOf({ checks }: Report, outcome: Finding['outcome']): string[] {
  return checks.filter((check) => check.outcome === outcome).map(({ name }) => name);
}

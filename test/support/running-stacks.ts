import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a running stack tells: where its services are, and the environment of the Lambda behind each route. */
export type Told = {
  readonly region: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** The file in which a stack tells it, and the folder of the assembly that it runs. */
type Noted = { readonly file: string; readonly assembly: string };

/** The stacks of this run, those of other processes too. */
const folder = join(tmpdir(), 'stacks');

/** Notes where a stack tells what it does. */
export function noteStack(issuer: string, noted: Noted): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(noteOf(issuer), JSON.stringify(noted));
}

/** What the stack of this run with this issuer tells, and its assembly. Undefined where the stack is none of this run. */
export function runningStack(issuer: string): { readonly told: Told; readonly assembly: string } | undefined {
  if (!existsSync(noteOf(issuer))) return undefined;
  const { file, assembly } = JSON.parse(readFileSync(noteOf(issuer), 'utf8')) as Noted;
  return { told: JSON.parse(readFileSync(file, 'utf8')) as Told, assembly };
}

function noteOf(issuer: string): string {
  return join(folder, encodeURIComponent(issuer));
}

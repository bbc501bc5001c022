import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A tool that must be on the machine: how it says its version, and the oldest that will do. */
export type Tool = { readonly command: string; readonly args: readonly string[]; readonly oldest: string };

/** The folder for what is built or installed under a name. Git ignores it, and what is in it makes the next time quick. */
export function built(name: string): string {
  return fileURLToPath(new URL(`../../.generated/${name}`, import.meta.url));
}

/** Says in a sentence why nothing can be built with these tools on this machine, or nothing when all is there. */
export function missing(tools: readonly Tool[]): string | undefined {
  const lacks = tools.flatMap((tool) => lack(tool) ?? []);
  return lacks.length > 0 ? `This machine has ${lacks.join(' and ')}.` : undefined;
}

function lack({ command, args, oldest }: Tool): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error || status !== 0) return `no ${[command, ...args.slice(0, -1)].join(' ')}`;
  const [version = '0'] = /\d+\.\d+(\.\d+)?/.exec(stdout + stderr) ?? [];
  const isOlder = version.localeCompare(oldest, 'en', { numeric: true }) < 0;
  return isOlder ? `${command} ${version}, where ${oldest} is the oldest that will do` : undefined;
}

/** Runs a step of a build. Rejects with all that it printed when it fails. */
export async function step(command: string, args: readonly string[], cwd: string, env: object = {}): Promise<void> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
  await promisify(execFile)(command, args, options).catch(({ message, stdout, stderr }) => {
    throw new Error(`${message}\n${stdout}${stderr}`);
  });
}

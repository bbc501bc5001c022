import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A server of a project that runs. */
export type RunningProject = {
  readonly issuer: string;
  /** All that it has printed. */
  readonly printed: () => string;
  readonly stop: () => Promise<void>;
};

/** Runs a program in a folder. Rejects with what it printed when it fails. */
export async function runIn(folder: string, command: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: folder, env: process.env, maxBuffer: 64 * 1024 * 1024 };
  const { stdout, stderr } = await run(command, args, options).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}:\n${error.stdout}${error.stderr}`);
  });
  return `${stdout}${stderr}`;
}

/** Starts the server of a project, as `npm start` does. Rejects with its output if it does not start. */
export async function startProject(folder: string, ...args: readonly string[]): Promise<RunningProject> {
  const program = join(folder, 'node_modules/.bin/vestibule');
  const child = spawn(program, ['start', '--port', '0', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'exit');
  let printed = '';
  const ready = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk;
      const [, url] = /^MCP server +(\S+)$/m.exec(printed) ?? [];
      if (url) ready.resolve(new URL(url).origin);
    });
  child.on('close', (code) => ready.reject(new Error(`The server ended with ${code}:\n${printed}`)));
  const issuer = await ready.promise;
  return {
    issuer,
    printed: () => printed,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The hash of every file below a folder. */
export function fingerprints(folder: string): Readonly<Record<string, string>> {
  const files = globSync('**', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
  const hashed = files.map((file) => [
    file,
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex'),
  ]);
  return Object.fromEntries(hashed);
}

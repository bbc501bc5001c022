import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

type Env = Readonly<Record<string, string>>;

/** Runs a script of this folder in a process of its own, and gives what it wrote to descriptor 3. Throws when that is nothing. */
export async function runScript(script: string, args: readonly string[], env: Env): Promise<unknown> {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const [written, errors] = [text(child.stdio[3] as Readable), text(child.stdio[2] as Readable)];
  await once(child, 'close');
  const output = await written;
  if (!output) throw new Error(`${script} ${args.join(' ')} gave nothing: ${await errors}`);
  return JSON.parse(output);
}

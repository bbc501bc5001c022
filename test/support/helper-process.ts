import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process that serves the tests of a run. */
export type HelperProcess = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** Starts a program that prints its address first. It ends with this process at the latest. Rejects if it ends at once. */
export async function startHelper(program: string): Promise<HelperProcess> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const url = await firstLine(child.stdout);
  if (url === undefined) throw new Error(`${program} did not start`);
  child.unref();
  return {
    url,
    stop: async () => {
      // It is waited for: what it tidies up, the end of the run must not tidy up at the same time.
      child.ref();
      child.kill();
      await gone;
    },
  };
}

async function firstLine(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const chunk of output) return String(chunk).trim();
  return undefined;
}

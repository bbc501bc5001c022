import { terminal } from '../shared/terminal.ts';
import type { doctor } from './doctor.ts';

/** Runs doctor, or what examines as it does, in this process: until it is through or Ctrl-C. Gives the exit code. */
export async function run(program: typeof doctor, args: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  const code = await program(args, { ...terminal, interruption: interruption.signal });
  // A sign-in that was given up would go on waiting for its person.
  if (interruption.signal.aborted) process.stdout.write('', () => process.exit(code));
  return code;
}

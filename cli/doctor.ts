import { doctor } from './doctor/doctor.ts';
import { terminal } from './shared/terminal.ts';

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

process.exitCode = await doctor(process.argv.slice(2), {
  ...terminal,
  interruption: interruption.signal,
});
// A sign-in that was given up would go on waiting for its person.
if (interruption.signal.aborted) process.stdout.write('', () => process.exit());

import { doctor } from './doctor/doctor.ts';

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

process.exitCode = await doctor(process.argv.slice(2), {
  print: (text) => void process.stdout.write(`${text}\n`),
  tell: (text) => void process.stderr.write(`${text}\n`),
  interruption: interruption.signal,
});
// A sign-in that was given up would go on waiting for its person.
if (interruption.signal.aborted) process.stdout.write('', () => process.exit());

import { demo } from './demo/demo.ts';
import { terminal } from './shared/terminal.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

const stage = { ...terminal, interruption: interruption.signal };
process.exitCode = await demo(process.argv.slice(2), process.env, stage);
// A sign-in that still waits for its person would keep the program from ending.
process.exit();

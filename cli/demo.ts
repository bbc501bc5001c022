import { demo } from './demo/demo.ts';
import { terminal } from './shared/terminal.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

process.exitCode = await demo(process.env, { ...terminal, interruption: interruption.signal });
// A sign-in that still waits for its person would keep the program from ending.
process.exit();

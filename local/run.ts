import { Refusal } from './refusal.ts';

/** Runs a program until Ctrl-C or SIGTERM, then what it returned to stop itself. A refusal is its one sentence and exit code 1. */
export async function runUntilSignal(start: () => Promise<() => Promise<void>>): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve());
  try {
    const stop = await Promise.race([start(), stopped.promise]);
    await stopped.promise;
    await stop?.();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    process.exit(1);
  }
}

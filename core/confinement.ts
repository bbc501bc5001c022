import { AsyncLocalStorage } from 'node:async_hooks';

/** The tool that runs and has said that it reaches nothing beyond this server. */
const confined = new AsyncLocalStorage<string>();

/** Does the work of a tool, from which no way leads out of this process. */
export function confine<T>(tool: string, work: () => T): T {
  return confined.run(tool, work);
}

/** Does what the server itself does for a tool, such as reading the table. */
export function unconfined<T>(work: () => T): T {
  return confined.exit(work);
}

/** Throws where a tool that is confined would leave this process. */
export function requireUnconfined(way: string): void {
  const tool = confined.getStore();
  if (tool === undefined) return;
  throw new Error(
    `${tool} says openWorldHint: false, so nothing of it leaves this process: ${way} was stopped. A tool that reaches ` +
      'others says openWorldHint: true.',
  );
}

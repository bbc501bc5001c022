import { fileURLToPath } from 'node:url';
import type { SettingChanges } from './assembly.ts';
import { startStackWith } from './settings-stack.ts';
import type { RunningStack, startStack } from './stack.ts';

const tools = fileURLToPath(new URL('tools/index.ts', import.meta.url));

/** Runs the whole stack with the tools of `test/support/tools` in place of the product's. */
export function startStackWithTools(
  changes: SettingChanges = {},
  options: Parameters<typeof startStack>[0] = {},
): Promise<RunningStack> {
  return startStackWith(changes, { ...options, tools });
}

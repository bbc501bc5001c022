import { assemblyOf, type SettingChanges } from './assembly.ts';
import { type RunningStack, startStack } from './stack.ts';

/** How a stack is run, and the module whose tools it serves, if not the product's. */
type Options = NonNullable<Parameters<typeof startStack>[0]> & { readonly tools?: string };

/** Runs the whole stack as an operator with these settings deploys it. */
export async function startStackWith(
  changes: SettingChanges,
  { tools, ...options }: Options = {},
): Promise<RunningStack> {
  const ASSEMBLY_DIR = await assemblyOf({ changes, tools });
  return startStack({ ...options, env: { ...options.env, ASSEMBLY_DIR } });
}

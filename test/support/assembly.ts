import { fileURLToPath } from 'node:url';
import type { defineSettings } from '../../lib/settings.ts';
import { type HelperProcess, startHelper } from './helper-process.ts';

/** What a test sets differently from the defaults. */
export type SettingChanges = Partial<Parameters<typeof defineSettings>[0]>;

/**
 * What is to be synthesised: changes of the settings, and the module whose tools are served if not the product's.
 * Answers of the e-mail step do not wait for their floor, unless a test sets one. Where only the template is looked at,
 * nothing is bundled.
 */
export type Synthesis = {
  readonly changes?: SettingChanges;
  readonly tools?: string | undefined;
  readonly isForTemplate?: boolean;
};

const program = fileURLToPath(new URL('synthesiser.ts', import.meta.url));

let own: Promise<HelperProcess> | undefined;

/** The synthesiser of the run, or one of this process alone where nobody started one. */
async function synthesiserUrl(): Promise<string> {
  if (process.env.SYNTHESISER) return process.env.SYNTHESISER;
  own ??= startHelper(program);
  return (await own).url;
}

/** Gives the folder of an assembly that is there for the length of the run. Rejects with what the synthesis refuses. */
export async function assemblyOf(synthesis: Synthesis = {}): Promise<string> {
  const response = await fetch(await synthesiserUrl(), { method: 'POST', body: JSON.stringify(synthesis) });
  const said = await response.text();
  if (response.status !== 200) throw new Error(said);
  return said;
}

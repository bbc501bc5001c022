import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { defineSettings } from '../../lib/settings.ts';

/** What a test sets differently from the defaults. */
export type SettingChanges = Partial<Parameters<typeof defineSettings>[0]>;

/**
 * What is to be synthesised: changes of the settings, and the module whose tools are served if not the product's.
 * Answers of the e-mail step do not wait for their floor, unless a test sets one.
 */
export type Synthesis = { readonly changes?: SettingChanges; readonly tools?: string | undefined };

const program = fileURLToPath(new URL('synthesiser.ts', import.meta.url));

/** A process that synthesises, and its address. */
type Synthesiser = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts the process that synthesises. It ends with this one at the latest. */
export async function startSynthesiser(): Promise<Synthesiser> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const url = await firstLine(child);
  child.unref();
  return {
    url,
    stop: async () => {
      child.kill();
      await gone;
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  for await (const chunk of stdout ?? []) return String(chunk).trim();
  throw new Error('The synthesiser did not start');
}

let own: Promise<Synthesiser> | undefined;

/** The synthesiser of the run, or one of this process alone where nobody started one. */
async function synthesiserUrl(): Promise<string> {
  if (process.env.SYNTHESISER) return process.env.SYNTHESISER;
  own ??= startSynthesiser();
  return (await own).url;
}

/** Gives the folder of an assembly that is there for the length of the run. Rejects with what the synthesis refuses. */
export async function assemblyOf(synthesis: Synthesis = {}): Promise<string> {
  const response = await fetch(await synthesiserUrl(), { method: 'POST', body: JSON.stringify(synthesis) });
  const said = await response.text();
  if (response.status !== 200) throw new Error(said);
  return said;
}

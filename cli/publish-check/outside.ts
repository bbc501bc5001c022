import { resolveTxt } from 'node:dns/promises';
import { stageSettings } from '../shared/project.ts';
import { wire } from '../shared/wire.ts';

/** Where the settings come from, how requests go out, and what the TXT records of a domain are. */
export type Outside = {
  readonly settingsOf: typeof stageSettings;
  readonly wire: typeof wire;
  /** Undefined if they can't be read. */
  readonly txtOf: (domain: string) => Promise<readonly string[] | undefined>;
};

export const outside: Outside = { settingsOf: stageSettings, wire, txtOf };

async function txtOf(domain: string): Promise<readonly string[] | undefined> {
  try {
    return (await resolveTxt(domain)).map((parts) => parts.join(''));
  } catch (error) {
    const hasNone = error instanceof Error && 'code' in error && error.code === 'ENODATA';
    return hasNone ? [] : undefined;
  }
}

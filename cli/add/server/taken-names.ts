import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { catalogue, ownTools } from '../../../lib/catalogue.ts';

/** The names that tools of the project in this folder have, or of the packs that come along where it has no tools yet. */
export async function takenNames(): Promise<ReadonlySet<string>> {
  const own = resolve('tools/index.ts');
  const { tools } = catalogue(undefined, existsSync(own) ? own : ownTools);
  return new Set(tools.map(({ name }) => name));
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { catalogue, ownTools } from '../../lib/catalogue.ts';
import { Failure } from '../shared/failure.ts';
import { nameOf, newName } from './openapi/names.ts';

/** What every client takes as the name of a tool. */
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The names that are given to what is added. */
export type ToolNames = {
  /** What comes before a name that the project has already: the words of the API or the server. */
  readonly prefix: readonly string[];
  readonly inProject: ReadonlySet<string>;
  /** These, and those that were given since. */
  readonly taken: Set<string>;
  /** A sentence for each that has another name than its own. */
  readonly renamed: string[];
};

/** The names of a project's tools, so that none is given twice. */
export function toolNames(prefix: readonly string[], inProject: ReadonlySet<string>): ToolNames {
  return { prefix, inProject, taken: new Set(inProject), renamed: [] };
}

/** A name for a tool: its own where every client takes it and no tool has it. */
export function freeName(own: string, words: readonly string[], names: ToolNames): string {
  const { prefix, inProject, taken, renamed } = names;
  if (TOOL_NAME.test(own) && !taken.has(own)) {
    taken.add(own);
    return own;
  }
  const had = [own, nameOf(words)].find((name) => inProject.has(name));
  if (had === undefined) return newName(words, taken);
  const name = newName([...prefix, ...words], taken);
  renamed.push(`The project has a tool ${had} already, so this one is called ${name}.`);
  return name;
}

/** The names that tools of the project in this folder have, or of the packs that come along where it has no tools yet. */
export async function namesInProject(): Promise<ReadonlySet<string>> {
  const own = resolve('tools/index.ts');
  try {
    const { tools } = catalogue(undefined, existsSync(own) ? own : ownTools);
    return new Set(tools.map(({ name }) => name));
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new Failure(
      `Nothing was written: tools/index.ts can't be loaded, so the names of its tools aren't known (${reason}).`,
    );
  }
}

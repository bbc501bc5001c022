import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Failure } from '../shared/failure.ts';
import type { Seen } from './seen.ts';

/** The name of the file among those that `--write` makes. */
export const snapshotFile = 'listed.json';

const named = z.looseObject({ name: z.string() });
const snapshot = z.object({
  identity: named,
  instructions: z.string().nullable(),
  tools: z.array(named),
});

/** What reviewers saw of a server: how it describes itself, and its tools. */
export type Snapshot = z.infer<typeof snapshot>;

/** What a reviewer sees now. Nothing without a sign-in. */
export function snapshotOf({ identity, instructions, tools }: Pick<Seen, 'identity' | 'instructions' | 'tools'>) {
  if (!identity || !tools) return undefined;
  // As it would be read again: what is undefined is left out.
  return snapshot.parse(JSON.parse(JSON.stringify({ identity, instructions: instructions ?? null, tools })));
}

/** Reads what `--write` kept. Throws a failure that names the file when it is anything else. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      `${file} cannot be read (${error.code}): --since takes the ${snapshotFile} of an earlier --write.`,
    );
  });
  try {
    return snapshot.parse(JSON.parse(text));
  } catch {
    throw new Failure(`${file} is not the ${snapshotFile} of an earlier --write.`);
  }
}

/** What differs, each in a few words. */
export function changesBetween(before: Snapshot, now: Snapshot): readonly string[] {
  const was = byName(before);
  const is = byName(now);
  return [
    ...[...is.keys()].filter((name) => !was.has(name)).map((name) => `${name} is new`),
    ...[...was.keys()].filter((name) => !is.has(name)).map((name) => `${name} is gone`),
    ...[...is].flatMap(([name, tool]) => {
      const old = was.get(name);
      const members = old ? membersThatDiffer(old, tool) : [];
      return members.length > 0 ? [`${name} has another ${members.join(' and ')}`] : [];
    }),
    ...(isDeepStrictEqual(before.instructions, now.instructions) ? [] : ['the instructions are others']),
    ...membersThatDiffer(before.identity, now.identity)
      .filter((member) => member !== 'version')
      .map((member) => `the server has another ${member}`),
  ];
}

function byName({ tools }: Snapshot): ReadonlyMap<string, object> {
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function membersThatDiffer(one: object, other: object): readonly string[] {
  const [before, now] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const members = new Set([...before.keys(), ...now.keys()]);
  return [...members].filter((member) => !isDeepStrictEqual(before.get(member), now.get(member)));
}

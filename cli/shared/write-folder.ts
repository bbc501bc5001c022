import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from './failure.ts';

/** Files by their names. */
export type Files = Readonly<Record<string, string>>;

/** Goes on only if files can be put into a folder without touching what is there. */
export async function requireFree(folder: string): Promise<void> {
  const there = await readdir(resolve(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Failure(`${folder} is not a folder that can be written to (${error.code}): name another.`);
  });
  if (there.length > 0) throw new Failure(`${folder} is not empty: name a folder that is new or empty.`);
}

/** Makes the folder with all files, or leaves nothing: it takes its name only when it is whole. */
export async function writeFolder(folder: string, files: Files): Promise<void> {
  const target = resolve(folder);
  const unfinished = `${target}.${process.pid}`;
  try {
    await mkdir(unfinished);
    for (const [name, content] of Object.entries(files)) {
      const file = join(unfinished, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { flag: 'wx' });
    }
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`Nothing was written to ${folder}: ${reason}`);
  }
}

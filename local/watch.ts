import { readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

const quietMilliseconds = 150;
/** What a stack is made of. */
const SOURCE = /\.([cm]?[jt]s|json|svg|png)$/;
/** What it is not made of, wherever it stands. */
const FOREIGN = /^(\..*|node_modules|cdk\.out|dist|coverage|test|tests|bench|docs)$|\.test\.ts$/;

/**
 * Calls back after sources or settings under a root have changed and then rested for a moment; one call at a time. Each
 * folder is watched by itself: a recursive watch does not see a file that an editor replaces by another.
 */
export function watchSources(root: string, changed: () => Promise<void>): void {
  const watched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const notice = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(changed);
    }, quietMilliseconds);
  };
  const watchFolder = (folder: string) => {
    if (watched.has(folder)) return;
    watched.add(folder);
    const watcher = watch(folder, (_, name) => {
      if (name === null || FOREIGN.test(name)) return;
      if (isFolder(join(folder, name))) return appeared(join(folder, name));
      if (SOURCE.test(name)) notice();
    });
    const forget = () => {
      watcher.close();
      watched.delete(folder);
    };
    watcher.on('error', forget);
    for (const name of foldersIn(folder)) watchFolder(join(folder, name));
  };
  /** What is in a new folder may have been there before it was watched. */
  const appeared = (folder: string) => {
    if (watched.has(folder)) return;
    watchFolder(folder);
    notice();
  };
  watchFolder(root);
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !FOREIGN.test(entry.name)).map(({ name }) => name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

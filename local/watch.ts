import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

const folders = ['core', 'lambdas', 'tools', 'lib'];
const settings = 'vestibule.config.ts';
const quietMilliseconds = 150;

/** Calls back after the sources or the settings under a root have changed and then rested for a moment; one call at a time. */
export function watchSources(root: string, changed: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const notice = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(changed);
    }, quietMilliseconds);
  };
  for (const folder of folders.map((name) => join(root, name)).filter(existsSync))
    watch(folder, { recursive: true }, notice);
  watch(root, (_, file) => {
    if (file === settings) notice();
  });
}
